from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chedai.catalogue.queries.vehicles import (
    VehicleOption,
    vehicle_by_code,
    vehicle_options,
)
from chedai.core.plans.plan import Plan
from chedai.deals.models import Deal
from chedai.planning.forms.desk import TERM_SETS, DeskForm, PinForm
from chedai.planning.models import DeskSetup
from chedai.planning.operations import desk as operations
from chedai.planning.queries import desk as queries
from chedai.planning.queries.scenes import choice_from, scene_for
from chedai.reception.queries.needs import NeedSheet, deal_by_number, latest_need
from chedai.reception.queries.scenes import NoPriceError, Scene
from chedai.staff.roles import require_role
from chedai.web import clock
from chedai.web.pages import page
from chedai.web.requests import DeskRequest

CONFLICT = 409
UNPROCESSABLE = 422
# A field nobody sees: what is wrong with it is said at the top.
EXPLAINED_AT = {"revision": "conflict"}
ADVISING = ("advisor", "manager")
READING = ("advisor", "manager", "reviewer", "compliance", "back_office", "front_desk")


@dataclass(frozen=True, slots=True)
class Table:
    """The deal, its need, the desk as set, and the scene (None while no price is known)."""

    deal: Deal
    sheet: NeedSheet
    setup: DeskSetup | None
    scene: Scene | None


def table_of(request: DeskRequest, deal_number: str) -> Table:
    """Fetch what every page at the desk starts from, or 404."""
    try:
        deal = deal_by_number(deal_number, seen_by=request.user)
    except Deal.DoesNotExist as error:
        msg = "没有这一单，或者它不归您看"
        raise Http404(msg) from error
    sheet = latest_need(deal)
    setup = DeskSetup.objects.select_related("vehicle").filter(deal=deal).first()
    try:
        scene = scene_for(
            deal=deal,
            facts=sheet.facts,
            choice=choice_from(setup, on=clock.today()),
            on=clock.today(),
        )
    except NoPriceError:
        scene = None
    return Table(deal, sheet, setup, scene)


@require_GET
@require_role(*ADVISING)
def desk(request: DeskRequest, deal_number: str) -> HttpResponse:
    return _desk_page(request, table_of(request, deal_number))


@require_POST
@require_role(*ADVISING)
def desk_setup(request: DeskRequest, deal_number: str) -> HttpResponse:
    table = table_of(request, deal_number)
    form = DeskForm(request.POST)
    vehicle = None
    if form.is_valid() and form.cleaned_data["vehicle"]:
        vehicle = vehicle_by_code(form.cleaned_data["vehicle"].strip(), day=clock.today())
        if vehicle is None:
            form.add_error("vehicle", "产品库里没有这个车型代码，请从列表里选，或清空只按价格算")
    if not form.is_valid():
        return _desk_page(
            request, table, errors=form.errors, status=UNPROCESSABLE, typed=request.POST
        )
    try:
        operations.set_desk(
            deal=table.deal,
            revision=form.cleaned_data["revision"],
            values=_setup_values(form.cleaned_data, vehicle, _vehicle_before(table)),
            changed_by=request.user,
            changed_at=clock.now(),
        )
    except operations.StaleDeskError:
        errors = {"conflict": ["方案台刚被别人改过，您这一步没有存。下面是新的内容，请看过再改。"]}
        return _desk_page(request, table_of(request, deal_number), errors=errors, status=CONFLICT)
    return _desk_answer(request, deal_number)


@require_POST
@require_role(*ADVISING)
def pins(request: DeskRequest, deal_number: str) -> HttpResponse:
    table = table_of(request, deal_number)
    form = PinForm(request.POST)
    if not form.is_valid() or table.scene is None:
        first = next(iter(form.errors.values()), ["还不知道车价"])
        return _desk_page(request, table, errors={"conflict": first}, status=UNPROCESSABLE)
    version_id, term_months, down_fen = form.cleaned_data["plan"]
    plan = queries.plan_of(
        table.scene, version_id=str(version_id), term_months=term_months, down_payment_fen=down_fen
    )
    if not isinstance(plan, Plan):
        return _desk_page(request, table, errors={"conflict": [plan.message]}, status=UNPROCESSABLE)
    operations.pin_plan(
        deal=table.deal,
        letter=form.cleaned_data["letter"],
        product_version_id=version_id,
        term_months=term_months,
        down_payment_fen=down_fen,
        reason=form.cleaned_data["reason"],
        pinned_by=request.user,
        pinned_at=clock.now(),
    )
    return _desk_answer(request, deal_number)


