from __future__ import annotations

from django.urls import path

from chedai.planning.views import (
    competitor,
    derivations,
    desk,
    impact,
    parties,
    passing,
    plans,
    policy,
    settling,
    working_back,
)

DEAL = "deals/<str:deal_number>/"
PLAN = "plans/<int:version_id>/<int:term_months>/<int:down_payment_fen>/derivation/"

urlpatterns = [
    path("policy/", policy.policy_book_page, name="policy_book"),
    path("product-impact/<int:version_id>/", impact.product_impact, name="product_impact"),
    path(DEAL, plans.deal, name="deal"),
    path(f"{DEAL}desk/", desk.desk, name="desk"),
    path(f"{DEAL}desk/setup/", desk.desk_setup, name="desk_setup"),
    path(f"{DEAL}desk/pins/", desk.pins, name="pins"),
    path(f"{DEAL}desk/pins/<str:letter>/removal/", desk.pin_removal, name="pin_removal"),
    path(f"{DEAL}plans/", plans.plans, name="plans"),
    path(
        f"{DEAL}plans/partial-prepayment/",
        settling.partial_prepayment,
        name="partial_prepayment",
    ),
    path(f"{DEAL}{PLAN}", derivations.derivation, name="derivation"),
    path(
        f"{DEAL}{PLAN.removesuffix('/')}.json",
        derivations.derivation_record,
        name="derivation_record",
    ),
    path(f"{DEAL}passing/", passing.passing, name="passing"),
    path(f"{DEAL}working-back/", working_back.working_back, name="working_back"),
    path(f"{DEAL}lesson/", plans.lesson, name="lesson"),
    path(f"{DEAL}competitor/", competitor.competitor, name="competitor"),
    path(f"{DEAL}parties/", parties.parties, name="parties"),
    path(f"{DEAL}parties/<int:party_id>/reveal/", parties.party_reveal, name="party_reveal"),
]
