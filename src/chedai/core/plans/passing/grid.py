"""Down payments and prices to try, as columns, and the product's limits on all of them at once.

The limits are those of ``bounds``; a route is priced in full before it is offered.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from chedai.core.money import round_ratio
from chedai.core.plans.columns import SAFE_INT64, Ints
from chedai.core.plans.passing.case import PassCase
from chedai.core.plans.plan import CostLine
from chedai.core.plans.pricing import cash_before_loan

Mask = NDArray[np.bool_]
ROWS_AT_ONCE: Final = 128


@dataclass(frozen=True)
class Grid:
    """Candidates side by side; ``before_fen`` is the cash on the day if nothing were lent."""

    case: PassCase
    price_fen: Ints
    down_fen: Ints
    extras_fen: Ints
    before_fen: Ints

    @property
    def net_fen(self) -> Ints:
        """The borrower's price."""
        return self.price_fen - self.case.terms.loan_only_discount_fen

    @property
    def principal_fen(self) -> Ints:
        """The contract's principal; may be negative before the limits are applied."""
        return self.net_fen - self.down_fen + self.extras_fen

    @property
    def down_change_fen(self) -> Ints:
        """More (+) or less (−) down."""
        return self.down_fen - self.case.inputs.down_payment_fen

    @property
    def price_cut_fen(self) -> Ints:
        """Off the price."""
        return self.case.inputs.car.vehicle_price_fen - self.price_fen

    def rows(self, chosen: Any) -> "Grid":
        """Return some of the candidates, by mask or by row numbers."""
        return Grid(
            self.case,
            self.price_fen[chosen],
            self.down_fen[chosen],
            self.extras_fen[chosen],
            self.before_fen[chosen],
        )

    def __len__(self) -> int:
        return len(self.price_fen)


def grids(
    case: PassCase, *, add_ons: tuple[CostLine, ...], moves_price: bool, moves_down: bool
) -> Iterator[Grid]:
    """Yield the candidates, smallest cut in price first; an unmoved lever stays where it is."""
    now_fen = case.inputs.car.vehicle_price_fen
    prices = np.array([now_fen], np.int64)
    if moves_price:
        prices = np.arange(now_fen - case.step_fen, max(case.price_min_fen, 1) - 1, -case.step_fen)
    for start in range(0, len(prices), ROWS_AT_ONCE):
        yield _grid(case, prices[start : start + ROWS_AT_ONCE], add_ons, moves_down)


