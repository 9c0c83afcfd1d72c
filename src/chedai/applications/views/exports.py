from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from chedai.applications.operations.exports import record_export
from chedai.applications.queries.pipeline import facets_of
from chedai.applications.queries.prints import print_table
from chedai.applications.queries.tables import ProcessTable, process_table
from chedai.applications.queries.workbooks import actions_workbook, table_workbook
from chedai.applications.views.tables import deal_of, table_page
from chedai.deals.queries.pipeline import next_actions
from chedai.documents.printing import FontsMissingError
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.requests import DeskRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 2000
UNAVAILABLE = 503
WORKERS = ("advisor", "manager", "back_office", "reviewer", "compliance")


@require_GET
@require_role(*WORKERS)
def process_print(request: DeskRequest, deal_number: str) -> HttpResponse:
    table, now = _table(request, deal_number), clock.now()
    try:
        pdf = print_table(table, printed_at=now)
    except FontsMissingError as missing:
        return table_page(request, table.deal, status=UNAVAILABLE, trouble=str(missing))
    record_export(kind="pdf", what=table.deal.number, rows=1, exported_by=request.user, at=now)
    return _file(pdf, "application/pdf", f"process-{table.deal.number}.pdf")


@require_GET
@require_role(*WORKERS)
def process_workbook(request: DeskRequest, deal_number: str) -> HttpResponse:
    table, now = _table(request, deal_number), clock.now()
    book = table_workbook(table, at=now)
    record_export(kind="xlsx", what=table.deal.number, rows=1, exported_by=request.user, at=now)
    return _file(book, XLSX, f"process-{table.deal.number}.xlsx")


@require_GET
@require_role("manager", "compliance")
def pipeline_workbook(request: DeskRequest) -> HttpResponse:
    """The filtered list, up to its first 2,000 rows; taking a list out is a manager's act."""
    now = clock.now()
    facets = facets_of(request.GET.dict(), user=request.user)
    found = next_actions(user=request.user, wanted=facets.wanted, now=now, size=ROWS_MAX)
    book = actions_workbook(found.actions, stages=dict(facets.stages), at=now)
    record_export(
        kind="xlsx",
        what="pipeline",
        rows=len(found.actions),
        exported_by=request.user,
        at=now,
    )
    return _file(book, XLSX, f"pipeline-{now:%Y%m%d}.xlsx")


def _table(request: DeskRequest, deal_number: str) -> ProcessTable:
    deal = deal_of(request, deal_number)
    table = process_table(deal, seen_by=request.user, now=clock.now())
    if table is None:
        msg = "这一单还没有流程表，先在流程页启动"
        raise Http404(msg)
    return table


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