@require_POST
@require_role(*ADVISING)
def pin_removal(request: DeskRequest, deal_number: str, letter: str) -> HttpResponse:
    table = table_of(request, deal_number)
    operations.unpin_plan(
        deal=table.deal, letter=letter, unpinned_by=request.user, unpinned_at=clock.now()
    )
    return _desk_answer(request, deal_number)


def _desk_answer(request: DeskRequest, deal_number: str) -> HttpResponse:
    if not request.htmx:
        return redirect("planning:desk", deal_number=deal_number)
    return _desk_page(request, table_of(request, deal_number))


def _vehicle_before(table: Table) -> str:
    vehicle = table.scene.choice.vehicle if table.scene else None
    return vehicle.code if vehicle else ""


def _setup_values(
    cleaned: dict[str, Any], vehicle: VehicleOption | None, code_before: str
) -> dict[str, Any]:
    """Take the form; a car just chosen brings its usual price, condition and power along."""
    values = _plain_values(cleaned)
    if vehicle is None:
        return values | {"vehicle_id": None}
    values["vehicle_id"] = vehicle.id
    if vehicle.code != code_before:
        price_fen = vehicle.usual_price_fen
        values |= {
            "vehicle_price_fen": price_fen,
            "down_payment_fen": min(values["down_payment_fen"], price_fen),
            "vehicle_condition": vehicle.condition,
            "power": vehicle.power,
        }
    return values


def _plain_values(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {
        "vehicle_price_fen": cleaned["vehicle_price"],
        "down_payment_fen": cleaned["down_payment"],
        "down_payment_step_fen": cleaned["down_payment_step"],
        "terms_months": [int(m) for m in cleaned["terms"].split("-")],
        "vehicle_condition": cleaned["condition"],
        "power": cleaned["power"],
        "vehicle_use": cleaned["use"],
        "prepayment_month": cleaned["prepayment_month"],
        "add_ons_fen": cleaned["add_ons"] or 0,
        "add_ons_financed_fen": cleaned["add_ons_financed"] or 0,
    }


def _desk_page(
    request: DeskRequest, table: Table, *, errors: Any = None, status: int = 200, typed: Any = None
) -> HttpResponse:
    pinned = queries.pins_of(table.deal)
    view = queries.desk_view(table.scene, pins=pinned) if table.scene else None
    keys = {
        p.letter: (str(p.product_version_id), p.term_months, p.down_payment_fen) for p in pinned
    }
    return page(
        request,
        "planning/desk.html",
        block="desk" if request.htmx else None,
        status=status,
        deal=table.deal,
        sheet=table.sheet,
        setup=table.setup or DeskSetup(revision=0),
        scene=table.scene,
        values=form_values(table, typed),
        errors={EXPLAINED_AT.get(k, k): v[0] for k, v in (errors or {}).items()},
        term_sets=TERM_SETS.items(),
        vehicles=vehicle_options(day=clock.today()),
        matrix=view.matrix if view else None,
        trades=view.trades if view else None,
        cards=view.cards if view else (),
        cash=view.cash if view else None,
        relaxations=view.relaxations if view else (),
        pins=keys,
        lost_pins=queries.lost_pins(table.scene, pinned) if table.scene else [],
        pinned_keys=set(keys.values()),
        others=queries.product_answers(table.scene) if table.scene else [],
    )


def _whole_yuan(fen: int) -> str:
    return f"{fen / 100:.0f}" if fen else ""


def form_values(table: Table, typed: Any) -> dict[str, Any]:
    """Fill the desk's form: as typed, else as the desk is set."""
    names = [name for name in DeskForm.base_fields if name != "revision"]
    if typed:
        return {name: typed.get(name, "")[:60] for name in names}
    scene = table.scene
    if scene is None:
        return dict.fromkeys(names, "") | {"down_payment_step": "15000", "terms": "36-48-60"}
    return {
        "vehicle": scene.choice.vehicle.code if scene.choice.vehicle else "",
        "vehicle_price": f"{scene.car.vehicle_price_fen / 100:.0f}",
        "down_payment": f"{scene.down_payment_fen / 100:.0f}",
        "down_payment_step": f"{scene.down_payment_step_fen / 100:.0f}",
        "terms": "-".join(str(m) for m in scene.terms_months),
        "condition": scene.car.condition,
        "power": scene.car.power,
        "use": scene.car.use,
        "prepayment_month": scene.prepayment_month or "",
        "add_ons": _whole_yuan(scene.choice.add_ons_fen),
        "add_ons_financed": _whole_yuan(scene.choice.add_ons_financed_fen),
    }
