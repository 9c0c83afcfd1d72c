from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chedai.deals.models import Deal, Party
from chedai.deals.operations import BorrowerKnownError, add_party, reveal_party
from chedai.planning.forms.parties import PartyForm, RevealForm
from chedai.planning.views.desk import ADVISING
from chedai.planning.views.plans import deal_page
from chedai.reception.queries.needs import deal_by_number
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.requests import DeskRequest

CONFLICT, UNPROCESSABLE = 409, 422
PURPOSE = "保存方案并联系本人"


@dataclass(frozen=True, slots=True)
class Shown:
    """Plain values on the one page that was allowed to show them."""

    party_id: int
    name: str
    phone: str
    reason: str


def _deal(request: DeskRequest, deal_number: str) -> Deal:
    try:
        return deal_by_number(deal_number, seen_by=request.user)
    except Deal.DoesNotExist as error:
        msg = "没有这一单，或者它不归您看"
        raise Http404(msg) from error


@require_POST
@require_role(*ADVISING)
def parties(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = _deal(request, deal_number)
    form = PartyForm(request.POST)
    if not form.is_valid():
        messages = [str(m) for field in form.errors.values() for m in field]
        return deal_page(
            request, deal, party_errors=messages, typed=request.POST, status=UNPROCESSABLE
        )
    try:
        add_party(
            deal=deal,
            kind=Party.Kind.BORROWER,
            name=form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            agreed_purpose=PURPOSE,
            recorded_by=request.user,
            recorded_at=clock.now(),
        )
    except BorrowerKnownError as error:
        return deal_page(request, deal, party_errors=[str(error)], status=CONFLICT)
    return redirect("planning:deal", deal_number=deal.number)


@require_POST
@require_role(*ADVISING)
def party_reveal(request: DeskRequest, deal_number: str, party_id: int) -> HttpResponse:
    deal = _deal(request, deal_number)
    party = deal.parties.filter(pk=party_id).first()
    if party is None:
        msg = "没有这个联系人"
        raise Http404(msg)
    form = RevealForm(request.POST)
    if not form.is_valid():
        messages = [str(m) for field in form.errors.values() for m in field]
        return deal_page(
            request, deal, party_errors=messages, status=UNPROCESSABLE, block="parties"
        )
    name, phone = reveal_party(
        party=party,
        reason=form.cleaned_data["reason"],
        seen_by=request.user,
        seen_at=clock.now(),
    )
    shown = Shown(party.pk, name, phone, form.cleaned_data["reason"])
    return deal_page(request, deal, shown=shown, block="parties")
