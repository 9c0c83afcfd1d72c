"""The facts of one plan that policy rules look at; plain values, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal


class VehicleUse(StrEnum):
    """Decided by purpose, not by body: ride-hailing is commercial."""

    PRIVATE = "private"
    COMMERCIAL = "commercial"


class VehicleCondition(StrEnum):
    """New from the maker's dealer, or used."""

    NEW = "new"
    USED = "used"


class Power(StrEnum):
    """Traditional engine, or new energy (battery, plug-in, fuel cell)."""

    COMBUSTION = "combustion"
    NEW_ENERGY = "new_energy"


class LenderKind(StrEnum):
    """Who puts up the money; most rules depend on it."""

    BANK = "bank"
    AUTO_FINANCE_COMPANY = "auto_finance_company"
    LEASING_COMPANY = "leasing_company"
    CARD_CENTRE = "card_centre"
    CONSUMER_FINANCE_COMPANY = "consumer_finance_company"
    MICROLOAN_COMPANY = "microloan_company"
    PRIVATE_LENDER = "private_lender"


class ContractNature(StrEnum):
    """What the customer signs in law, whatever the leaflet calls it."""

    CAR_LOAN = "car_loan"
    CONSUMER_LOAN = "consumer_loan"
    CARD_INSTALMENT = "card_instalment"
    CARD_CASH_INSTALMENT = "card_cash_instalment"
    FINANCE_LEASE_DIRECT = "finance_lease_direct"
    FINANCE_LEASE_LEASEBACK = "finance_lease_leaseback"
    DEALER_FLOOR_PLAN = "dealer_floor_plan"
    PRIVATE_LOAN = "private_loan"

    @property
    def is_lease(self) -> bool:
        """Whether the customer pays rent, not instalments of a loan."""
        return self in {ContractNature.FINANCE_LEASE_DIRECT, ContractNature.FINANCE_LEASE_LEASEBACK}


def contract_nature_in_law(*, product_nature: str, lender_kind: str, family: str) -> ContractNature:
    """Tell which contract of the law a product's own word means.

    A product says ``loan``; the law knows the car loan, with its own term and ratio, and
    the consumption loan of a bank. Only a bank's dedicated consumption loan
    (``bank_car_loan``) counts as the latter; every other loan is held to be a car loan,
    the stricter reading. The product's other words are those of the law.
    """
    if product_nature != "loan":
        return ContractNature(product_nature)
    if lender_kind == LenderKind.BANK and family == "bank_car_loan":
        return ContractNature.CONSUMER_LOAN
    if lender_kind == LenderKind.PRIVATE_LENDER:
        return ContractNature.PRIVATE_LOAN
    return ContractNature.CAR_LOAN


class PayeeKind(StrEnum):
    """Whose account the money goes to."""

    LENDER = "lender"
    DEALER = "dealer"
    COMPANY = "company"
    AUTHORITY = "authority"
    PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class Fee:
    """One fee the customer pays besides instalments; ``amount_fen`` in fen, ≥ 0."""

    code: str
    name_zh: str
    amount_fen: int
    payee_name: str | None = None
    payee_kind: PayeeKind | None = None
    is_on_disclosure_form: bool | None = None
    is_prepaid_success_fee: bool = False

    def __post_init__(self) -> None:
        if self.payee_kind is not None:
            object.__setattr__(self, "payee_kind", PayeeKind(self.payee_kind))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the plan rules may look at.

    Money is int fen, rates are Decimal ratios a year, terms are months. ``None``
    says "not known", never "no".

    vehicle_price_fen
        Net transaction price: after discounts, without taxes, fees and premiums.
    government_subsidy_fen
        Subsidy of the state for this car; lowers the base of loan-to-value.
    principal_fen
        Amount lent for the car itself, extras excluded.
    deducted_in_advance_fen
        Interest kept back from the disbursement.
    financed_extras_fen, extras_price_fen
        Amount lent for accessories and services, and their total price.
    extension_months
        Agreed extension; term limits count it.
    loan_only_discount_fen
        Price advantage only loan buyers get.
    marketing_words
        Words shown to the customer about this product.
    """

    vehicle_price_fen: int
    principal_fen: int
    term_months: int
    vehicle_use: VehicleUse
    vehicle_condition: VehicleCondition
    power: Power
    lender_kind: LenderKind
    contract_nature: ContractNature
    decided_on: date
    contract_on: date | None = None
    invoice_on: date | None = None
    list_price_fen: int | None = None
    appraised_price_fen: int | None = None
    government_subsidy_fen: int = 0
    deducted_in_advance_fen: int = 0
    financed_extras_fen: int = 0
    extras_price_fen: int = 0
    are_extras_applied_separately: bool | None = None
    extension_months: int = 0
    displacement_cc: int | None = None
    seats: int | None = None
    product_family: str = ""
    province: str | None = None
    apr_simple: Decimal | None = None
    apr_compound: Decimal | None = None
    flat_fee_rate_total: Decimal | None = None
    fees: tuple[Fee, ...] = ()
    is_internet_loan: bool = False
    is_internet_assisted: bool = False
    is_self_paid: bool = False
    is_cost_shown_as_interest: bool | None = None
    is_all_interest_upfront: bool = False
    loan_only_discount_fen: int = 0
    is_loan_only_discount_shown: bool = False
    disclosure_confirmed_at: datetime | None = None
    contract_signed_at: datetime | None = None
    marketing_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Turn plain words into their enumeration, so that no rule overlooks a plan."""
        for name, kind in _WORDS.items():
            object.__setattr__(self, name, kind(getattr(self, name)))

    @property
    def rules_day(self) -> date:
        """The day whose rules apply: the contract's, or the decision's before there is one."""
        return self.contract_on or self.decided_on


_WORDS: Final[Mapping[str, type[StrEnum]]] = {
    "vehicle_use": VehicleUse,
    "vehicle_condition": VehicleCondition,
    "power": Power,
    "lender_kind": LenderKind,
    "contract_nature": ContractNature,
}
