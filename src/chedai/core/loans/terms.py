"""What a contract says, checked: the input of every repayment method."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

from chedai.core.money import AMOUNT_FEN_MAX, ROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chedai.core.loans.interest_days import InterestDays

SegmentBase = Literal["outstanding", "segment_start", "original"]
FlatFeeTiming = Literal["spread", "upfront"]
RentTiming = Literal["arrears", "advance"]
FeeTiming = Literal["upfront", "spread", "first_instalment", "last"]

TERM_MONTHS_MAX: Final = 360
MONTHS_PER_YEAR: Final = 12
RATE_ANNUAL_MAX: Final = Decimal(10)
"""1000 %: beyond it the number is a typing error (a percent taken for a ratio)."""
RATE_DECIMALS_MAX: Final = 18


class ImpossibleTermsError(ValueError):
    """The terms describe no contract; ``field`` names the one to correct."""

    def __init__(self, field: str, message_zh: str) -> None:
        super().__init__(f"{field}: {message_zh}")
        self.field = field
        self.message_zh = message_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSegment:
    """A run of months with one rate: 36 months at 0, then 48 at 0.025."""

    months: int
    nominal_rate_annual: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTerms:
    """The terms of one contract.

    Attributes
    ----------
    method
        A key of ``REPAYMENT_METHODS``.
    principal_fen
        Amount lent (or price of the leased thing), at least 1 fen.
    term_months
        1 to 360 equal months.
    nominal_rate_annual
        The contract's rate as a ratio (0.0588), 0 to 10.
    balloon_fen
        Part of the principal due with the last instalment (``balloon``), or the residual price
        of a lease (``lease_rent``).
    flat_fee_rate_total, flat_fee_timing
        Fee of the whole term on the original principal (``flat_fee``).
    segments, segment_base
        Rates in turn (``stepped``). On ``outstanding`` interest follows the balance and the
        instalment is set anew at each segment; on ``segment_start`` and ``original`` principal is
        repaid in equal parts and every month of a segment bears the same charge, on the balance at
        the segment's start or on the original principal.
    interest_only_months
        For ``interest_first``: months with interest only, then equal instalments. 0 means the
        whole term, principal with the last.
    slack_months, slack_principal_ratio
        For ``seasonal``: which of the twelve months of each contract year (1 to 12, counted from
        the first instalment) repay less, and what share of a usual month's principal they repay.
        0 means interest alone.
    interest_days
        The contract's days, where the lender charges interest by days; None for equal months.
    deposit_fen
        Refundable deposit: paid on day 0, returned with the last instalment.
    rent_timing
        For ``lease_rent``: first rent one month after delivery, or at delivery.
    rounding, rounding_unit_fen
        How the lender rounds the instalment, and to what (1 fen, 100 fen).
    interest_rounding
        How the interest of a month is rounded to the fen.

    Raises
    ------
    ImpossibleTermsError
        A field is out of bounds, missing for the method, or without meaning for it.
    """

    method: str
    principal_fen: int
    term_months: int
    nominal_rate_annual: Decimal = Decimal(0)
    balloon_fen: int = 0
    flat_fee_rate_total: Decimal | None = None
    flat_fee_timing: FlatFeeTiming = "spread"
    segments: tuple[RateSegment, ...] = ()
    segment_base: SegmentBase = "outstanding"
    interest_only_months: int = 0
    slack_months: tuple[int, ...] = ()
    slack_principal_ratio: Decimal = Decimal(0)
    interest_days: InterestDays | None = None
    deposit_fen: int = 0
    rent_timing: RentTiming = "arrears"
    rounding: str = "half_up"
    rounding_unit_fen: int = 1
    interest_rounding: str = "half_up"

    def __post_init__(self) -> None:
        for check in _CHECKS:
            check(self)

    @property
    def rate_monthly_ratio(self) -> tuple[int, int]:
        """The rate of one month as an exact fraction: annual / 12."""
        return monthly_ratio(self.nominal_rate_annual)

    def month_factor(self, month: int) -> tuple[int, int]:
        """How many twelfths of a year one month counts, as an exact fraction."""
        return (1, 1) if self.interest_days is None else self.interest_days.factor(month)

    def is_slack(self, month: int) -> bool:
        """Whether an instalment (from 1) falls in a slack month."""
        return (month - 1) % MONTHS_PER_YEAR + 1 in self.slack_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A charge beside the instalments.

    Attributes
    ----------
    payee
        Who collects it; it counts whoever that is.
    timing
        ``upfront`` on day 0; ``spread`` over all instalments, the last taking the remainder;
        ``first_instalment``; ``last`` with the last instalment.
    is_condition_of_loan
        Only such fees are part of the cost of credit.
    is_refundable
        Paid as ``timing`` says and returned with the last instalment.

    Raises
    ------
    ImpossibleTermsError
        The amount is negative or absurd, or the timing unknown.
    """

    code: str
    name: str
    amount_fen: int
    payee: str
    timing: FeeTiming = "upfront"
    is_condition_of_loan: bool = True
    is_refundable: bool = False

    def __post_init__(self) -> None:
        if not _is_amount(self.amount_fen) or self.amount_fen < 0:
            raise ImpossibleTermsError("fees", f"{self.name}的金额须为不小于 0 的整分")
        if self.timing not in get_args(FeeTiming):
            raise ImpossibleTermsError("fees", f"{self.name}的收取时间“{self.timing}”未知")


