from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.views.decorators.http import require_POST

from chedai.planning.queries import desk as desk_queries
from chedai.planning.queries import proposal_inputs, proposal_sheets, proposal_wording
from chedai.planning.views.desk import table_of
from chedai.planning.views.proposals import MAKERS, make_and_show, verify_root
from chedai.staff.roles import require_role
from chedai.web.pages import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE: Final = 422
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
def proposals(request: HttpRequest, deal_number: str) -> HttpResponse:
    """Make a proposal of what is on the desk now."""
    table = table_of(request, deal_number)
    try:
        form_key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return _refused(request, deal_number, "页面已过期，请刷新后再打印")
    if table.scene is None:
        return _refused(request, deal_number, "还不知道车价，先问一句大概多少钱的车")
    view = desk_queries.desk_view(table.scene, pins=desk_queries.pins_of(table.deal))
    try:
        inputs = proposal_inputs.inputs_from_desk(
            deal=table.deal, need=table.sheet, view=view, verify_root=verify_root(request)
        )
        return make_and_show(request, deal=table.deal, inputs=inputs, form_key=form_key)
    except REFUSALS as refusal:
        return _refused(request, deal_number, str(refusal))


def _refused(request: HttpRequest, deal_number: str, reason: str) -> HttpResponse:
    return page(
        request,
        "planning/proposal_refused.html",
        status=UNPROCESSABLE,
        deal_number=deal_number,
        reason=reason,
    )
