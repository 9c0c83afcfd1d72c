"""In which order a payment settles what is owed: the lender's rule, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Component(IntEnum):
    """What an instalment consists of."""

    PENALTY = 0
    FEE = 1
    INTEREST = 2
    PRINCIPAL = 3


@dataclass(frozen=True, kw_only=True)
class AllocationOrder:
    """One lender's order.

    Attributes
    ----------
    components
        All four, the one paid before the others in front.
    across
        ``instalment``: the oldest instalment wholly, then the next. ``component``: of all
        instalments due by the day of payment, one component after the other; what is left goes to
        later instalments, one after the other.
    """

    id: str
    label: str
    components: tuple[Component, Component, Component, Component]
    across: Literal["instalment", "component"]

    def __post_init__(self) -> None:
        assert sorted(self.components) == list(Component), f"{self.id} leaves something out"


_P, _F, _I, _C = Component.PENALTY, Component.FEE, Component.INTEREST, Component.PRINCIPAL

_LISTED: Final = (
    AllocationOrder(
        id="penalty_fee_interest_principal",
        label="逐期：罚息、费用、利息、本金",
        components=(_P, _F, _I, _C),
        across="instalment",
    ),
    AllocationOrder(
        id="fee_penalty_interest_principal",
        label="逐期：费用、罚息、利息、本金",
        components=(_F, _P, _I, _C),
        across="instalment",
    ),
    AllocationOrder(
        id="interest_principal_fee_penalty",
        label="逐期：利息、本金、费用、罚息",
        components=(_I, _C, _F, _P),
        across="instalment",
    ),
    AllocationOrder(
        id="principal_interest_fee_penalty",
        label="逐期：本金、利息、费用、罚息",
        components=(_C, _I, _F, _P),
        across="instalment",
    ),
    AllocationOrder(
        id="all_penalty_fee_interest_principal",
        label="逐项：全部到期罚息、费用、利息、本金",
        components=(_P, _F, _I, _C),
        across="component",
    ),
    AllocationOrder(
        id="all_principal_interest_fee_penalty",
        label="逐项：全部到期本金、利息、费用、罚息",
        components=(_C, _I, _F, _P),
        across="component",
    ),
)

ALLOCATION_ORDERS: Final[Mapping[str, AllocationOrder]] = MappingProxyType(
    {order.id: order for order in _LISTED}
)
"""The orders lenders use, by the word in a contract's ``allocation_order``."""


@dataclass(slots=True, kw_only=True)
class OpenInstalment:
    """What is still owed of one instalment, by component in fen; changed as payments come in."""

    number: int
    due_on: date
    owed_fen: list[int]


class Part(NamedTuple):
    """A part of one payment: which instalment, what of it, how much."""

    number: int
    component: Component
    amount_fen: int


def allocate(
    amount_fen: int,
    open_instalments: Sequence[OpenInstalment],
    *,
    paid_on: date,
    order: AllocationOrder,
) -> tuple[tuple[Part, ...], int]:
    """Share one payment out.

    Parameters
    ----------
    amount_fen
        What was received, at least 1.
    open_instalments
        In order of their due days; not changed.

    Returns
    -------
    tuple
        The parts in the order they are paid, and what is left when nothing is owed any more.
    """
    parts = []
    left_fen = amount_fen
    for instalment, component in _turns(open_instalments, paid_on=paid_on, order=order):
        part_fen = min(left_fen, instalment.owed_fen[component])
        if part_fen:
            parts.append(Part(instalment.number, component, part_fen))
            left_fen -= part_fen
    return tuple(parts), left_fen


def _turns(
    instalments: Sequence[OpenInstalment], *, paid_on: date, order: AllocationOrder
) -> list[tuple[OpenInstalment, Component]]:
    by_instalment = [(i, c) for i in instalments for c in order.components]
    if order.across == "instalment":
        return by_instalment
    due = [(i, c) for c in order.components for i in instalments if i.due_on <= paid_on]
    return due + [(i, c) for i, c in by_instalment if i.due_on > paid_on]