def monthly_ratio(rate_annual: Decimal) -> tuple[int, int]:
    """Return the rate of one month as an exact fraction, annual / 12."""
    numerator, denominator = rate_annual.as_integer_ratio()
    return numerator, denominator * 12


def check_fees(*, principal_fen: int, fees: Sequence[Fee]) -> None:
    """Refuse fees that leave the borrower nothing.

    Raises
    ------
    ImpossibleTermsError
        Conditional fees taken on day 0 reach the principal.
    """
    upfront_fen = sum(
        fee.amount_fen for fee in fees if fee.is_condition_of_loan and fee.timing == "upfront"
    )
    if upfront_fen >= principal_fen:
        raise ImpossibleTermsError("fees", "放款时收取的费用不能达到或超过贷款本金")


_RATE: Final = frozenset({"nominal_rate_annual"})

FIELDS_OF_METHOD: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "balloon": _RATE | {"balloon_fen"},
        "bullet": _RATE,
        "equal_instalment": _RATE,
        "equal_principal": _RATE,
        "flat_fee": frozenset({"flat_fee_rate_total"}),
        "interest_first": _RATE | {"interest_only_months"},
        "lease_rent": _RATE | {"balloon_fen"},
        "seasonal": _RATE | {"slack_months", "slack_principal_ratio"},
        "stepped": frozenset({"segments"}),
    }
)
"""What each method reads beside principal and term; giving it more is refused, not ignored."""

METHODS_BY_DAYS: Final = frozenset(
    {
        "balloon",
        "equal_instalment",
        "equal_principal",
        "interest_first",
        "lease_rent",
        "seasonal",
        "stepped",
    }
)
"""Methods whose interest may be counted in days; the others charge whole months or a fee."""

_FIELD_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nominal_rate_annual": "名义年利率",
        "balloon_fen": "尾款",
        "flat_fee_rate_total": "分期总费率",
        "segments": "分段利率",
        "interest_only_months": "只还息月数",
        "slack_months": "淡季月份",
        "slack_principal_ratio": "淡季还本比例",
    }
)


def _check_amounts(terms: LoanTerms) -> None:
    if not _is_amount(terms.principal_fen) or terms.principal_fen < 1:
        raise ImpossibleTermsError("principal_fen", "贷款本金须为大于 0 的整分，且不超过一千亿元")
    if not _is_amount(terms.balloon_fen) or not 0 <= terms.balloon_fen <= terms.principal_fen:
        raise ImpossibleTermsError("balloon_fen", "尾款须在 0 与贷款本金之间")
    if not _is_amount(terms.deposit_fen) or not 0 <= terms.deposit_fen < terms.principal_fen:
        raise ImpossibleTermsError("deposit_fen", "保证金不能为负，且须小于贷款本金")


def _check_months(terms: LoanTerms) -> None:
    if not _is_int(terms.term_months) or not 1 <= terms.term_months <= TERM_MONTHS_MAX:
        raise ImpossibleTermsError("term_months", f"期限须为 1 至 {TERM_MONTHS_MAX} 个月")
    months = terms.interest_only_months
    if not _is_int(months) or not 0 <= months <= terms.term_months:
        raise ImpossibleTermsError("interest_only_months", "只还息月数须在 0 与期限之间")


