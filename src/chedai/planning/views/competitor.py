from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from chedai.core.plans.offers import TypedOffer, complete_offer, differences, offer_text
from chedai.core.plans.plan import Refusal
from chedai.planning.forms.desk import CompetitorForm
from chedai.planning.operations.desk import record_competitor_offer
from chedai.planning.queries import desk as desk_queries
from chedai.planning.views.desk import ADVISING, Table, table_of
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

UNPROCESSABLE = 422
MONTHS_PER_YEAR = 12


@require_http_methods(["GET", "POST"])
@require_role(*ADVISING)
def competitor(request: DeskRequest, deal_number: str) -> HttpResponse:
    """S3: another store's offer typed in gets its true cost, beside ours."""
    table = table_of(request, deal_number)
    if request.method == "GET":
        return _competitor_page(request, table, values=_heard(table))
    form = CompetitorForm(request.POST)
    if not form.is_valid():
        return _competitor_page(
            request, table, values=request.POST, errors=form.errors, status=UNPROCESSABLE
        )
    completed = complete_offer(_typed(form.cleaned_data))
    if isinstance(completed, Refusal):
        errors = {"monthly": [completed.message]}
        return _competitor_page(
            request, table, values=request.POST, errors=errors, status=UNPROCESSABLE
        )
    record_competitor_offer(
        deal=table.deal,
        form_key=form.cleaned_data["form_key"],
        typed={
            k: str(v) for k, v in form.cleaned_data.items() if k != "form_key" and v is not None
        },
        recorded_by=request.user,
        recorded_at=clock.now(),
    )
    return _competitor_page(request, table, values=request.POST, offers=completed)


def _typed(cleaned: dict[str, Any]) -> TypedOffer:
    rate = cleaned["flat_rate"] / 100 if cleaned["flat_rate"] is not None else None
    kind = cleaned["flat_rate_kind"] or "nominal"
    term_months = cleaned["term_months"]
    total: Decimal | None = None
    if rate is not None and kind == "total":
        total = rate
    return TypedOffer(
        principal_fen=cleaned["principal"],
        term_months=term_months,
        monthly_fen=cleaned["monthly"],
        rate_annual=rate if kind in {"annual", "nominal"} else None,
        rate_monthly=rate if kind == "monthly" else None,
        flat_fee_rate_total=total,
        fees_fen=cleaned["fee_upfront"] or 0,
        rebate_fen=cleaned["rebate"] or 0,
    )


def _heard(table: Table) -> dict[str, str]:
    """Fill in what the customer's sentences already said about the other store."""
    by_slot = {chip.slot: chip for chip in table.sheet.chips}
    values = {"principal": "", "term_months": "", "monthly": "", "flat_rate": ""}
    if table.scene:
        values["principal"] = (
            f"{(table.scene.car.vehicle_price_fen - table.scene.down_payment_fen) / 100:.0f}"
        )
    if (chip := by_slot.get("competitor_monthly")) and chip.high:
        values["monthly"] = f"{chip.high / 100:.0f}"
    if (chip := by_slot.get("competitor_term_months")) and chip.high:
        values["term_months"] = str(chip.high)
    if (chip := by_slot.get("competitor_rate")) and chip.high:
        values["flat_rate"] = f"{chip.high / 100:g}"
    return values


def _competitor_page(
    request: DeskRequest,
    table: Table,
    *,
    values: Any,
    errors: Any = None,
    offers: Any = (),
    status: int = 200,
) -> HttpResponse:
    cards = desk_queries.desk_view(table.scene).cards if table.scene else ()
    return page(
        request,
        "planning/competitor.html",
        status=status,
        deal=table.deal,
        form_key=str(uuid.uuid4()),
        values={name: values.get(name, "") for name in CompetitorForm.base_fields},
        errors={k: v[0] for k, v in (errors or {}).items()},
        offers=[
            {
                "offer": offer,
                "text": offer_text(offer),
                "last_due_on": None,
                "compared": [(card, differences(card.plan, offer)) for card in cards],
            }
            for offer in offers
        ],
    )
