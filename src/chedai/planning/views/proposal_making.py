from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chedai.planning.queries import desk as desk_queries
from chedai.planning.queries import proposal_inputs, proposal_sheets, proposal_wording
from chedai.planning.views.desk import table_of
from chedai.planning.views.plans import plans_page
from chedai.planning.views.proposals import MAKERS, make_and_show, verify_root
from chedai.staff.roles import require_role
from chedai.web.requests import DeskRequest

if TYPE_CHECKING:
    from django.http import HttpResponse

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
EXPIRED: Final = "页面已过期，请在这一页重新打印"
MOVED: Final = "需求刚被改过，方案已按新的需求重算，请看过再打印"
REFUSALS: Final = (
    proposal_inputs.NothingToProposeError,
    proposal_inputs.NeedNotConfirmedError,
    proposal_inputs.RuleForbidsPlanError,
    proposal_sheets.PlanNoLongerPricedError,
    proposal_sheets.PlansOutOfOrderError,
    proposal_wording.BannedWordingError,
)


@require_POST
@require_role(*MAKERS)
def proposals(request: DeskRequest, deal_number: str) -> HttpResponse:
    """Make a proposal of what is on the desk now; only what was read back is printed."""
    table = table_of(request, deal_number)
    if table.scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    try:
        form_key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return plans_page(request, table, trouble=EXPIRED, status=UNPROCESSABLE)
    if request.POST.get("need_version") != str(table.sheet.version.number):
        return plans_page(request, table, trouble=MOVED, status=CONFLICT)
    view = desk_queries.desk_view(table.scene, pins=desk_queries.pins_of(table.deal))
    try:
        inputs = proposal_inputs.inputs_from_desk(
            deal=table.deal, need=table.sheet, view=view, verify_root=verify_root(request)
        )
        return make_and_show(request, deal=table.deal, inputs=inputs, form_key=form_key)
    except REFUSALS as refusal:
        return plans_page(request, table, trouble=str(refusal), status=UNPROCESSABLE)