def _grid(case: PassCase, prices: Ints, add_ons: tuple[CostLine, ...], moves_down: bool) -> Grid:
    extras, before = _beside(case, prices, add_ons)
    down_fen = case.inputs.down_payment_fen
    if not moves_down:
        return Grid(case, prices, np.full_like(prices, down_fen), extras, before)
    net = prices - case.terms.loan_only_discount_fen
    # A product that lends on a step of its own is reached from a down payment beside it.
    beside = (net - down_fen + extras) % gcd(case.step_fen, case.terms.principal_step_fen)
    most_fen = max(int(net.max()), down_fen)
    steps = np.arange(-(down_fen // case.step_fen) - 1, (most_fen - down_fen) // case.step_fen + 1)
    downs = down_fen + beside[:, None] + steps[None, :] * case.step_fen
    row, column = np.nonzero((downs >= 0) & (downs <= net[:, None]) & (downs != down_fen))
    return Grid(case, prices[row], downs[row, column], extras[row], before[row])


def principals_of_any_price(case: PassCase, *, add_ons: tuple[CostLine, ...]) -> Grid | None:
    """Return every principal that some price and down payment make; None where costs move it.

    Only principals count here: price, down payment and cash of these rows mean nothing.
    """
    if _has_moving_costs(case):
        return None
    terms, inputs = case.terms, case.inputs
    now_fen = inputs.car.vehicle_price_fen - terms.loan_only_discount_fen
    most_fen = now_fen + _financed(inputs.purchase_costs) + _financed(add_ons)
    unit_fen = case.step_fen if terms.principal_step_fen == 1 else terms.principal_step_fen
    start_fen = most_fen - inputs.down_payment_fen
    start_fen = start_fen % unit_fen if terms.principal_step_fen == 1 else 0
    principals = np.arange(start_fen, min(most_fen, terms.principal_max_fen) + 1, unit_fen)
    principals = principals[principals >= max(terms.principal_min_fen, 1)]
    nothing = np.zeros_like(principals)
    price_fen = principals + terms.loan_only_discount_fen
    return Grid(case, price_fen, nothing, nothing, nothing)


def _beside(case: PassCase, prices: Ints, add_ons: tuple[CostLine, ...]) -> tuple[Ints, Ints]:
    """Return what is financed beside the car, and the cash on the day if nothing were lent."""
    inputs = case.inputs
    before_fen = cash_before_loan(
        terms=case.terms,
        car=inputs.car,
        purchase_costs=inputs.purchase_costs,
        add_ons=add_ons,
        trade_in_fen=inputs.trade_in_fen,
    )
    before = before_fen + prices - inputs.car.vehicle_price_fen
    now_fen = _sum(inputs.purchase_costs)
    fixed_fen = _financed(add_ons)
    if not _has_moving_costs(case):
        extras_fen = _financed(inputs.purchase_costs) + fixed_fen
        return np.full_like(prices, extras_fen), before
    costs = [case.costs_at(fen) for fen in prices.tolist()]
    extras = np.array([_financed(lines) + fixed_fen for lines in costs], np.int64)
    return extras, before + np.array([_sum(lines) - now_fen for lines in costs], np.int64)


def _has_moving_costs(case: PassCase) -> bool:
    """Whether purchase costs decide anything: only where cash is limited or they are financed."""
    is_financed = any(line.is_financed for line in case.inputs.purchase_costs)
    return case.costs_of is not None and (case.needs.cash_max_fen is not None or is_financed)


def _sum(lines: tuple[CostLine, ...]) -> int:
    return sum(line.amount_fen for line in lines)


def _financed(lines: tuple[CostLine, ...]) -> int:
    return sum(line.amount_fen for line in lines if line.is_financed)


def _share(values: Ints, ratio: Decimal, rounding: Literal["up", "down"]) -> Ints:
    """Round a share of every value as ``round_ratio`` does."""
    part, whole = ratio.as_integer_ratio()
    if int(np.abs(values).max(initial=0)) * part >= SAFE_INT64:
        return np.array([round_ratio(fen, ratio, rounding) for fen in values.tolist()], np.int64)
    shares: Ints = values * part // whole if rounding == "down" else -(-values * part // whole)
    return shares


def _is_down_enough(grid: Grid) -> Mask:
    least = _share(grid.net_fen, grid.case.terms.min_down_payment_ratio, "up")
    enough: Mask = grid.down_fen >= least
    return enough


def _is_down_within_price(grid: Grid) -> Mask:
    within: Mask = (grid.down_fen >= 0) & (grid.down_fen <= grid.net_fen)
    return within


def _is_within_value(grid: Grid) -> Mask:
    car = grid.case.inputs.car
    base = grid.net_fen - car.government_subsidy_fen
    other_fen = car.list_price_fen if car.condition == "new" else car.appraised_price_fen
    base = base if other_fen is None else np.minimum(base, other_fen)
    most = _share(base, grid.case.terms.max_loan_to_value, "down")
    within: Mask = grid.net_fen - grid.down_fen <= most
    return within


def _is_extra_allowed(grid: Grid) -> Mask:
    terms = grid.case.terms
    most = np.minimum(
        _share(grid.net_fen, terms.financed_extras_max_ratio, "down"), terms.financed_extras_max_fen
    )
    allowed: Mask = grid.extras_fen <= np.maximum(most, 0)
    return allowed


def _is_price_taken(grid: Grid) -> Mask:
    rules = grid.case.terms.eligibility
    taken = np.ones(len(grid), bool)
    if rules.vehicle_price_min_fen is not None:
        taken &= grid.price_fen >= rules.vehicle_price_min_fen
    if rules.vehicle_price_max_fen is not None:
        taken &= grid.price_fen <= rules.vehicle_price_max_fen
    return taken


GRID_LIMITS: Final[Mapping[str, Callable[[Grid], Mask]]] = {
    "down_payment": _is_down_within_price,
    "min_down_payment": _is_down_enough,
    "loan_to_value": _is_within_value,
    "financed_extras": _is_extra_allowed,
    "principal_min": lambda grid: grid.principal_fen >= max(grid.case.terms.principal_min_fen, 1),
    "principal_max": lambda grid: grid.principal_fen <= grid.case.terms.principal_max_fen,
    "principal_step": lambda grid: grid.principal_fen % grid.case.terms.principal_step_fen == 0,
    "vehicle_price": _is_price_taken,
}
"""What the product asks of price and down payment."""


def within_limits(grid: Grid) -> Grid:
    """Keep what the product allows."""
    for keeps in GRID_LIMITS.values():
        grid = grid.rows(keeps(grid))
    return grid
