"""One product that may not take a customer yet, and the ways in which it could."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from chedai.core.plans.eligibility import OBJECTIONS, CustomerFacts, Objection, Reason
from chedai.core.plans.plan import CostLine, Plan, PlanInputs
from chedai.core.plans.product import ProductTerms

STEP_FEN: Final = 100_00

LeverName = Literal[
    "down_payment", "price", "term", "add_ons", "debts", "co_borrower", "objections"
]
CostsOf = Callable[[int], tuple[CostLine, ...]]
"""Purchase costs of the same car at a price in fen; which of them are financed stays the same."""


@dataclass(frozen=True, kw_only=True)
class PassNeeds:
    """What the customer will not go beyond; None = not said. Cash is all cash on the day."""

    payment_max_fen: int | None = None
    cash_max_fen: int | None = None
    extra_max_fen: int | None = None
    term_months_max: int | None = None
    last_due_on_max: date | None = None


@dataclass(frozen=True, kw_only=True)
class Debts:
    """What the customer says they owe each month, and the share of income all of it may take.

    ``settle_months``: settling an instalment of so much a month takes so many times that much.
    """

    monthly_fen: int
    max_debt_to_income: Decimal
    settle_months: int


@dataclass(frozen=True, kw_only=True)
class PassCase:
    """A product as the deal stands; levers move in whole steps of ``step_fen`` from there.

    A lower price leaves the down payment as it is; purchase costs follow it by ``costs_of``.
    """

    inputs: PlanInputs
    customer: CustomerFacts
    on: date
    needs: PassNeeds = PassNeeds()
    debts: Debts | None = None
    costs_of: CostsOf | None = None
    price_min_fen: int = 1
    step_fen: int = STEP_FEN

    @property
    def terms(self) -> ProductTerms:
        """What the product version says."""
        return self.inputs.product.terms

    @property
    def in_the_way(self) -> tuple[Objection, ...]:
        """What this product asks for and the customer does not want."""
        return tuple(o for o in self.customer.objections if OBJECTIONS[o][1](self.terms))

    @property
    def lacks_co_borrower(self) -> bool:
        """Whether somebody has to borrow along and nobody is known to."""
        return self.terms.eligibility.needs_co_borrower and not self.customer.has_co_borrower

    @property
    def opened_customer(self) -> CustomerFacts:
        """The customer with a co-borrower where one is needed, and nothing objected to."""
        has = True if self.lacks_co_borrower else self.customer.has_co_borrower
        return replace(self.customer, objections=(), has_co_borrower=has)

    def costs_at(self, price_fen: int) -> tuple[CostLine, ...]:
        """Return the purchase costs at another price."""
        if self.costs_of is None or price_fen == self.inputs.car.vehicle_price_fen:
            return self.inputs.purchase_costs
        return self.costs_of(price_fen)


@dataclass(frozen=True)
class Change:
    """One lever moved: by how much, what that costs in fen, and in words."""

    lever: LeverName
    amount: int
    cost_fen: int
    text: str


@dataclass(frozen=True)
class PassRoute:
    """The changes that turn ✗ into ✓, and the plan they lead to; none when it passes already.

    ``to_ask`` is what nobody has said yet or what the lender looks at by hand.
    """

    changes: tuple[Change, ...]
    plan: Plan
    cost_fen: int
    to_ask: tuple[Reason, ...]

    @property
    def text(self) -> str:
        """Every change with its price, in one sentence."""
        return "，并".join(change.text for change in self.changes)


@dataclass(frozen=True)
class Binding:
    """One thing that stands in the way; ``is_fixed`` = no lever reaches it."""

    code: str
    message: str
    is_fixed: bool


@dataclass(frozen=True)
class Impassable:
    """Nothing helps: what stands in the way, nearest miss first found."""

    reasons: tuple[Binding, ...]

    @property
    def text(self) -> str:
        """What is in the way, in one sentence."""
        return "；".join(reason.message for reason in self.reasons)
