"""All products × terms × down payments at once, and the three plans to put on the table.

No input here can carry a commission: the order of plans follows from what the customer pays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.dates import add_months
from chedai.core.plans.dominance import ATTRIBUTES, front
from chedai.core.plans.payment_columns import Ints
from chedai.core.plans.plan import Plan
from chedai.core.plans.plan_columns import (
    PlanColumns,
    SearchInputs,
    down_payment_steps,
    inputs_of,
    price_all,
    price_at,
)
from chedai.core.plans.pricing import price

__all__ = [
    "OBJECTIVES",
    "Objective",
    "PlanColumns",
    "PlanNeeds",
    "SearchInputs",
    "SearchResult",
    "down_payment_steps",
    "inputs_of",
    "months_until",
    "months_until_last_due",
    "price_all",
    "price_at",
    "search",
    "search_at",
]


@dataclass(frozen=True)
class Objective:
    """What a plan can be best at: its name on the card, and the attributes that decide, in turn."""

    title: str
    keys: tuple[str, ...]


OBJECTIVES: Final[Mapping[str, Objective]] = {
    "lowest_total": Objective("总钱最省", ("extra_over_cash_fen", "payment_fen")),
    "most_flexible": Objective("最灵活", ("free_from_month", "extra_over_cash_fen")),
    "lowest_monthly": Objective("月供最轻", ("payment_fen", "extra_over_cash_fen")),
    "lowest_cash": Objective("提车现金最少", ("cash_at_delivery_fen", "extra_over_cash_fen")),
    "shortest_term": Objective("还得最快", ("term_months", "extra_over_cash_fen")),
}
"""In the order in which they are tried; all remaining attributes break ties."""


@dataclass(frozen=True, kw_only=True)
class PlanNeeds:
    """What the plans must respect; None = not said.

    ``cash_fen`` is the cash on the day; with ``is_cash_for_everything`` it pays taxes and fees as
    well, else only the down payment. A soft monthly limit is kept when any plan keeps it.
    """

    cash_fen: int
    is_cash_for_everything: bool = True
    payment_max_fen: int | None = None
    is_payment_max_hard: bool = True
    term_months_max: int | None = None
    last_due_on_max: date | None = None
    extra_max_fen: int | None = None
    down_payment_min_fen: int = 0


@dataclass(frozen=True)
class SearchResult:
    """Every plan that meets the needs; ``considered_count`` counts those priced."""

    inputs: SearchInputs
    needs: PlanNeeds
    columns: PlanColumns
    considered_count: int
    is_over_soft_limit: bool

    def plan(self, row: int) -> Plan:
        """Build the plan of one row in full."""
        term_months = int(self.columns.attribute("term_months")[row])
        product = self.inputs.products[int(self.columns.product_index[row])]
        plan = price(
            inputs_of(
                self.inputs,
                product=product,
                term_months=term_months,
                down_payment_fen=int(self.columns.down_payment_fen[row]),
            )
        )
        assert isinstance(plan, Plan), plan
        return plan

    def front_rows(self) -> NDArray[np.intp]:
        """Rows that no other plan equals or beats on everything shown."""
        return front(self.columns.attributes)

    def best_row(self, objective: str) -> int | None:
        """Row that is best at the objective and, by its ties, dominated by none."""
        if not len(self.columns):
            return None
        keys = OBJECTIVES[objective].keys
        rows = np.arange(len(self.columns))
        for name in (*keys, *(name for name in ATTRIBUTES if name not in keys)):
            values = self.columns.attribute(name).take(rows)
            rows = rows[values == values.min()]
        return int(rows[0])


def search(inputs: SearchInputs, needs: PlanNeeds) -> SearchResult:
    """Price every plan within the products' limits and keep those that meet the needs."""
    return _keep(price_all(inputs), inputs, needs)


def search_at(inputs: SearchInputs, needs: PlanNeeds, *, down_payment_fen: int) -> SearchResult:
    """Search one down payment only.

    Where a product lends whole steps, its down payment is raised to the next; ``needs`` have to
    leave room for that.
    """
    return _keep(price_at(inputs, down_payment_fen=down_payment_fen), inputs, needs)


def _keep(every: PlanColumns, inputs: SearchInputs, needs: PlanNeeds) -> SearchResult:
    kept = every.rows(_meets(every, inputs, needs))
    limit_fen = needs.payment_max_fen
    is_over = False
    if limit_fen is not None and not needs.is_payment_max_hard:
        within = kept.attribute("payment_fen") <= limit_fen
        is_over = not within.any()
        kept = kept if is_over else kept.rows(within)
    return SearchResult(inputs, needs, kept, len(every), is_over)


def _meets(columns: PlanColumns, inputs: SearchInputs, needs: PlanNeeds) -> NDArray[np.bool_]:
    cash = (
        columns.attribute("cash_at_delivery_fen")
        if needs.is_cash_for_everything
        else columns.down_payment_fen - inputs.trade_in_fen
    )
    meets = (cash <= needs.cash_fen) & (columns.down_payment_fen >= needs.down_payment_min_fen)
    hard_max_fen = needs.payment_max_fen if needs.is_payment_max_hard else None
    for name, most in (
        ("payment_fen", hard_max_fen),
        ("term_months", needs.term_months_max),
        ("term_months", months_until_last_due(columns, inputs, needs)),
        ("extra_over_cash_fen", needs.extra_max_fen),
    ):
        if most is not None:
            meets &= columns.attribute(name) <= most
    return meets


def months_until_last_due(
    columns: PlanColumns, inputs: SearchInputs, needs: PlanNeeds
) -> Ints | None:
    """Return for every plan how many instalments fit until the latest day allowed; None = any."""
    latest = needs.last_due_on_max
    if latest is None:
        return None
    months = [
        months_until(inputs.dates_for(product.terms).first_due_on, latest)
        for product in inputs.products
    ]
    allowed: Ints = np.array(months, np.int64)[columns.product_index]
    return allowed


def months_until(first_due_on: date, last_due_on_max: date) -> int:
    """Return how many instalments fit from the first due date to the latest allowed."""
    years = last_due_on_max.year - first_due_on.year
    months = years * 12 + last_due_on_max.month - first_due_on.month
    return months + (add_months(first_due_on, months) <= last_due_on_max)