def _check_rates(terms: LoanTerms) -> None:
    _check_rate("nominal_rate_annual", terms.nominal_rate_annual)
    if terms.flat_fee_rate_total is not None:
        _check_rate("flat_fee_rate_total", terms.flat_fee_rate_total)
        if terms.flat_fee_timing == "upfront" and terms.flat_fee_rate_total >= 1:
            raise ImpossibleTermsError("flat_fee_rate_total", "一次性收取的手续费不能达到贷款本金")
    for segment in terms.segments:
        _check_rate("segments", segment.nominal_rate_annual)


def _check_segments(terms: LoanTerms) -> None:
    if not terms.segments:
        return
    if any(not _is_int(segment.months) or segment.months < 1 for segment in terms.segments):
        raise ImpossibleTermsError("segments", "每一段至少一个月")
    if sum(segment.months for segment in terms.segments) != terms.term_months:
        raise ImpossibleTermsError("segments", "各段月数之和须等于期限")


def _check_slack(terms: LoanTerms) -> None:
    if not all(_is_int(month) and 1 <= month <= MONTHS_PER_YEAR for month in terms.slack_months):
        raise ImpossibleTermsError("slack_months", "淡季月份须在每年的第 1 至第 12 期之间")
    ratio = terms.slack_principal_ratio
    if not isinstance(ratio, Decimal) or not ratio.is_finite() or not 0 <= ratio <= 1:
        raise ImpossibleTermsError("slack_principal_ratio", "淡季还本比例须在 0 与 1 之间")
    if all(terms.is_slack(month) for month in range(1, terms.term_months + 1)):
        raise ImpossibleTermsError("slack_months", "不能整个期限都是淡季，至少一期正常还本")


def _check_days(terms: LoanTerms) -> None:
    if terms.interest_days is None:
        return
    is_in_advance = terms.method == "lease_rent" and terms.rent_timing == "advance"
    is_on_fixed_base = terms.method == "stepped" and terms.segment_base != "outstanding"
    if terms.method not in METHODS_BY_DAYS or is_in_advance or is_on_fixed_base:
        raise ImpossibleTermsError("interest_days", "该还款方式不按天计息")


def _check_words(terms: LoanTerms) -> None:
    for field, known in (
        ("segment_base", get_args(SegmentBase)),
        ("flat_fee_timing", get_args(FlatFeeTiming)),
        ("rent_timing", get_args(RentTiming)),
        ("rounding", tuple(ROUNDINGS)),
        ("interest_rounding", tuple(ROUNDINGS)),
    ):
        if getattr(terms, field) not in known:
            raise ImpossibleTermsError(field, f"只能是 {'、'.join(known)} 之一")
    if not _is_int(terms.rounding_unit_fen) or not 1 <= terms.rounding_unit_fen <= 10_000:
        raise ImpossibleTermsError("rounding_unit_fen", "月供取整单位须在 1 分与 100 元之间")


def _check_fields_of_method(terms: LoanTerms) -> None:
    read = FIELDS_OF_METHOD.get(terms.method, frozenset(_FIELD_LABELS))
    for field, label in _FIELD_LABELS.items():
        if getattr(terms, field) and field not in read:
            raise ImpossibleTermsError(field, f"{label}不适用于该还款方式")
    if terms.method == "flat_fee" and terms.flat_fee_rate_total is None:
        raise ImpossibleTermsError("flat_fee_rate_total", "请填写分期总费率")
    if terms.method == "stepped" and not terms.segments:
        raise ImpossibleTermsError("segments", "请填写分段利率")
    if terms.method == "seasonal" and not terms.slack_months:
        raise ImpossibleTermsError("slack_months", "请填写淡季月份")


_CHECKS: Final[tuple[Callable[[LoanTerms], None], ...]] = (
    _check_amounts,
    _check_months,
    _check_rates,
    _check_segments,
    _check_slack,
    _check_days,
    _check_words,
    _check_fields_of_method,
)


def _check_rate(field: str, rate: Decimal) -> None:
    if not isinstance(rate, Decimal) or not rate.is_finite():
        raise ImpossibleTermsError(field, "利率须为小数形式的数字，例如 0.0588")
    if not 0 <= rate <= RATE_ANNUAL_MAX:
        raise ImpossibleTermsError(field, "利率须在 0 与 1000% 之间，请核对是否把百分数当作小数")
    exponent = rate.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -RATE_DECIMALS_MAX:
        raise ImpossibleTermsError(field, f"利率最多 {RATE_DECIMALS_MAX} 位小数")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_amount(value: int) -> bool:
    return _is_int(value) and abs(value) <= AMOUNT_FEN_MAX
