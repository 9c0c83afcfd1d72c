"""What the proposal says, as frozen values: the one source of its print and its customer page.

Money is whole fen (``_fen``), rates are Decimal ratios, days are ISO texts (``2026-11-23``).
Labels are Chinese as the customer reads them. A fee cannot be stated without its payee, nor a
plan without lender and nature of contract: the fields have no default and must not be blank.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from chedai.core.plans.product.reading import NotBlank, from_plain, to_plain

Text = Annotated[str, NotBlank()]


@dataclass(frozen=True, kw_only=True)
class ReadBack:
    """One confirmed need, as read back: 首付 · 5 万元(不含税费险)· 已确认."""

    slot: Text
    said: Text
    certainty: Text


@dataclass(frozen=True, kw_only=True)
class Car:
    """The car and its net price, without tax and insurance."""

    description: Text
    condition: Text
    vehicle_price_fen: int
    list_price_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """A charge, who receives it, how it is reckoned, when it falls due."""

    name: Text
    payee: Text
    amount_fen: int
    basis: Text
    due: Text
    is_refundable: bool
    is_condition_of_loan: bool


@dataclass(frozen=True, kw_only=True)
class InstalmentRun:
    """Consecutive instalments of one amount; both numbers belong to the run."""

    from_number: int
    to_number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class YearOfPlan:
    """What is paid in months ``up to`` (since the line before), and what is owed after them."""

    to_month: int
    paid_fen: int
    cumulative_fen: int
    outstanding_fen: int


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """Settling after instalment ``after_month``; a None charge = the contract does not allow it."""

    after_month: int
    charge_fen: int | None
    payoff_fen: int
    extra_over_cash_fen: int


@dataclass(frozen=True, kw_only=True)
class PlanColumn:
    """One plan. The five numbers stand together in every view.

    Attributes
    ----------
    instalment_fen
        The instalment most months bear; ``runs`` says all of them.
    total_paid_fen
        All instalments and all fees that are conditions of the loan; no refundable deposit.
    extra_over_cash_fen
        More than paying cash for the same car, lost discounts included.
    cash_at_delivery_fen
        Everything to bring on the day of delivery; what comes later is not deducted.
    market_rank
        1 = cheapest by ``apr_simple`` in the store's catalogue of the day.
    break_even_month
        Latest month whose settlement still costs less than cash; None where there is none.
    """

    letter: Text
    best_at: Text
    product_name: Text
    product_version: Text
    lender_name: Text
    lender_kind: Text
    contract_nature: Text
    ownership_banner: Text
    method: Text
    principal_fen: int
    down_payment_fen: int
    term_months: int
    instalment_fen: int
    runs: tuple[InstalmentRun, ...]
    first_due_on: Text
    last_due_on: Text
    total_paid_fen: int
    extra_over_cash_fen: int
    apr_simple: Decimal
    apr_compound: Decimal
    cash_at_delivery_fen: int
    prepayment: Text
    fees: tuple[FeeLine, ...]
    gives_up: tuple[Text, ...]
    likelihood: Text
    likelihood_reason: Text
    years: tuple[YearOfPlan, ...]
    settlements: tuple[Settlement, ...]
    prepayment_message: Text
    market_rank: int
    break_even_month: int | None = None


@dataclass(frozen=True, kw_only=True)
class CashColumn:
    """Paying the whole price: what to bring, and what is given up by it."""

    total_paid_fen: int
    cash_at_delivery_fen: int
    gives_up: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class PurchaseCost:
    """A line of what is paid beside the price on the day of delivery."""

    name: Text
    amount_fen: int
    payee: Text
    basis: Text
    is_estimate: bool


@dataclass(frozen=True, kw_only=True)
class LaterMoney:
    """A subsidy paid later, under a condition; it is never a down payment."""

    name: Text
    amount_fen: int
    payer: Text
    expected: Text
    condition: Text


@dataclass(frozen=True, kw_only=True)
class Market:
    """Yearly cost (simple) of every plan the store could offer for this need on that day."""

    on: Text
    reference_set: Text
    apr_simple: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Why a monthly fee rate times twelve is not the yearly cost, with the customer's own numbers.

    ``flat_rate_monthly`` = extra over cash / principal / months. ``owed_fen`` is the principal
    still owed after 0, 1, … months.
    """

    letter: Text
    principal_fen: int
    term_months: int
    flat_rate_monthly: Decimal
    flat_rate_times_twelve: Decimal
    apr_simple: Decimal
    half_month: int
    owed_at_half_fen: int
    owed_fen: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something said, and where it is written (or that it is not)."""

    said: Text
    said_by: Text
    written: Text
    is_written: bool


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A rule this proposal was made under; ``dated`` says since when, and if nobody read it."""

    says: Text
    instrument: Text
    number: str
    article: str
    dated: Text


@dataclass(frozen=True, kw_only=True)
class Versions:
    """What computed and what decided."""

    engine: Text
    policy_book: Text
    layout: Text


@dataclass(frozen=True, kw_only=True)
class ProposalSheet:
    """The whole proposal; plans ascend by ``extra_over_cash_fen``.

    ``cash`` None = the customer excluded paying cash.
    """

    number: Text
    store_name: Text
    advisor_name: Text
    advisor_contact: str
    addressee: Text
    made_on: Text
    products_on: Text
    need_version: int
    needs: tuple[ReadBack, ...]
    car: Car
    plans: tuple[PlanColumn, ...]
    cash: CashColumn | None
    purchase_costs: tuple[PurchaseCost, ...]
    later_money: tuple[LaterMoney, ...]
    market: Market
    lesson: Lesson | None
    promises: tuple[Promise, ...]
    citations: tuple[Citation, ...]
    versions: Versions

    def to_json(self) -> dict[str, Any]:
        """Plain JSON value; ``from_json`` gives an equal sheet back."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, document: object) -> "ProposalSheet":
        """Read a plain JSON value; a ``MalformedTermsError`` names every faulty field."""
        return from_plain(cls, document)

    def digest(self) -> str:
        """SHA-256 in hex of the sheet's canonical JSON: what the printed code stands for."""
        written = json.dumps(
            self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(written.encode()).hexdigest()
