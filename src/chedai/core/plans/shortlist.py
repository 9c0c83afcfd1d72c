"""The three plans on the card: each best at one thing, none dominated, dearest last."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chedai.core.plans.explanation import give_ups, in_wan
from chedai.core.plans.plan import Plan
from chedai.core.plans.search import OBJECTIVES, SearchResult


@dataclass(frozen=True)
class NamedPlan:
    """One column of the card.

    Attributes
    ----------
    objectives, title
        What it is best at among all plans found.
    gives_up
        What the customer forgoes against the other columns, in numbers.
    apr_rank, apr_rank_of
        Place of its annual cost among all offers (product and term) found, and their number.
    """

    plan: Plan
    objectives: tuple[str, ...]
    title: str
    gives_up: tuple[str, ...]
    apr_rank: int
    apr_rank_of: int


@dataclass(frozen=True)
class CashColumn:
    """Buying without a loan, beside the plans; nothing is paid beyond the car."""

    price_fen: int
    cash_at_delivery_fen: int
    gives_up: str


@dataclass(frozen=True)
class ThreePlans:
    """At most three plans in ascending total cost, and the cash column."""

    plans: tuple[NamedPlan, ...]
    cash: CashColumn
    is_over_soft_limit: bool


def three_plans(
    result: SearchResult, *, objectives: Sequence[str] = tuple(OBJECTIVES), count: int = 3
) -> ThreePlans:
    """Choose the plans that are best at the objectives asked for first, then at the others.

    A plan best at several things is shown once, under all their names. Fewer than three are
    shown rather than one that is best at nothing.
    """
    wanted = [*objectives, *(name for name in OBJECTIVES if name not in objectives)]
    chosen = list(_winners(result, wanted).items())[:count]
    plans = {row: result.plan(row) for row, _ in chosen}
    chosen.sort(key=lambda pair: (plans[pair[0]].extra_over_cash_fen, plans[pair[0]].payment_fen))
    offers = cheapest_aprs(result)
    return ThreePlans(
        plans=tuple(
            NamedPlan(
                plan=plans[row],
                objectives=names,
                title="、".join(OBJECTIVES[name].title for name in names),
                gives_up=give_ups(
                    plans[row],
                    others=tuple(plans.values()),
                    payment_max_fen=result.needs.payment_max_fen,
                ),
                apr_rank=_rank(result, row, offers),
                apr_rank_of=len(offers),
            )
            for row, names in chosen
        ),
        cash=_cash_column(result),
        is_over_soft_limit=result.is_over_soft_limit,
    )


def _winners(result: SearchResult, objectives: list[str]) -> dict[int, tuple[str, ...]]:
    rows: dict[int, tuple[str, ...]] = {}
    for name in objectives:
        row = result.best_row(name)
        if row is not None:
            rows[row] = (*rows.get(row, ()), name)
    return rows


def cheapest_aprs(result: SearchResult) -> dict[tuple[int, int], int]:
    """Lowest annual cost, in basis points, of every product and term found."""
    columns = result.columns
    if not len(columns):
        return {}
    index, months = columns.product_index, columns.attribute("term_months")
    is_other = (index[1:] != index[:-1]) | (months[1:] != months[:-1])
    begins = np.concatenate([[0], np.flatnonzero(is_other) + 1])
    lowest_bp = np.minimum.reduceat(columns.attribute("apr_bp"), begins)
    cheapest: dict[tuple[int, int], int] = {}
    for key, apr_bp in zip(
        zip(index[begins].tolist(), months[begins].tolist(), strict=True),
        lowest_bp.tolist(),
        strict=True,
    ):
        cheapest[key] = min(apr_bp, cheapest.get(key, apr_bp))
    return cheapest


def _rank(result: SearchResult, row: int, offers: dict[tuple[int, int], int]) -> int:
    """Count the other offers that are to be had for a lower annual cost."""
    columns = result.columns
    own = (int(columns.product_index[row]), int(columns.attribute("term_months")[row]))
    apr_bp = int(columns.attribute("apr_bp")[row])
    return 1 + sum(other_bp < apr_bp for offer, other_bp in offers.items() if offer != own)


def _cash_column(result: SearchResult) -> CashColumn:
    inputs = result.inputs
    price_fen = inputs.car.vehicle_price_fen - (inputs.cash_discount_fen or 0)
    chosen = (line for line in inputs.add_ons if not line.is_condition_of_loan)
    lines_fen = sum(line.amount_fen for line in (*inputs.purchase_costs, *chosen))
    cash_fen = price_fen + lines_fen - inputs.trade_in_fen
    return CashColumn(price_fen, cash_fen, f"一次拿 {in_wan(cash_fen)}")
