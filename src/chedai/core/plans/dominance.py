"""Which plans may be shown side by side: none that another equals or beats on everything shown."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chedai.core.plans.kernel.pricing import is_kernel_loaded
from chedai.core.plans.plan import Plan

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

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

SWEPT: Final = ATTRIBUTES.index("cash_at_delivery_fen")
CHUNK_ROWS: Final = 256
EDGE_BP: Final = 1e-4
"""Above the differences of solvers, below anything a person would see."""


def attributes_of(plan: Plan) -> tuple[int, ...]:
    """Return the shown attributes of one plan, in the order of ``ATTRIBUTES``."""
    return (
        plan.payment_fen,
        plan.extra_over_cash_fen,
        int(basis_points(np.array(plan.apr_simple))),
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


def basis_points(apr_simple: Floats) -> Ints:
    """Round annual costs (ratios) to hundredths of a percent, the same from every solver.

    Solvers differ in the twelfth decimal. Contract rates such as 3.885 % lie on the very edge, so
    the edge is moved by a hair to where no contract rate lies.
    """
    rounded: Ints = np.floor(apr_simple * 10_000 + (0.5 + EDGE_BP)).astype(np.int64)
    return rounded


def front(attributes: Ints) -> NDArray[np.intp]:
    """Return the rows that no other row equals or beats; of equal rows the first stays.

    Rows are taken from little cash at delivery to much. A row then matters to later ones only
    until another is as good on everything else, and more cash makes nearly everything else
    better: those that still matter stay few, however many rows there are.

    Parameters
    ----------
    attributes
        One row per plan, every column better when lower.
    """
    swept = min(SWEPT, attributes.shape[1] - 1)
    rest = np.delete(attributes.T, swept, axis=0)
    # A row that beats another never sorts after it: its sum is lower, or both are the same.
    order = np.lexsort((rest.sum(axis=0), attributes[:, swept]))
    if is_kernel_loaded():
        return _swept_by_kernel(rest, order)
    return _swept_by_arrays(rest[:, order], order)


def _swept_by_kernel(rest: Ints, order: NDArray[np.intp]) -> NDArray[np.intp]:
    # Loaded when first needed, like all that is compiled.
    from chedai.core.plans.kernel.sweeping import sweep  # noqa: PLC0415

    numbers = order.astype(np.int64)
    kept = np.empty_like(numbers)
    count = sweep(np.ascontiguousarray(rest.T[order], dtype=np.int64), numbers, kept)
    return np.sort(kept[:count]).astype(np.intp)


def _swept_by_arrays(ranked: Ints, order: NDArray[np.intp]) -> NDArray[np.intp]:
    relevant = ranked[:, :0]
    kept = [order[:0]]
    for begin in range(0, len(order), CHUNK_ROWS):
        chunk = ranked[:, begin : begin + CHUNK_ROWS]
        alive = np.flatnonzero(~_beats(relevant, chunk).any(axis=0))
        among = _beats(chunk[:, alive], chunk[:, alive])
        is_new = ~np.triu(among, 1).any(axis=0)
        alive, among = alive[is_new], among[np.ix_(is_new, is_new)]
        kept.append(order[begin + alive])
        new = chunk[:, alive[~np.tril(among, -1).any(axis=0)]]
        relevant = relevant[:, ~_beats(new, relevant).any(axis=0)]
        relevant = np.concatenate([relevant, new], axis=1)
    return np.sort(np.concatenate(kept))


def _beats(better: Ints, other: Ints) -> NDArray[np.bool_]:
    """Whether each of the first (rows) is as good as each of the second (columns)."""
    beats = np.ones((better.shape[1], other.shape[1]), dtype=np.bool_)
    for mine, theirs in zip(better, other, strict=True):
        beats &= mine[:, None] <= theirs
    return beats
