"""Which plans may be shown side by side: none that another equals or beats on everything shown."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.plan import Plan

ATTRIBUTES: Final = (
    "payment_fen",
    "extra_over_cash_fen",
    "apr_bp",
    "term_months",
    "free_from_month",
    "cash_at_delivery_fen",
    "ownership_rank",
)
"""What the card shows, each better when lower; the annual cost as shown, to two decimals."""

OWNERSHIP_RANKS: Final = {
    "loan": 0,
    "card_instalment": 0,
    "finance_lease_leaseback": 1,
    "finance_lease_direct": 2,
}
"""Closeness to owning the car from the beginning."""


def attributes_of(plan: Plan) -> tuple[int, ...]:
    """Return the shown attributes of one plan, in the order of ``ATTRIBUTES``."""
    return (
        plan.payment_fen,
        plan.extra_over_cash_fen,
        round(plan.apr_simple * 10_000),
        plan.term_months,
        free_from_month(plan),
        plan.cash_at_delivery_fen,
        OWNERSHIP_RANKS[plan.contract_nature],
    )


def free_from_month(plan: Plan) -> int:
    """Return after how many instalments settling early costs no charge; the term if never."""
    return min(plan.product.prepayment.free_from_month, plan.term_months)


def dominates(better: Sequence[int], other: Sequence[int]) -> bool:
    """Whether one is at least as good on every shown attribute: the other may not be shown."""
    return all(mine <= theirs for mine, theirs in zip(better, other, strict=True))


def front(attributes: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the rows that no other row equals or beats; of equal rows the first stays.

    Parameters
    ----------
    attributes
        One row per plan, every column better when lower.
    """
    # A dominating row never sorts after the one it dominates.
    order = np.lexsort((np.arange(len(attributes)), *attributes.T[::-1]))
    kept = np.empty(attributes.shape, dtype=attributes.dtype)
    rows: list[int] = []
    for row in order:
        if not (kept[: len(rows)] <= attributes[row]).all(axis=1).any():
            kept[len(rows)] = attributes[row]
            rows.append(int(row))
    return np.array(sorted(rows), dtype=np.intp)
