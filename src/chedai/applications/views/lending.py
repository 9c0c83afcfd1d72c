"""A8, A9: what each lender still lacks, what was sent, what came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chedai.applications.forms import ConsentForm, sheet_values
from chedai.applications.models import (
    DealFile,
    LenderConnection,
    LenderConsent,
    OutboxMessage,
    Submission,
)
from chedai.applications.operations import connections, sheets, submissions
from chedai.applications.queries import sheets as queries
from chedai.applications.queries.adapters import LenderUnreachableError, adapter_of
from chedai.applications.queries.lending import KIND_LABELS, told
from chedai.applications.queries.offers import plans_by_lender
from chedai.applications.queries.outbox import outbox_of
from chedai.core.dates import add_months
from chedai.deals.models import Deal
from chedai.deals.queries import deals_in_scope
from chedai.lenders.port import DOCUMENTS, AnswerUnreadableError, LenderUnavailableError
from chedai.planning.queries.desk import DeskView, desk_view, pins_of
from chedai.planning.views.desk import Table, table_of
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

WORKERS: Final = ("advisor", "manager", "back_office")
READERS: Final = (*WORKERS, "reviewer", "compliance")
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
PAGE_OLD: Final = "页面已过期，请刷新后再提交"


@require_GET
@require_role(*READERS)
def lenders(request: DeskRequest, deal_number: str) -> HttpResponse:
    return _lenders_page(request, table_of(request, deal_number))


@require_POST
@require_role(*WORKERS)
def applicant_sheet(request: DeskRequest, deal_number: str) -> HttpResponse:
    table = table_of(request, deal_number)
    values, errors = sheet_values(request.POST)
    if errors:
        return _lenders_page(request, table, errors=errors, status=UNPROCESSABLE)
    if values:
        sheets.save_sheet(
            deal=table.deal, values=values, recorded_by=request.user, recorded_at=clock.now()
        )
    return redirect("applications:lenders", deal_number=deal_number)


@require_POST
@require_role(*WORKERS)
def deal_files(request: DeskRequest, deal_number: str) -> HttpResponse:
    table = table_of(request, deal_number)
    given = request.FILES.get("file")
    try:
        sheets.keep_file(
            deal=table.deal,
            kind=request.POST.get("type", ""),
            content=given.read(sheets.FILE_BYTES_MAX + 1) if given else b"",
            recorded_by=request.user,
            recorded_at=clock.now(),
        )
    except sheets.FileRefusedError as error:
        return _lenders_page(request, table, errors={"file": str(error)}, status=UNPROCESSABLE)
    return redirect("applications:lenders", deal_number=deal_number)


@require_POST
@require_role(*WORKERS)
def lender_consents(request: DeskRequest, deal_number: str) -> HttpResponse:
    """One paper, one lender, one purpose: nothing is ever ticked for several at once."""
    table = table_of(request, deal_number)
    connection = _connection(request.POST.get("connection", ""))
    form = ConsentForm(request.POST)
    place = f"consent_{connection.pk}"
    if not form.is_valid():
        errors = {place: str(next(iter(form.errors.values()))[0])}
        return _lenders_page(request, table, errors=errors, status=UNPROCESSABLE)
    try:
        sheets.record_consent(
            deal=table.deal,
            lender=connection.lender,
            recorded_by=request.user,
            recorded_at=clock.now(),
            **form.cleaned_data,
        )
    except sheets.ConsentPeriodError as error:
        return _lenders_page(request, table, errors={place: str(error)}, status=UNPROCESSABLE)
    return redirect("applications:lenders", deal_number=deal_number)


@require_POST
@require_role(*WORKERS, "compliance")
def consent_withdrawal(request: DeskRequest, deal_number: str, consent_id: int) -> HttpResponse:
    deal = _deal(request, deal_number)
    try:
        consent = LenderConsent.objects.select_related("deal").get(deal=deal, pk=consent_id)
    except LenderConsent.DoesNotExist as error:
        raise Http404("没有这份授权") from error
    sheets.withdraw_consent(consent=consent, recorded_by=request.user, recorded_at=clock.now())
    return redirect("applications:lenders", deal_number=deal_number)


@require_POST
@require_role(*WORKERS)
def lender_needs(request: DeskRequest, deal_number: str) -> HttpResponse:
    """Ask one lender what it needs."""
    table = table_of(request, deal_number)
    connection = _connection(request.POST.get("connection", ""))
    try:
        connections.ask_for_needs(
            connection=connection, open_adapter=lambda each: adapter_of(each, at=clock.now())
        )
    except (AnswerUnreadableError, LenderUnavailableError, LenderUnreachableError) as error:
        said = f"没有问到：{error}。可以稍后再问，已填的资料都在。"
        errors = {f"submit_{connection.pk}": said}
        return _lenders_page(request, table, errors=errors, status=CONFLICT)
    return redirect("applications:lenders", deal_number=deal_number)


@require_POST
@require_role(*WORKERS)
def submission_list(request: DeskRequest, deal_number: str) -> HttpResponse:
    table = table_of(request, deal_number)
    connection = _connection(request.POST.get("connection", ""))
    place = f"submit_{connection.pk}"
    try:
        form_key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return _lenders_page(request, table, errors={place: PAGE_OLD}, status=UNPROCESSABLE)
    view = _view(table)
    plans = plans_by_lender(view).get(connection.lender.code, ()) if view else ()
    offered = next((each for each in plans if each.key == request.POST.get("plan")), None)
    if view is None or offered is None:
        errors = {place: "请选要报的方案；方案变了就先看新的三方案"}
        return _lenders_page(request, table, errors=errors, status=UNPROCESSABLE)
    try:
        submissions.submit(
            deal=table.deal,
            connection=connection,
            chosen=submissions.Chosen(
                plan=offered.plan, scene=view.scene, need_number=table.sheet.version.number
            ),
            form_key=form_key,
            reapplication_note=request.POST.get("note", "")[:200],
            created_by=request.user,
            created_at=clock.now(),
        )
    except submissions.NotReadyError as error:
        return _lenders_page(request, table, errors={place: str(error)}, status=UNPROCESSABLE)
    except (submissions.SameDayReapplicationError, submissions.StillOpenError) as error:
        return _lenders_page(request, table, errors={place: str(error)}, status=CONFLICT)
    return redirect("applications:lenders", deal_number=deal_number)


@require_POST
@require_role(*WORKERS)
def submission_step(request: DeskRequest, reference: str) -> HttpResponse:
    submission = _submission(request, reference)
    act = request.POST.get("act", "")
    if act not in submissions.STEPS_AFTER:
        raise Http404("没有这一步")
    try:
        submissions.take_step(
            submission=submission, act=act, taken_by=request.user, taken_at=clock.now()
        )
    except submissions.NotItsTurnError as error:
        return _refused(request, submission, str(error))
    return redirect("applications:lenders", deal_number=submission.deal.number)


@require_POST
@require_role(*WORKERS)
def stipulation_answer(request: DeskRequest, reference: str) -> HttpResponse:
    submission = _submission(request, reference)
    file_id = request.POST.get("file", "")
    file = (
        DealFile.objects.defer("content").filter(deal=submission.deal, pk=int(file_id)).first()
        if file_id.isdecimal()
        else None
    )
    if file is None:
        return _refused(request, submission, "请先上传资料，再选它来补件", UNPROCESSABLE)
    try:
        submissions.answer_stipulation(
            submission=submission,
            code=request.POST.get("code", "")[:64],
            file=file,
            said_by=request.user,
            said_at=clock.now(),
        )
    except submissions.NotItsTurnError as error:
        return _refused(request, submission, str(error))
    return redirect("applications:lenders", deal_number=submission.deal.number)


@require_GET
@require_role(*READERS)
def outbox(request: DeskRequest) -> HttpResponse:
    return page(request, "applications/outbox.html", rows=outbox_of(seen_by=request.user))


@require_POST
@require_role(*WORKERS)
def outbox_retry(request: DeskRequest, message_id: int) -> HttpResponse:
    try:
        message = OutboxMessage.objects.select_related("submission").get(
            pk=message_id, submission__deal__in=deals_in_scope(user=request.user)
        )
    except OutboxMessage.DoesNotExist as error:
        raise Http404("没有这条，或者它不归您看") from error
    submissions.try_again(message=message, tried_by=request.user, tried_at=clock.now())
    return redirect("applications:outbox")


def _deal(request: DeskRequest, number: str) -> Deal:
    try:
        return (
            deals_in_scope(user=request.user).select_related("store", "advisor").get(number=number)
        )
    except Deal.DoesNotExist as error:
        raise Http404("没有这一单，或者它不归您看") from error


def _submission(request: DeskRequest, reference: str) -> Submission:
    try:
        return Submission.objects.select_related("deal").get(
            reference=reference, deal__in=deals_in_scope(user=request.user)
        )
    except Submission.DoesNotExist as error:
        raise Http404("没有这次进件，或者它不归您看") from error


def _connection(given: str) -> LenderConnection:
    try:
        return LenderConnection.objects.select_related("lender").get(
            pk=int(given) if given.isdecimal() else 0
        )
    except (LenderConnection.DoesNotExist, OverflowError) as error:
        raise Http404("没有接入这家资金方") from error


def _refused(
    request: DeskRequest, submission: Submission, said: str, status: int = CONFLICT
) -> HttpResponse:
    table = table_of(request, submission.deal.number)
    errors = {f"submission_{submission.pk}": said}
    return _lenders_page(request, table, errors=errors, status=status)


def _view(table: Table) -> DeskView | None:
    return desk_view(table.scene, pins=pins_of(table.deal)) if table.scene else None


def _lenders_page(
    request: DeskRequest,
    table: Table,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    deal, today = table.deal, clock.today()
    sheet, files = queries.latest_sheet(deal), queries.files_of(deal)
    values = queries.known_values(sheet, table.scene)
    sealed_names = sheet.sealed_names if sheet else []
    rows = queries.readiness(
        queries.connections_of(deal.organisation_id),
        values=values,
        sealed_names=sealed_names,
        files=files,
        consents=queries.valid_consents(deal, on=today),
    )
    view = _view(table)
    return page(
        request,
        "applications/lenders.html",
        status=status,
        deal=deal,
        rows=rows,
        fields=queries.joined_fields(rows, values=values, sealed_names=sealed_names),
        files=files,
        documents=DOCUMENTS,
        plans=plans_by_lender(view) if view else {},
        sent=[told(each, now=clock.now()) for each in queries.submissions_of(deal)],
        kind_labels=KIND_LABELS,
        consent_kinds=LenderConsent.Kind.choices,
        month_later=add_months(today, 1),
        errors=errors or {},
        typed=request.POST,
        form_key=str(uuid4()),
        may_work=request.user.has_any_role(*WORKERS),
    )
