"""What a rate that follows the loan prime rate may become: every repricing day, every shift."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Final

from chedai.core.dates import add_months
from chedai.core.loans.repricing import repriced
from chedai.core.plans.bounds import offer_of
from chedai.core.plans.plan import Plan, Refusal, headline_payment
from chedai.core.plans.pricing import monthly_payments
from chedai.core.plans.product import TermOffer

SHIFTS_BP: Final = (-50, 0, 50, 100)
BP_PER_UNIT: Final = 10_000
MONTHS_PER_YEAR: Final = 12
TENOR_LABELS: Final = {"1Y": "1 年期", "5Y": "5 年期以上"}
REPRICING_LABELS: Final = {"anniversary": "每年放款日的对应日", "new_year": "每年 1 月 1 日"}


@dataclass(frozen=True, kw_only=True)
class RepricingRow:
    """The contract if the base moves by ``shift_bp`` on one repricing day and then stays there.

    Attributes
    ----------
    from_month
        The first instalment at the new rate; 1 is the first of the contract.
    reprices_on
        The day from which the lender counts the new rate.
    payment_fen
        The monthly payment from then on, as a headline.
    total_paid_fen, change_fen
        Paid over the whole contract, and how much more (or less) than at today's rate.
    """

    shift_bp: int
    from_month: int
    reprices_on: date
    nominal_rate_annual: Decimal
    payment_fen: int
    total_paid_fen: int
    change_fen: int


def is_floating(plan: Plan) -> bool:
    """Whether the plan's rate follows the loan prime rate."""
    return _offer(plan).lpr_tenor is not None


def offer_at_lpr(offer: TermOffer, *, lpr_rate_annual: Decimal) -> TermOffer:
    """Return the price of a floating offer at another day's base rate, never below 0."""
    assert offer.lpr_tenor is not None
    rate = max(lpr_rate_annual + Decimal(offer.spread_bp) / BP_PER_UNIT, Decimal(0))
    return replace(offer, lpr_rate_annual=lpr_rate_annual, nominal_rate_annual=rate)


def repricing_scenario(
    plan: Plan, shifts_bp: tuple[int, ...] = SHIFTS_BP
) -> tuple[RepricingRow, ...]:
    """Reckon every shift from every repricing day within the term; nothing for a fixed rate."""
    if not is_floating(plan):
        return ()
    return tuple(
        _row(plan, shift_bp, after_month, reprices_on)
        for after_month, reprices_on in _repricing_days(plan)
        for shift_bp in shifts_bp
    )


def floating_text(plan: Plan) -> str:
    """Say that the rate floats, on what, and when it is set anew; empty for a fixed rate."""
    offer = _offer(plan)
    if offer.lpr_tenor is None or offer.lpr_rate_annual is None:
        return ""
    sign = "减" if offer.spread_bp < 0 else "加"
    return (
        f"利率会随 LPR 变：{TENOR_LABELS[offer.lpr_tenor]} LPR {offer.lpr_rate_annual * 100:.2f}%"
        f"{sign} {abs(offer.spread_bp)} 个基点，{REPRICING_LABELS[offer.repricing]}重新定价"
    )


def _row(plan: Plan, shift_bp: int, after_month: int, reprices_on: date) -> RepricingRow:
    terms = plan.loan_terms
    shifted = terms.nominal_rate_annual + Decimal(shift_bp) / BP_PER_UNIT
    rate = max(shifted, Decimal(0))
    schedule = repriced(plan.schedule, terms, after_month=after_month, nominal_rate_annual=rate)
    change_fen = schedule.total_paid_fen - plan.schedule.total_paid_fen
    return RepricingRow(
        shift_bp=shift_bp,
        from_month=after_month + 1,
        reprices_on=reprices_on,
        nominal_rate_annual=rate,
        payment_fen=headline_payment(monthly_payments(schedule, plan.fees)[after_month:]),
        total_paid_fen=plan.total_paid_fen + change_fen,
        change_fen=change_fen,
    )


def _repricing_days(plan: Plan) -> Iterator[tuple[int, date]]:
    """Yield the months paid before each repricing, and its day.

    A new rate holds from the first instalment whose month begins on that day or later.
    """
    starts_on = plan.inputs.dates.starts_on
    is_anniversary = _offer(plan).repricing == "anniversary"
    for year in count(1):
        if is_anniversary:
            after_month = MONTHS_PER_YEAR * year
            reprices_on = add_months(starts_on, after_month)
        else:
            reprices_on = date(starts_on.year + year, 1, 1)
            after_month = _months_begun_before(plan.first_due_on, reprices_on)
        if after_month >= plan.term_months:
            return
        yield after_month, reprices_on


def _months_begun_before(first_due_on: date, day: date) -> int:
    months = (day.year - first_due_on.year) * MONTHS_PER_YEAR + day.month - first_due_on.month
    return max(months + 1 + (add_months(first_due_on, months) < day), 1)


def _offer(plan: Plan) -> TermOffer:
    offer = offer_of(plan.product, plan.term_months)
    assert not isinstance(offer, Refusal)
    return offer
