"""What one version of a lender's product says, as frozen values.

Units: money is whole fen (``_fen``), rates and ratios are Decimal ratios (0.0388, never 3.88).
An empty tuple of codes, brands, provinces or income kinds means "any".
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from chedai.core.plans.product.reading import (
    WRITTEN_WHEN_SET,
    Between,
    NotBlank,
    from_plain,
    to_plain,
)

Fen = Annotated[int, Between(0, 100_000_000_00)]
Count = Annotated[int, Between(0, 1_200)]
Term = Annotated[int, Between(1, 120)]
Ratio = Annotated[Decimal, Between(0, 1)]
Text = Annotated[str, NotBlank()]

LenderKind = Literal["bank", "auto_finance_company", "leasing_company", "card_centre"]
ContractNature = Literal[
    "loan", "card_instalment", "finance_lease_direct", "finance_lease_leaseback"
]
Family = Literal[
    "oem_subsidised",
    "bank_car_loan",
    "card_instalment",
    "lease_direct",
    "lease_leaseback",
    "standard",
    "balloon",
    "staged_interest_free",
    "early_free_high_fee",
    "financed_extras",
    "used_car",
]
Method = Literal[
    "equal_instalment",
    "equal_principal",
    "interest_first",
    "balloon",
    "stepped",
    "bullet",
    "flat_fee",
    "lease_rent",
    "seasonal",
]
VehicleCondition = Literal["new", "used"]
Power = Literal["combustion", "new_energy"]
VehicleUse = Literal["private", "commercial"]
CreditHistory = Literal[
    "clean",
    "thin",
    "many_inquiries",
    "past_overdue",
    "current_overdue",
    "severe_overdue",
    "online_loans",
    "blacklisted_self",
]
IncomeKind = Literal["salary", "business", "gig", "retired", "none"]
FeeTiming = Literal["upfront", "spread", "first_instalment", "last"]
SegmentBase = Literal["outstanding", "segment_start", "original"]
RentTiming = Literal["arrears", "advance"]
Rounding = Literal["half_up", "half_even", "up", "down"]
DayCount = Literal["ACT/365", "ACT/360", "30/360"]
LprTenor = Literal["1Y", "5Y"]
Repricing = Literal["anniversary", "new_year"]
ResidualRisk = Literal["lender", "dealer", "customer"]

LENDER_KIND_LABELS: Final[dict[LenderKind, str]] = {
    "bank": "银行",
    "auto_finance_company": "汽车金融公司",
    "leasing_company": "融资租赁公司",
    "card_centre": "信用卡中心",
}
CONTRACT_NATURE_LABELS: Final[dict[ContractNature, str]] = {
    "loan": "贷款",
    "card_instalment": "信用卡分期",
    "finance_lease_direct": "融资租赁（直租）",
    "finance_lease_leaseback": "融资租赁（售后回租）",
}
OWNERSHIP_BANNERS: Final[dict[ContractNature, str]] = {
    "loan": "车登记在您名下。还清之前车抵押给放款机构，还清后要办解押。",
    "card_instalment": "车登记在您名下。这是信用卡购车分期，不还会计入信用卡逾期。",
    "finance_lease_direct": "注意：还清之前，车登记在租赁公司名下。您付的是租金。",
    "finance_lease_leaseback": (
        "注意：您先把车卖给租赁公司再租回来用。车牌在您名下，但还清之前所有权归租赁公司，您付的是租金。"
    ),
}
FAMILY_LABELS: Final[dict[Family, str]] = {
    "oem_subsidised": "厂家贴息（0 息或低息）",
    "bank_car_loan": "银行车贷",
    "card_instalment": "信用卡购车分期",
    "lease_direct": "融资租赁直租",
    "lease_leaseback": "融资租赁回租",
    "standard": "标准等额本息或等额本金",
    "balloon": "气球贷（弹性尾款）",
    "staged_interest_free": "分段免收利息",
    "early_free_high_fee": "高费率、到期可免违约金提前还",
    "financed_extras": "附加品融资（保险、购置税等）",
    "used_car": "二手车贷款",
}


@dataclass(frozen=True)
class RateSegment:
    """A stretch of months with its own rate (0 = no interest in these months)."""

    months: Term
    nominal_rate_annual: Ratio


@dataclass(frozen=True)
class TermOffer:
    """The price of one term: exactly one of rate, flat fee or segments.

    The fields mean what they mean in ``chedai.core.loans.LoanTerms``.

    ``flat_fee_rate_total`` is on the original principal over the whole term.
    ``balloon_ratio`` is the share of the principal due with the last instalment
    (of a lease: the residual price).
    ``interest_only_months`` counts instalments of interest alone before principal is repaid.
    ``slack_months_of_year`` are the calendar months (1 to 12) of every year that repay only
    ``slack_principal_ratio`` of a usual month's principal.
    ``lpr_rate_annual`` is the loan prime rate of ``lpr_tenor`` that ``nominal_rate_annual`` was
    made of, with ``spread_bp`` hundredths of a percent more or less; the rate is set anew each
    year, on the anniversary of disbursement or on 1 January.
    """

    term_months: Term
    nominal_rate_annual: Ratio | None = None
    flat_fee_rate_total: Ratio | None = None
    segments: tuple[RateSegment, ...] = ()
    segment_base: SegmentBase = "outstanding"
    balloon_ratio: Ratio = Decimal(0)
    interest_only_months: Count = 0
    rent_timing: RentTiming = "arrears"
    slack_months_of_year: tuple[Annotated[int, Between(1, 12)], ...] = field(
        default=(), metadata=WRITTEN_WHEN_SET
    )
    slack_principal_ratio: Ratio = field(default=Decimal(0), metadata=WRITTEN_WHEN_SET)
    lpr_tenor: LprTenor | None = field(default=None, metadata=WRITTEN_WHEN_SET)
    lpr_rate_annual: Ratio | None = field(default=None, metadata=WRITTEN_WHEN_SET)
    spread_bp: Annotated[int, Between(-1_000, 3_000)] = field(default=0, metadata=WRITTEN_WHEN_SET)
    repricing: Repricing = field(default="anniversary", metadata=WRITTEN_WHEN_SET)


@dataclass(frozen=True)
class BalloonOptions:
    """What the customer may do instead of paying the balloon at the end.

    ``refinance_term_months`` 0 = no refinancing. ``guaranteed_value_ratio`` is the share of the
    vehicle price for which the car is taken back; None = it is not. ``residual_risk`` says who
    bears it when the car is worth less than the balloon by then.
    """

    refinance_term_months: Annotated[int, Between(0, 120)] = 0
    refinance_rate_annual: Ratio | None = None
    guaranteed_value_ratio: Ratio | None = None
    return_fee_fen: Fen = 0
    residual_risk: ResidualRisk = "customer"
    condition: str = ""


@dataclass(frozen=True)
class FeeRule:
    """A fee, who receives it, and whether the loan depends on it; a fee without payee cannot be.

    A refundable fee (deposit) flows out and comes back with the last instalment.
    """

    code: Text
    name: Text
    payee: Text
    basis: Literal["fixed", "ratio_of_principal"]
    timing: FeeTiming
    is_condition_of_loan: bool
    is_refundable: bool
    amount_fen: Fen | None = None
    ratio: Ratio | None = None
    invoice: Literal["invoice", "receipt", "none", "unknown"] = "unknown"


@dataclass(frozen=True)
class ChargeStep:
    """Early-settlement charge for payoffs up to and including instalment ``up_to_month``."""

    up_to_month: Term
    ratio: Ratio


@dataclass(frozen=True)
class PrepaymentRule:
    """What settling early costs; amortisation and charge base are facts, never assumptions.

    ``free_after_months`` None = never free of charge; 0 = free from the beginning.
    ``minimum_months`` = instalments that must be paid before settling is possible at all.
    """

    amortisation: Literal["actuarial", "straight_line"]
    charge_base: Literal["outstanding", "original"]
    charge_steps: tuple[ChargeStep, ...]
    free_after_months: Count | None
    minimum_months: Count = 0
    charge_min_fen: Fen = 0
    refunds_upfront_fee: bool = False
    notice_days: Count = 0
    is_partial_allowed: bool = False

    @property
    def free_from_month(self) -> int:
        """Instalments after which settling costs no charge; ``Count``'s maximum when never."""
        never = 1_200
        after = never if self.free_after_months is None else self.free_after_months
        return max(after, self.minimum_months)


