from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.planning.forms.desk import TERM_SETS
from chedai.planning.forms.working_back import LimitsForm
from chedai.planning.queries.working_back import worked_back
from chedai.planning.views.desk import ADVISING, UNPROCESSABLE, form_values, table_of
from chedai.reception.queries.scenes import Scene
from chedai.staff.roles import require_role
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

LIMITS = tuple(LimitsForm.base_fields)


@require_GET
@require_role(*ADVISING)
def working_back(request: DeskRequest, deal_number: str) -> HttpResponse:
    """Work one thing out from the limits the customer set; the need's own to begin with."""
    table = table_of(request, deal_number)
    scene = table.scene
    if scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    is_asked = any(name in request.GET for name in LIMITS)
    form = LimitsForm(request.GET) if is_asked else None
    is_valid = form is not None and form.is_valid()
    return page(
        request,
        "planning/working_back.html",
        status=UNPROCESSABLE if form and not is_valid else 200,
        deal=table.deal,
        scene=scene,
        revision=table.setup.revision if table.setup else 0,
        desk_values=form_values(table, None),
        typed={name: request.GET.get(name, "")[:24] for name in LIMITS}
        if is_asked
        else _said(scene),
        errors={name: said[0] for name, said in form.errors.items()} if form else {},
        found=worked_back(scene, form.needs, term_sets=TERM_SETS) if form and is_valid else None,
    )


def _said(scene: Scene) -> dict[str, str]:
    """Begin with what the need says."""
    limits = {"payment": scene.payment_max_fen, "cash": scene.cash_max_fen}
    return dict.fromkeys(LIMITS, "") | {
        name: str(fen // 100) for name, fen in limits.items() if fen is not None
    }
