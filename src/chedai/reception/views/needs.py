"""The need sheet: chips, answers, versions, confirmation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chedai.deals.models import Deal
from chedai.needs.chips import Chip
from chedai.needs.editing import ChipInputError, chip_from_input, merge
from chedai.needs.questions import QUESTIONS
from chedai.needs.reading import read_sentence
from chedai.needs.slots import REPEATABLE, SLOTS
from chedai.needs.wording import chip_in_words, read_back
from chedai.reception import operations
from chedai.reception.forms import CHANNELS, AnswerForm, ChipForm, SayMoreForm
from chedai.reception.queries import needs as queries
from chedai.reception.queries.effects import conflict_of, effects_of_history
from chedai.reception.queries.questions import interview_of
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

CONFLICT = 409
UNPROCESSABLE = 422
# Fields nobody sees: what is wrong with them is said at the top.
EXPLAINED_AT = {"base_number": "conflict"}


@require_GET
@require_role("advisor", "manager")
def need(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = deal_of(request, deal_number)
    return need_page(request, deal, queries.latest_need(deal))


@require_POST
@require_role("advisor", "manager")
def need_sentences(request: DeskRequest, deal_number: str) -> HttpResponse:
    """One more sentence was said: its chips replace those of the same slot."""
    deal = deal_of(request, deal_number)
    sheet = queries.latest_need(deal)
    form = SayMoreForm(request.POST)
    if not form.is_valid():
        return need_page(
            request, deal, sheet, errors=form.errors, status=UNPROCESSABLE, typed=request.POST
        )
    said = form.cleaned_data["sentence"]
    before = f"{sheet.version.sentence}\n"
    heard = [_shifted(chip, len(before)) for chip in read_sentence(said)]
    return _amend(
        request,
        deal,
        base_number=form.cleaned_data["base_number"],
        sentence=before + said,
        chips=merge(sheet.chips, heard),
        answered=sheet.version.answered,
        channel=form.cleaned_data["channel"] or "desk",
    )


@require_POST
@require_role("advisor", "manager")
def need_answers(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = deal_of(request, deal_number)
    sheet = queries.latest_need(deal)
    form = AnswerForm(request.POST)
    question = QUESTIONS.get(request.POST.get("question", ""))
    answers = {a.key: a for a in question.answers} if question else {}
    if not form.is_valid() or question is None or form.cleaned_data["answer"] not in answers:
        return need_page(
            request,
            deal,
            sheet,
            errors={"question": ["这个问题已经变了，请在新页面上回答"]},
            status=UNPROCESSABLE,
        )
    return _amend(
        request,
        deal,
        base_number=form.cleaned_data["base_number"],
        sentence=sheet.version.sentence,
        chips=answers[form.cleaned_data["answer"]].apply(sheet.chips),
        answered=[*(k for k in sheet.version.answered if k != question.key), question.key],
    )


@require_POST
@require_role("advisor", "manager")
def need_chips(request: DeskRequest, deal_number: str) -> HttpResponse:
    """Set one chip by hand; an empty value drops it."""
    deal = deal_of(request, deal_number)
    sheet = queries.latest_need(deal)
    form = ChipForm(request.POST)
    try:
        chips = _edited(sheet, form)
    except ChipInputError as error:
        place = form.cleaned_data.get("place")
        return need_page(
            request,
            deal,
            sheet,
            errors={**form.errors, "value" if place is None else f"chip_{place}": [str(error)]},
            status=UNPROCESSABLE,
            typed=request.POST,
        )
    return _amend(
        request,
        deal,
        base_number=form.cleaned_data["base_number"],
        sentence=sheet.version.sentence,
        chips=chips,
        answered=sheet.version.answered,
    )


@require_POST
@require_role("advisor", "manager")
def need_confirmation(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = deal_of(request, deal_number)
    sheet = queries.latest_need(deal)
    if request.POST.get("base_number") != str(sheet.version.number):
        return _conflict(request, deal)
    operations.confirm_need(
        need=sheet.version,
        read_back=read_back(sheet.chips),
        confirmed_by=request.user,
        confirmed_at=clock.now(),
    )
    return redirect("planning:desk", deal_number=deal.number)


@require_http_methods(["GET"])
@require_role("advisor", "manager", "reviewer", "compliance", "back_office", "front_desk")
def need_versions(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = deal_of(request, deal_number)
    history = queries.need_history(deal)
    return page(
        request,
        "reception/need_versions.html",
        deal=deal,
        history=history,
        effects=effects_of_history(history, deal=deal, on=clock.today()),
    )


def _edited(sheet: queries.NeedSheet, form: ChipForm) -> tuple[Chip, ...]:
    """Put what was typed in the place of the chip it was typed into, or beside the others."""
    if not form.is_valid():
        raise ChipInputError(next(iter(form.errors.values()))[0])
    slot, place = form.cleaned_data["slot"], form.cleaned_data["place"]
    typed = form.cleaned_data["value"].strip()
    is_one_of_many = slot in REPEATABLE and (typed or place is not None)
    kept = tuple(
        chip
        for index, chip in enumerate(sheet.chips)
        if chip.slot != slot or (is_one_of_many and index != place)
    )
    return merge(kept, (chip_from_input(slot, typed),)) if typed else kept


def deal_of(request: DeskRequest, number: str) -> Deal:
    try:
        return queries.deal_by_number(number, seen_by=request.user)
    except Deal.DoesNotExist as error:
        msg = "没有这一单，或者它不归您看"
        raise Http404(msg) from error


def _shifted(chip: Chip, offset: int) -> Chip:
    return (
        chip if chip.start < 0 else replace(chip, start=chip.start + offset, end=chip.end + offset)
    )


def _amend(
    request: DeskRequest, deal: Deal, *, channel: str = "desk", **change: Any
) -> HttpResponse:
    try:
        version = operations.amend_need(
            deal=deal, channel=channel, author=request.user, recorded_at=clock.now(), **change
        )
    except operations.StaleNeedError:
        return _conflict(request, deal)
    if not request.htmx:
        return redirect("reception:need", deal_number=deal.number)
    return need_page(request, deal, queries.sheet_of(version))


def _conflict(request: DeskRequest, deal: Deal) -> HttpResponse:
    sheet = queries.latest_need(deal)
    who = sheet.version.recorded_by.display_name
    said = (
        f"{who}刚才把需求改到了第 {sheet.version.number} 版。"
        "您的这一步没有存，下面是新的内容，请看过再改。"
    )
    return need_page(
        request, deal, sheet, errors={"conflict": [said]}, status=CONFLICT, typed=request.POST
    )


def need_page(
    request: DeskRequest,
    deal: Deal,
    sheet: queries.NeedSheet,
    *,
    errors: Any = None,
    status: int = 200,
    typed: Any = None,
) -> HttpResponse:
    asked = interview_of(deal=deal, sheet=sheet, on=clock.today())
    spans = [(c.start, c.end, c.certainty) for c in sheet.chips if c.start >= 0]
    history = queries.need_history(deal, limit=2)
    return page(
        request,
        "reception/need.html",
        block="sheet" if request.htmx else None,
        status=status,
        deal=deal,
        sheet=sheet,
        spans=spans,
        chips=[(chip, *chip_in_words(chip)) for chip in sheet.chips],
        asked=asked,
        read_back=read_back(sheet.chips),
        errors={EXPLAINED_AT.get(k, k): v[0] for k, v in (errors or {}).items()},
        typed=typed or {},
        slots=SLOTS,
        channels=CHANNELS,
        conflict=conflict_of(sheet, deal=deal, on=clock.today()),
        changed=history[0][1],
        effects=effects_of_history(history, deal=deal, on=clock.today(), limit=1).get(
            sheet.version.number, ()
        ),
    )
