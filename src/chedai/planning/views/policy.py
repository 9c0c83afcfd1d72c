from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from chedai.planning.queries.policy import policy_rows
from chedai.reception.queries.scenes import policy_book
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest


@require_GET
@require_role("advisor", "manager", "reviewer", "compliance", "front_desk")
def policy_book_page(request: DeskRequest) -> HttpResponse:
    """Every number of law and house, as it held on the day asked for."""
    typed, error = request.GET.get("on", ""), ""
    try:
        on = date.fromisoformat(typed) if typed else clock.today()
    except ValueError:
        on, error = clock.today(), "日期要写成 2025-06-01 这样"
    book = policy_book()
    return page(
        request,
        "planning/policy_book.html",
        status=422 if error else 200,
        rows=policy_rows(book, on=on),
        on=on,
        error=error,
        version=book.version,
    )
