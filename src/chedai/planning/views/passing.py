from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chedai.core.plans.passing.targets import goal_text
from chedai.planning.forms.desk import TERM_SETS
from chedai.planning.forms.passing import GOAL_LABELS, TargetForm
from chedai.planning.queries import passing as queries
from chedai.planning.views.desk import ADVISING, UNPROCESSABLE, form_values, table_of
from chedai.staff.roles import require_role
from chedai.web.pages import page
from chedai.web.requests import DeskRequest


@require_GET
@require_role(*ADVISING)
def passing(request: DeskRequest, deal_number: str) -> HttpResponse:
    """Say what would make each product pass, or with a target asked for, who reaches it."""
    table = table_of(request, deal_number)
    scene = table.scene
    if scene is None:
        return redirect("planning:desk", deal_number=deal_number)
    form = TargetForm(request.GET) if "kind" in request.GET else None
    is_asked = form is not None and form.is_valid()
    errors = {name: said[0] for name, said in form.errors.items()} if form else {}
    return page(
        request,
        "planning/passing.html",
        status=UNPROCESSABLE if errors else 200,
        deal=table.deal,
        scene=scene,
        revision=table.setup.revision if table.setup else 0,
        desk_values=form_values(table, None),
        goal_labels=GOAL_LABELS,
        typed={name: request.GET.get(name, "")[:24] for name in ("kind", "amount", "on")},
        errors=errors,
        goal=goal_text(form.goal) if form and is_asked else "",
        ways=queries.target_rows(scene, form.goal, term_sets=TERM_SETS)
        if form and is_asked
        else (),
        view=None if form else queries.passing_view(scene, term_sets=TERM_SETS),
    )