@dataclass(frozen=True)
class Subvention:
    """Interest paid for the customer by maker, dealer or government.

    ``rate_included``: the offered price already contains it; ``nominal_rate_annual_before`` is
    the rate without it. ``upfront_cash``: ``amount_fen`` reduces what the customer brings.
    ``interest_refund``: ``rate_points`` a year come back later, at most ``max_rate_share`` of the
    contract rate and ``cap_fen`` in all; conditional, so never shown as a lower contract rate.
    """

    payer: Literal["oem", "dealer", "government"]
    form: Literal["rate_included", "upfront_cash", "interest_refund"]
    condition: str = ""
    nominal_rate_annual_before: Ratio | None = None
    amount_fen: Fen | None = None
    rate_points: Ratio | None = None
    max_rate_share: Ratio | None = None
    cap_fen: Fen | None = None


@dataclass(frozen=True)
class FirstDueRule:
    """When the first instalment falls: same day next month, or a fixed day of the month."""

    kind: Literal["same_day_next_month", "fixed_day"]
    day_of_month: Annotated[int, Between(1, 28)] | None = None
    minimum_gap_days: Count = 0


@dataclass(frozen=True)
class AddOnCondition:
    """Insurance, GPS, warranty … sold with the product, and whether the loan depends on it."""

    code: Text
    name: Text
    payee: Text
    is_condition_of_loan: bool
    amount_fen: Fen | None = None


