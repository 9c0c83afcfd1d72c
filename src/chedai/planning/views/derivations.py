"""How every number of one plan was computed: as a page, and the same for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.core.plans.plan import Plan, Refusal
from chedai.planning.queries import desk as desk_queries
from chedai.planning.queries import explaining
from chedai.planning.queries.outlook import outlook_of
from chedai.planning.views.desk import CONFLICT, READING, UNPROCESSABLE, Table, table_of
from chedai.reception.queries.scenes import Scene
from chedai.staff.roles import require_role
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

NO_PRICE = "还不知道车价，先在需求里填上"


@require_GET
@require_role(*READING)
def derivation(
    request: DeskRequest, deal_number: str, version_id: int, term_months: int, down_payment_fen: int
) -> HttpResponse:
    """How every number of one plan was computed, and which rules it met."""
    table = table_of(request, deal_number)
    if table.scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    plan = _plan_of(table.scene, version_id, term_months, down_payment_fen)
    if isinstance(plan, Refusal):
        return _page(request, table, status=UNPROCESSABLE, trouble=plan.message)
    return _page(
        request,
        table,
        explained=explaining.explain(table.scene, plan),
        outlook=outlook_of(table.scene, plan),
        plan_key={
            "version_id": version_id,
            "term_months": term_months,
            "down_payment_fen": down_payment_fen,
        },
    )


@require_GET
@require_role(*READING)
def derivation_record(
    request: DeskRequest, deal_number: str, version_id: int, term_months: int, down_payment_fen: int
) -> JsonResponse:
    """Say what the page says, for programs; a refusal names the entry and says why."""
    table = table_of(request, deal_number)
    if table.scene is None:
        return _refused("vehicle_price", NO_PRICE, status=CONFLICT)
    plan = _plan_of(table.scene, version_id, term_months, down_payment_fen)
    if isinstance(plan, Refusal):
        return _refused(plan.field, plan.message, status=UNPROCESSABLE)
    explained = explaining.explain(table.scene, plan)
    return _json({"deal": table.deal.number, **explaining.explained_record(explained)})


def _plan_of(
    scene: Scene, version_id: int, term_months: int, down_payment_fen: int
) -> Plan | Refusal:
    return desk_queries.plan_of(
        scene,
        version_id=str(version_id),
        term_months=term_months,
        down_payment_fen=down_payment_fen,
    )


def _page(request: DeskRequest, table: Table, *, status: int = 200, **told: Any) -> HttpResponse:
    values: dict[str, Any] = {"explained": None, "outlook": None, "trouble": "", **told}
    return page(
        request,
        "planning/derivation.html",
        status=status,
        deal=table.deal,
        scene=table.scene,
        **values,
    )


def _refused(field: str, message: str, *, status: int) -> JsonResponse:
    return _json({"field": field, "message": message}, status=status)


def _json(told: dict[str, object], *, status: int = 200) -> JsonResponse:
    params = {"ensure_ascii": False, "allow_nan": False}
    return JsonResponse(told, status=status, json_dumps_params=params)
