"""The fewest changes, and of those the cheapest, that turn ✗ into ✓; exact over whole steps."""

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations
from typing import Final

from chedai.core.plans.eligibility import Reason, judge
from chedai.core.plans.passing.case import Binding, Impassable, LeverName, PassCase, PassRoute
from chedai.core.plans.passing.levers import LEVERS, Move, changes_of
from chedai.core.plans.passing.limits import LIMIT_WORDS
from chedai.core.plans.passing.sweep import Combo, Found, Sweep, drops_of
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import price

EVERY_LEVER: Final = tuple(LEVERS)


def find_pass(
    case: PassCase, *, levers: Collection[LeverName] = EVERY_LEVER
) -> PassRoute | Impassable:
    """Return the route with the fewest changes, then the lowest cost, then the order of LEVERS.

    ``levers`` are those that may be moved. Where nothing helps, what stands in the way is named.
    """
    barred = _barred(case, levers)
    if barred:
        return Impassable(barred)
    sweep = Sweep(case)
    route = _fewest(case, sweep, levers, len(EVERY_LEVER))
    return route or Impassable(sweep.nearest_miss(_free(case, levers)))


class RouteFinder:
    """Routes of one case with one set of levers after another; quotes are worked out once."""

    def __init__(self, case: PassCase) -> None:
        self._case = case
        self._sweep = Sweep(case)

    def route(self, *, levers: Collection[LeverName], changes_max: int) -> PassRoute | None:
        """Return what ``find_pass`` would, with no more changes than that, if anything."""
        if _barred(self._case, levers):
            return None
        return _fewest(self._case, self._sweep, levers, changes_max)


def _fewest(
    case: PassCase, sweep: Sweep, levers: Collection[LeverName], changes_max: int
) -> PassRoute | None:
    free = _free(case, levers)
    for count in range(min(changes_max - len(_forced(case)), len(free)) + 1):
        found = [sweep.best(combo, index) for index, combo in enumerate(combinations(free, count))]
        best = min((one for one in found if one), key=lambda one: one.key, default=None)
        if best:
            return _route(case, best)
    return None


def _barred(case: PassCase, levers: Collection[LeverName]) -> tuple[Binding, ...]:
    """Name what no lever reaches, or none of these."""
    needed = [name for name in _forced(case) if name not in levers]
    named = (Binding(name, LIMIT_WORDS[name](case), is_fixed=False) for name in needed)
    return (*_fixed(case), *named)


def _free(case: PassCase, levers: Collection[LeverName]) -> list[LeverName]:
    return [name for name in LEVERS if name in levers and _has_options(case, name)]


def _fixed(case: PassCase) -> tuple[Binding, ...]:
    """Name what no lever reaches: the car, the days of the offer, what is said of the person."""
    verdict = judge(
        terms=case.terms, customer=case.opened_customer, car=case.inputs.car, on=case.on
    )
    return tuple(
        Binding(reason.code, reason.message, is_fixed=True)
        for reason in verdict.reasons
        if reason.outcome == "not_eligible" and not _is_within_reach(case, reason)
    )


def _is_within_reach(case: PassCase, reason: Reason) -> bool:
    """A price above the limit may fall; one below it is not raised."""
    most_fen = case.terms.eligibility.vehicle_price_max_fen
    price_fen = case.inputs.car.vehicle_price_fen
    return reason.code == "vehicle_price" and most_fen is not None and price_fen > most_fen


def _forced(case: PassCase) -> Combo:
    """Name the levers with one thing to do that nothing else can replace."""
    names: list[LeverName] = []
    if case.lacks_co_borrower:
        names.append("co_borrower")
    if case.in_the_way:
        names.append("objections")
    return tuple(names)


def _has_options(case: PassCase, name: LeverName) -> bool:
    if name == "add_ons":
        return bool(drops_of(case))
    if name == "debts":
        debts, income_fen = case.debts, case.customer.monthly_income_fen
        return debts is not None and income_fen is not None and debts.monthly_fen > 0
    return not LEVERS[name].is_binary


def _route(case: PassCase, found: Found) -> PassRoute:
    inputs = case.inputs
    wanted = replace(
        inputs,
        car=replace(inputs.car, vehicle_price_fen=found.price_fen),
        term_months=found.offer.term_months,
        down_payment_fen=found.down_fen,
        purchase_costs=case.costs_at(found.price_fen),
        add_ons=tuple(line for line in inputs.add_ons if line not in found.dropped),
    )
    plan = price(wanted)
    assert isinstance(plan, Plan), plan
    verdict = judge(
        terms=case.terms, customer=case.opened_customer, car=wanted.car, on=case.on, plan=plan
    )
    assert verdict.outcome != "not_eligible", verdict
    changes = changes_of(
        Move(case=case, plan=plan, dropped=found.dropped, settled_monthly_fen=found.settled_fen)
    )
    cost_fen = sum(change.cost_fen for change in changes)
    assert cost_fen == found.key[0], (cost_fen, found)
    return PassRoute(changes, plan, cost_fen, verdict.reasons)