@dataclass(frozen=True)
class Campaign:
    """Days on which the product may be applied for, both included; ``ends_on`` None = open."""

    starts_on: date
    ends_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Eligibility:
    """Which cars and customers the lender takes, as published; ages in whole years."""

    vehicle_conditions: tuple[VehicleCondition, ...]
    powers: tuple[Power, ...]
    uses: tuple[VehicleUse, ...]
    credit_histories_accepted: tuple[CreditHistory, ...]
    credit_histories_referred: tuple[CreditHistory, ...] = ()
    income_kinds: tuple[IncomeKind, ...] = ()
    vehicle_codes: tuple[Text, ...] = ()
    brands: tuple[Text, ...] = ()
    provinces: tuple[Text, ...] = ()
    vehicle_price_min_fen: Fen | None = None
    vehicle_price_max_fen: Fen | None = None
    max_vehicle_age_months: Count | None = None
    max_vehicle_age_months_at_end: Count | None = None
    max_mileage_km: Annotated[int, Between(0, 2_000_000)] | None = None
    age_years_min: Count | None = None
    age_years_max_at_end: Count | None = None
    monthly_income_min_fen: Fen | None = None
    max_instalment_to_income: Ratio | None = None
    max_hard_inquiry_count_3m: Count | None = None
    needs_gps: bool = False
    needs_mortgage_registration: bool = True
    needs_local_residence: bool = False
    needs_co_borrower: bool = False


@dataclass(frozen=True)
class ProductTerms:
    """Everything one product version says; commission is not part of it and cannot be.

    ``loan_only_discount_fen`` lowers the car's price for borrowers only;
    ``lost_cash_discount_fen`` is the discount a cash buyer gets and a borrower loses.
    ``financed_extras_max_ratio`` caps financed extras as a share of the vehicle price.
    ``day_count`` charges every month by its days, ``first_period_day_count`` the odd days before
    the first regular month alone; None = equal months.
    """

    code: Text
    name: Text
    lender_code: Text
    lender_name: Text
    lender_kind: LenderKind
    family: Family
    contract_nature: ContractNature
    method: Method
    offers: tuple[TermOffer, ...]
    principal_min_fen: Fen
    principal_max_fen: Fen
    max_loan_to_value: Ratio
    min_down_payment_ratio: Ratio
    prepayment: PrepaymentRule
    eligibility: Eligibility
    first_due: FirstDueRule
    principal_step_fen: Fen = 1
    rounding: Rounding = "half_up"
    rounding_unit_fen: Annotated[int, Between(1, 1_000_00)] = 1
    fees: tuple[FeeRule, ...] = ()
    add_ons: tuple[AddOnCondition, ...] = ()
    subventions: tuple[Subvention, ...] = ()
    loan_only_discount_fen: Fen = 0
    lost_cash_discount_fen: Fen = 0
    financed_extras_max_ratio: Ratio = Decimal(0)
    financed_extras_max_fen: Fen = 0
    campaign: Campaign | None = None
    interest_rounding: Rounding = field(default="half_up", metadata=WRITTEN_WHEN_SET)
    day_count: DayCount | None = field(default=None, metadata=WRITTEN_WHEN_SET)
    first_period_day_count: DayCount | None = field(default=None, metadata=WRITTEN_WHEN_SET)
    balloon_options: BalloonOptions | None = field(default=None, metadata=WRITTEN_WHEN_SET)

    @cached_property
    def needs_dates(self) -> bool:
        """Whether a price depends on the days of the contract."""
        is_seasonal = any(offer.slack_months_of_year for offer in self.offers)
        return bool(self.day_count or self.first_period_day_count or is_seasonal)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON value; ``from_json`` gives an equal ``ProductTerms`` back."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, document: object) -> "ProductTerms":
        """Read a plain JSON value; a ``MalformedTermsError`` names every faulty field."""
        return from_plain(cls, document)


@dataclass(frozen=True)
class ProductVersion:
    """Terms together with the identity of the version that says so."""

    version_id: str
    terms: ProductTerms


def ownership_banner(nature: ContractNature) -> str:
    """One sentence that says whose car it is until the last instalment."""
    return OWNERSHIP_BANNERS[nature]
