from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.planning.forms.settling import PartialPrepaymentForm
from chedai.planning.queries import desk as desk_queries
from chedai.planning.queries.settling import PartialRefusal, partly_prepaid
from chedai.planning.views.desk import ADVISING, UNPROCESSABLE, Table, table_of
from chedai.planning.views.plans import plans_page
from chedai.staff.roles import require_role
from chedai.web.requests import DeskRequest


@require_GET
@require_role(*ADVISING)
def partial_prepayment(request: DeskRequest, deal_number: str) -> HttpResponse:
    """What paying a part early does to one of the three plans, both ways."""
    table = table_of(request, deal_number)
    if table.scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    form = PartialPrepaymentForm(request.GET)
    if not form.is_valid():
        return _answer(request, table, errors={k: v[0] for k, v in form.errors.items()})
    typed = form.cleaned_data
    view = desk_queries.desk_view(table.scene, pins=desk_queries.pins_of(table.deal))
    card = next((card for card in view.cards if card.letter == typed["letter"]), None)
    if card is None:
        return _answer(
            request, table, view=view, errors={"letter": "这个方案已经不在桌上，请重新选"}
        )
    answer = partly_prepaid(card, amount_fen=typed["amount"], after_month=typed["month"])
    if isinstance(answer, PartialRefusal):
        return _answer(request, table, view=view, errors={answer.field or "amount": answer.message})
    return _answer(request, table, view=view, partial=answer)


def _answer(request: DeskRequest, table: Table, **told: Any) -> HttpResponse:
    return plans_page(
        request,
        table,
        block="partial" if request.htmx else None,
        status=UNPROCESSABLE if told.get("errors") else 200,
        typed={name: request.GET.get(name, "")[:24] for name in PartialPrepaymentForm.base_fields},
        **told,
    )
