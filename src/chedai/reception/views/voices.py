"""Couple mode: what two people said, side by side, and which words the need takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.utils import ErrorDict
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from chedai.deals.models import Deal
from chedai.needs.editing import merge
from chedai.reception import operations
from chedai.reception.forms import VoiceChoiceForm, VoiceForm
from chedai.reception.models import NeedVoice
from chedai.reception.queries import needs, voices
from chedai.reception.views.needs import CONFLICT, UNPROCESSABLE, deal_of
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

NOTHING_SAID = "这一项还没有人说过，请先记下两位各自的话"


@require_http_methods(["GET", "POST"])
@require_role("advisor", "manager")
def need_voices(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = deal_of(request, deal_number)
    if request.method == "GET":
        return _couple_page(request, deal)
    form = VoiceForm(request.POST)
    if not form.is_valid():
        said = form.errors.get("sentence")
        place = f"sentence_{form.cleaned_data['speaker']}" if "speaker" in form.cleaned_data else ""
        errors = {place: said} if place and said else _at_top(form.errors)
        return _couple_page(request, deal, errors=errors, status=UNPROCESSABLE)
    operations.record_voice(
        deal=deal, author=request.user, recorded_at=clock.now(), **form.cleaned_data
    )
    return redirect("reception:need_voices", deal_number=deal.number)


@require_POST
@require_role("advisor", "manager")
def need_voice_choice(request: DeskRequest, deal_number: str) -> HttpResponse:
    """Take over one speaker's words for one slot, or everything the two agree on."""
    deal = deal_of(request, deal_number)
    form = VoiceChoiceForm(request.POST)
    if not form.is_valid():
        return _couple_page(request, deal, errors=_at_top(form.errors), status=UNPROCESSABLE)
    sheet = needs.latest_need(deal)
    couple = voices.couple_of(deal, sheet)
    slot, speaker = form.cleaned_data["slot"], form.cleaned_data["speaker"]
    heard = {voices.CUSTOMER: couple.customer, voices.PARTNER: couple.partner}
    taken = voices.taken_over(heard.get(speaker), slot) if slot else voices.agreed(couple)
    if not taken:
        return _couple_page(request, deal, errors={"choice": [NOTHING_SAID]}, status=UNPROCESSABLE)
    try:
        operations.amend_need(
            deal=deal,
            base_number=form.cleaned_data["base_number"],
            sentence=sheet.version.sentence,
            chips=merge([c for c in sheet.chips if c.slot != slot], taken),
            answered=sheet.version.answered,
            channel="desk",
            author=request.user,
            recorded_at=clock.now(),
        )
    except operations.StaleNeedError as error:
        said = f"{error}。这一步没有存，请看过新的内容再选。"
        return _couple_page(request, deal, errors={"choice": [said]}, status=CONFLICT)
    return redirect("reception:need_voices", deal_number=deal.number)


def _at_top(errors: ErrorDict) -> dict[str, Any]:
    return {"choice": next(iter(errors.values()))}


def _couple_page(
    request: DeskRequest,
    deal: Deal,
    *,
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = needs.latest_need(deal)
    return page(
        request,
        "reception/need_voices.html",
        status=status,
        deal=deal,
        sheet=sheet,
        couple=voices.couple_of(deal, sheet),
        speakers=NeedVoice.Speaker.choices,
        errors={name: said[0] for name, said in (errors or {}).items()},
        typed=request.POST,
    )
