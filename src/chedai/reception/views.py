from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chedai.catalogue.queries.cursors import UnreadableCursorError
from chedai.deals.models import Deal
from chedai.needs.chips import Chip
from chedai.needs.editing import ChipInputError, chip_from_input, merge
from chedai.needs.questions import QUESTIONS
from chedai.needs.reading import read_sentence
from chedai.needs.slots import REPEATABLE, SLOTS
from chedai.needs.wording import chip_in_words, read_back
from chedai.reception import operations
from chedai.reception.forms import AnswerForm, ChipForm, SayMoreForm, VisitForm
from chedai.reception.queries import needs as queries
from chedai.reception.queries.questions import interview_of
from chedai.staff.models import Store
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.formats import SHANGHAI
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

CONFLICT = 409
UNPROCESSABLE = 422
# Fields nobody sees: what is wrong with them is said at the top.
EXPLAINED_AT = {"base_number": "conflict"}
NO_STORE = "机构还没有门店，请系统管理员先开一家门店，再接待客户"
SAMPLE = "首付5万左右，月供别超过3000，想买个15万的SUV，征信花了"


@require_GET
@require_role("advisor", "manager", "front_desk")
def today(request: DeskRequest) -> HttpResponse:
    midnight = datetime.combine(clock.today(), time.min, tzinfo=SHANGHAI)
    return page(
        request,
        "reception/today.html",
        deals=queries.deals_opened_since(midnight, seen_by=request.user),
        earlier=queries.deals_opened_before(midnight, seen_by=request.user),
    )


@require_GET
@require_role("advisor", "manager", "front_desk")
def visit_new(request: DeskRequest) -> HttpResponse:
    return page(
        request,
        "reception/visit_new.html",
        form_key=VisitForm.fresh_key(),
        values={"call_name": "", "sentence": request.GET.get("q", "")[:1000]},
        errors={},
        sample=SAMPLE,
    )


@require_POST
@require_role("advisor", "manager", "front_desk")
def visits(request: DeskRequest) -> HttpResponse:
    form = VisitForm(request.POST)
    store = request.user.store or Store.objects.order_by("pk").first()
    if form.is_valid() and store is None:
        form.add_error(None, NO_STORE)
    if not form.is_valid() or store is None:
        return page(
            request,
            "reception/visit_new.html",
            status=UNPROCESSABLE,
            form_key=form.cleaned_data.get("form_key") or VisitForm.fresh_key(),
            values={k: request.POST.get(k, "")[:1200] for k in ("call_name", "sentence")},
            errors={k: v[0] for k, v in form.errors.items()},
            sample=SAMPLE,
        )
    need = operations.open_visit(
        store=store,
        advisor=request.user,
        call_name=form.cleaned_data["call_name"],
        sentence=form.cleaned_data["sentence"],
        form_key=form.cleaned_data["form_key"],
        opened_at=clock.now(),
    )
    # The front desk receives; the need itself is talked over by an advisor.
    is_advising = request.user.has_any_role("advisor", "manager")
    place = "reception:need" if is_advising else "planning:deal"
    return redirect(place, deal_number=need.deal.number)


@require_GET
@require_role("advisor", "manager", "front_desk", "reviewer", "compliance", "back_office")
def deal_list(request: DeskRequest) -> HttpResponse:
    search = request.GET.get("q", "")[:40].strip()
    try:
        deals = queries.deals_page(
            seen_by=request.user, search=search, cursor=request.GET.get("after", "")
        )
    except UnreadableCursorError:
        return redirect("reception:deal_list")
    block = "rows" if request.htmx else None
    return page(request, "reception/deal_list.html", block=block, result=deals, search=search)


@require_GET
@require_role("advisor", "manager")
def need(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = _deal(request, deal_number)
    return _need_page(request, deal, queries.latest_need(deal))


@require_POST
@require_role("advisor", "manager")
def need_sentences(request: DeskRequest, deal_number: str) -> HttpResponse:
    """One more sentence was said: its chips replace those of the same slot."""
    deal = _deal(request, deal_number)
    sheet = queries.latest_need(deal)
    form = SayMoreForm(request.POST)
    if not form.is_valid():
        return _need_page(
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
    )


@require_POST
@require_role("advisor", "manager")
def need_answers(request: DeskRequest, deal_number: str) -> HttpResponse:
    deal = _deal(request, deal_number)
    sheet = queries.latest_need(deal)
    form = AnswerForm(request.POST)
    question = QUESTIONS.get(request.POST.get("question", ""))
    answers = {a.key: a for a in question.answers} if question else {}
    if not form.is_valid() or question is None or form.cleaned_data["answer"] not in answers:
        return _need_page(
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
    deal = _deal(request, deal_number)
    sheet = queries.latest_need(deal)
    form = ChipForm(request.POST)
    try:
        chips = _edited(sheet, form)
    except ChipInputError as error:
        place = form.cleaned_data.get("place")
        return _need_page(
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
    deal = _deal(request, deal_number)
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
    deal = _deal(request, deal_number)
    return page(
        request, "reception/need_versions.html", deal=deal, history=queries.need_history(deal)
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


def _deal(request: DeskRequest, number: str) -> Deal:
    try:
        return queries.deal_by_number(number, seen_by=request.user)
    except Deal.DoesNotExist as error:
        msg = "没有这一单，或者它不归您看"
        raise Http404(msg) from error


def _shifted(chip: Chip, offset: int) -> Chip:
    return (
        chip if chip.start < 0 else replace(chip, start=chip.start + offset, end=chip.end + offset)
    )


def _amend(request: DeskRequest, deal: Deal, **change: Any) -> HttpResponse:
    try:
        version = operations.amend_need(
            deal=deal, channel="desk", author=request.user, recorded_at=clock.now(), **change
        )
    except operations.StaleNeedError:
        return _conflict(request, deal)
    if not request.htmx:
        return redirect("reception:need", deal_number=deal.number)
    return _need_page(request, deal, queries.sheet_of(version))


def _conflict(request: DeskRequest, deal: Deal) -> HttpResponse:
    sheet = queries.latest_need(deal)
    who = sheet.version.recorded_by.display_name
    said = (
        f"{who}刚才把需求改到了第 {sheet.version.number} 版。"
        "您的这一步没有存，下面是新的内容，请看过再改。"
    )
    return _need_page(
        request, deal, sheet, errors={"conflict": [said]}, status=CONFLICT, typed=request.POST
    )


def _need_page(
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
    )
