"""The values of planning: the car, what is bought with it, a plan, and a refusal.

Money is whole fen. No value here has a place for a commission.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chedai.core.dates import add_months
from chedai.core.loans.cost import CostOfCredit
from chedai.core.loans.schedules import Schedule
from chedai.core.loans.terms import Fee, LoanTerms
from chedai.core.plans.product import ProductTerms, ProductVersion, ownership_banner
from chedai.core.plans.product.terms import ContractNature, Power, VehicleCondition, VehicleUse

FEN_PER_YUAN = 100


@dataclass(frozen=True, kw_only=True)
class CarFacts:
    """The car as the lender looks at it; ``None`` = not known yet.

    ``vehicle_price_fen`` is the agreed price without tax, insurance and fittings.
    ``government_subsidy_fen`` is paid to the customer later and lowers the base of loan to value.
    """

    vehicle_price_fen: int
    condition: VehicleCondition = "new"
    power: Power = "combustion"
    use: VehicleUse = "private"
    list_price_fen: int | None = None
    appraised_price_fen: int | None = None
    government_subsidy_fen: int = 0
    vehicle_code: str | None = None
    brand: str | None = None
    province: str | None = None
    age_months: int | None = None
    mileage_km: int | None = None

    def ltv_base_fen(self, *, price_discount_fen: int = 0) -> int:
        """Lower of the net price and the list price (new car) or the appraisal (used car)."""
        net_fen = self.vehicle_price_fen - price_discount_fen - self.government_subsidy_fen
        other_fen = self.list_price_fen if self.condition == "new" else self.appraised_price_fen
        return net_fen if other_fen is None else min(net_fen, other_fen)


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """Something bought with the car, from whom; ``is_financed`` = added to the loan.

    A line that is a condition of the loan and that a cash buyer would not need is a cost of credit.
    """

    code: str
    name: str
    amount_fen: int
    payee: str
    is_financed: bool = False
    is_condition_of_loan: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why this product cannot make this plan: which input, and what would do instead."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDates:
    """The days a price may depend on; disbursed one month before, where nobody said a day."""

    first_due_on: date
    disbursed_on: date | None = None

    @property
    def starts_on(self) -> date:
        """Day of disbursement."""
        return self.disbursed_on or add_months(self.first_due_on, -1)


@dataclass(frozen=True, kw_only=True)
class PlanInputs:
    """Everything a plan was computed from; pricing them again gives the same plan.

    ``disbursed_on`` None = one month before the first due date.

    ``cash_discount_fen`` is what this store takes off for cash buyers only; ``None`` leaves the
    product's own word. ``purchase_costs`` are paid by cash buyers as well.
    """

    product: ProductVersion
    car: CarFacts
    term_months: int
    down_payment_fen: int
    first_due_on: date
    purchase_costs: tuple[CostLine, ...] = ()
    add_ons: tuple[CostLine, ...] = ()
    cash_discount_fen: int | None = None
    trade_in_fen: int = 0
    disbursed_on: date | None = None

    @property
    def dates(self) -> ContractDates:
        """The days of the contract."""
        return ContractDates(first_due_on=self.first_due_on, disbursed_on=self.disbursed_on)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One plan, fully computed.

    Attributes
    ----------
    payments_fen
        What leaves the customer's account month by month: instalment plus fees due then, less a
        deposit that comes back.
    principal_fen, car_principal_fen, financed_extras_fen
        The contract's principal, and its two parts.
    vehicle_price_fen
        The price a borrower pays, after a discount for borrowers.
    cost
        The contract as signed, including money given on the day; later refunds are not promised.
    cost_after_refund, cost_without_subsidy
        With interest refunds that come later on conditions; and as if nobody else paid anything.
    cash_at_delivery_fen
        Down payment, purchase costs, fees and deposits on the day, less what is financed, the
        trade-in and money given on the day.
    """

    inputs: PlanInputs
    loan_terms: LoanTerms
    schedule: Schedule
    fees: tuple[Fee, ...]
    payments_fen: tuple[int, ...]
    cost: CostOfCredit
    cost_after_refund: CostOfCredit
    cost_without_subsidy: CostOfCredit
    principal_fen: int
    car_principal_fen: int
    financed_extras_fen: int
    vehicle_price_fen: int
    loan_to_value: Decimal
    last_due_on: date
    cash_at_delivery_fen: int

    @property
    def product(self) -> ProductTerms:
        """What the product version says."""
        return self.inputs.product.terms

    @property
    def key(self) -> tuple[str, int, int]:
        """Which version, how long, how much down: identifies a plan within one search."""
        return (self.inputs.product.version_id, self.term_months, self.down_payment_fen)

    @property
    def term_months(self) -> int:
        """Number of instalments."""
        return self.inputs.term_months

    @property
    def down_payment_fen(self) -> int:
        """Paid by the customer towards the car's price."""
        return self.inputs.down_payment_fen

    @property
    def payment_fen(self) -> int:
        """The monthly payment to show and to hold against a limit; see ``headline_payment``."""
        return headline_payment(self.payments_fen)

    @property
    def first_payment_fen(self) -> int:
        """Month one, which may carry a fee."""
        return self.payments_fen[0]

    @property
    def largest_payment_fen(self) -> int:
        """The largest month of all, a balloon included."""
        return max(self.payments_fen)

    @property
    def last_payment_fen(self) -> int:
        """The last month: remainder, balloon, returned deposit."""
        return self.payments_fen[-1]

    @property
    def is_level(self) -> bool:
        """Whether every month but the last is the same."""
        return len(set(self.payments_fen[:-1])) <= 1

    @property
    def total_paid_fen(self) -> int:
        """Paid because of the credit, principal included."""
        return self.cost.total_paid_fen

    @property
    def extra_over_cash_fen(self) -> int:
        """More than a cash buyer of the same car pays."""
        return self.cost.extra_over_cash_fen

    @property
    def received_fen(self) -> int:
        """Cash really received on day 0: below the principal when fees are taken at once."""
        return self.cost.received_fen

    @property
    def apr_simple(self) -> float:
        """12 × monthly rate, a ratio: the headline."""
        return self.cost.apr_simple

    @property
    def apr_compound(self) -> float:
        """Effective annual rate, a ratio."""
        return self.cost.apr_compound

    @property
    def contract_nature(self) -> ContractNature:
        """Loan, card instalment or lease."""
        return self.product.contract_nature

    @property
    def ownership_banner(self) -> str:
        """Whose car it is until the end, in one sentence."""
        return ownership_banner(self.contract_nature)

    @property
    def first_due_on(self) -> date:
        """Due date of instalment one."""
        return self.inputs.first_due_on


def headline_payment(payments_fen: tuple[int, ...]) -> int:
    """Say a plan's payment in one number, never below a regular month.

    The level between the first and the last month; if that is not level, the largest month before
    the last. One-off fees of month one and a balloon are shown beside it.
    """
    middle = payments_fen[1:-1]
    if middle and min(middle) == max(middle):
        return middle[0]
    return max(payments_fen[:-1] or payments_fen)


def whole_yuan_up(fen: int) -> int:
    """Yuan to show for a payment: never rounded down."""
    return -(-fen // FEN_PER_YUAN)
