"""When nothing fits: the fewest limits to loosen, and what each way asks for in yuan."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.explanation import in_wan, yuan
from chedai.core.plans.payment_columns import Ints
from chedai.core.plans.plan import Plan, whole_yuan_up
from chedai.core.plans.search import (
    PlanColumns,
    PlanNeeds,
    SearchInputs,
    SearchResult,
    months_until_last_due,
    price_all,
)

RELAXATIONS_MAX: Final = 3


@dataclass(frozen=True)
class Loosened:
    """One limit to loosen: by how much, and in words."""

    limit: str
    amount: int
    text: str


@dataclass(frozen=True)
class Relaxation:
    """One way out: the limits to loosen together, the plan it gives, and its price in fen.

    The price is what goes beyond the customer's own limits: more cash on the day, more a month
    times the months, more in all. A longer term or a product they would rather not have is priced
    by what the plan costs beyond the cheapest one within the term.
    """

    loosened: tuple[Loosened, ...]
    plan: Plan
    price_fen: int

    @property
    def text(self) -> str:
        """One way in a sentence."""
        return f"{'、'.join(item.text for item in self.loosened)}（代价 {yuan(self.price_fen)}）"


@dataclass(frozen=True)
class _Limit:
    """How far each plan is beyond one limit (0 = within), and what that costs."""

    name: str
    excess: Ints
    price_fen: Ints


@dataclass(frozen=True)
class Objected:
    """Products ruled out by one thing the customer will not accept: 装 GPS, 融资租赁 …."""

    label: str
    version_ids: frozenset[str] = field(default_factory=frozenset)


def relaxations(
    inputs: SearchInputs,
    needs: PlanNeeds,
    *,
    objected: Mapping[str, Objected] | None = None,
) -> tuple[Relaxation, ...]:
    """Return at most three ways out, cheapest first, each loosening as few limits as can be.

    Empty when something fits already, or when no product makes any plan. ``objected`` may be
    lifted one by one; other refusals stand.
    """
    lifted = objected or {}
    may_lift = {version for item in lifted.values() for version in item.version_ids}
    refused = {key: why for key, why in inputs.refused.items() if key not in may_lift}
    wider = replace(inputs, refused=refused)
    columns = price_all(wider)
    if not len(columns):
        return ()
    limits = _limits(columns, wider, needs, lifted)
    is_beyond = np.stack([limit.excess > 0 for limit in limits], axis=1)
    count = is_beyond.sum(axis=1)
    if count.min() == 0:
        return ()
    price_fen = sum((limit.price_fen for limit in limits), start=np.zeros(len(columns), np.int64))
    rows = _cheapest_of_each_kind(is_beyond, count == count.min(), price_fen, columns)
    result = SearchResult(wider, needs, columns, len(columns), is_over_soft_limit=False)
    return tuple(
        Relaxation(
            loosened=tuple(
                _loosened(limit.name, int(limit.excess[row]), needs, lifted)
                for limit in limits
                if limit.excess[row] > 0
            ),
            plan=result.plan(row),
            price_fen=int(price_fen[row]),
        )
        for row in rows[:RELAXATIONS_MAX]
    )


def _limits(
    columns: PlanColumns,
    inputs: SearchInputs,
    needs: PlanNeeds,
    objected: Mapping[str, Objected],
) -> list[_Limit]:
    months = columns.attribute("term_months")
    extra = columns.attribute("extra_over_cash_fen")
    term_excess = np.maximum(
        _beyond(months, needs.term_months_max),
        _beyond(months, months_until_last_due(columns, inputs, needs)),
    )
    within_term = extra[term_excess == 0]
    dearer = np.maximum(extra - (within_term.min() if len(within_term) else 0), 0)
    cash = columns.attribute("cash_at_delivery_fen")
    if not needs.is_cash_for_everything:
        cash = columns.down_payment_fen - inputs.trade_in_fen
    cash_excess = _beyond(cash, needs.cash_fen)
    payment_max_fen = needs.payment_max_fen if needs.is_payment_max_hard else None
    payment_excess = _beyond(columns.attribute("payment_fen"), payment_max_fen)
    extra_excess = _beyond(extra, needs.extra_max_fen)
    down_excess = np.maximum(needs.down_payment_min_fen - columns.down_payment_fen, 0)
    limits = [
        _Limit("cash", cash_excess, cash_excess),
        _Limit("payment", payment_excess, payment_excess * months),
        _Limit("term", term_excess, np.where(term_excess > 0, dearer, 0)),
        _Limit("extra", extra_excess, extra_excess),
        _Limit("down_payment", down_excess, np.zeros_like(down_excess)),
    ]
    versions = np.array([product.version_id for product in inputs.products])
    for name, item in objected.items():
        is_out = np.isin(versions[columns.product_index], list(item.version_ids))
        limits.append(_Limit(name, is_out.astype(np.int64), np.where(is_out, dearer, 0)))
    return limits


def _beyond(values: Ints, most: Ints | int | None) -> Ints:
    excess: Ints = np.zeros_like(values) if most is None else np.maximum(values - most, 0)
    return excess


def _cheapest_of_each_kind(
    is_beyond: NDArray[np.bool_],
    is_candidate: NDArray[np.bool_],
    price_fen: Ints,
    columns: PlanColumns,
) -> list[int]:
    """Return the cheapest row of every combination of limits, cheapest first."""
    kinds = is_beyond @ (1 << np.arange(is_beyond.shape[1]))
    extra = columns.attribute("extra_over_cash_fen")
    order = np.lexsort((extra, price_fen))
    seen: set[int] = set()
    rows = []
    for row in order[is_candidate[order]]:
        if int(kinds[row]) not in seen:
            seen.add(int(kinds[row]))
            rows.append(int(row))
    return rows


def _loosened(
    name: str, amount: int, needs: PlanNeeds, objected: Mapping[str, Objected]
) -> Loosened:
    if name in objected:
        return Loosened(name, amount, f"接受{objected[name].label}")
    limit_fen = needs.payment_max_fen or 0
    text = {
        "cash": lambda: f"提车现金加 {in_wan(amount)}",
        "payment": lambda: f"月供上限提到 {whole_yuan_up(limit_fen + amount):,} 元",
        "term": lambda: f"晚 {amount} 个月还完",
        "extra": lambda: f"比全款多付的上限加 {yuan(amount)}",
        "down_payment": lambda: f"首付少付 {in_wan(amount)}",
    }[name]()
    return Loosened(name, amount, text)
