"""A competitor's offer, typed as it was said: completed, in every way it may be meant, and priced.

"利率 3 %" may be interest on what is owed or a fee on the whole loan; both are shown side by side,
and where a monthly payment was said too, it tells which was meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from chedai.core.loans.annuity import annuity_fraction
from chedai.core.loans.cost import CostOfCredit, RateError, Subsidy, cost_of_plan
from chedai.core.loans.schedules import Schedule, build_schedule, schedule_from_parts
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms
from chedai.core.plans.explanation import percent_text, yuan
from chedai.core.plans.plan import FEN_PER_YUAN, Plan, Refusal, headline_payment, whole_yuan_up

Reading = Literal["as_typed", "interest", "flat_fee"]

READING_LABELS: Final[dict[Reading, str]] = {
    "as_typed": "按说的月供算",
    "interest": "把费率当作年利率（按剩余本金计息）",
    "flat_fee": "把费率当作分期费率（一直按原贷款额收）",
}
TERMS_TRIED: Final = tuple(range(6, 97, 6))
MATCHES_WITHIN_FEN: Final = 5 * FEN_PER_YUAN
# A thousand per cent a year: nobody lends on a car at that, a digit was typed twice.
APR_MAX: Final = 10


@dataclass(frozen=True, kw_only=True)
class TypedOffer:
    """What the customer remembers; at least two of principal, term, monthly payment.

    ``rate_annual`` and ``rate_monthly`` are whatever was called "rate", as ratios; give one.
    ``flat_fee_rate_total`` is a fee rate known to be on the original principal.
    ``fees_fen`` are taken at the start; ``rebate_fen`` comes back to the customer then.
    """

    principal_fen: int | None = None
    term_months: int | None = None
    monthly_fen: int | None = None
    rate_annual: Decimal | None = None
    rate_monthly: Decimal | None = None
    flat_fee_rate_total: Decimal | None = None
    fees_fen: int = 0
    rebate_fen: int = 0
    lost_cash_discount_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class CompletedOffer:
    """One way to read the offer, complete and priced.

    ``matches_monthly`` says whether the payment is the one that was typed; None if none was.
    ``worked_out`` names the parts that were not typed.
    """

    reading: Reading
    principal_fen: int
    term_months: int
    payment_fen: int
    schedule: Schedule
    cost: CostOfCredit
    matches_monthly: bool | None
    worked_out: tuple[str, ...]

    @property
    def label(self) -> str:
        """What was assumed, for the screen."""
        return READING_LABELS[self.reading]


def complete_offer(typed: TypedOffer) -> tuple[CompletedOffer, ...] | Refusal:
    """Complete an offer in every way it may be meant; a refusal names what has to be asked."""
    refusal = _missing(typed) or _too_little(typed)
    if refusal:
        return refusal
    readings = tuple(offer for offer in _readings(typed) if offer is not None)
    if not readings:
        return Refusal("offer", "这几个数对不上，请再核对一遍对方的单子")
    return readings


def _missing(typed: TypedOffer) -> Refusal | None:
    known = [typed.principal_fen, typed.term_months, typed.monthly_fen]
    has_rate = bool(_rates(typed))
    if any(part is not None and part <= 0 for part in known):
        return Refusal("offer", "贷款额、期数、月供都要大于 0")
    if sum(part is not None for part in known) < 2:
        return Refusal("offer", "贷款额、期数、月供至少要知道两样")
    if None in known and not has_rate:
        return Refusal("rate", "贷款额、期数、月供缺一样时，还要知道利率或费率")
    return None


def _too_little(typed: TypedOffer) -> Refusal | None:
    """Refuse instalments that do not even repay the loan: a last large one was left unsaid."""
    if not (typed.principal_fen and typed.term_months and typed.monthly_fen):
        return None
    if (typed.monthly_fen + MATCHES_WITHIN_FEN) * typed.term_months >= typed.principal_fen:
        return None
    total_fen = typed.monthly_fen * typed.term_months
    return Refusal(
        "offer",
        f"照这样一共才还 {yuan(total_fen)}，比贷的 {yuan(typed.principal_fen)}还少。"
        "请再核对月供和期数；有尾款的，先问清尾款多少",
    )


def _rates(typed: TypedOffer) -> dict[Reading, Decimal]:
    """What each reading takes as its yearly rate: interest a year, or fee a year on the whole."""
    said = typed.rate_annual
    if said is None and typed.rate_monthly is not None:
        said = typed.rate_monthly * 12
    if said is not None:
        return {"interest": said, "flat_fee": said}
    if typed.flat_fee_rate_total is not None and typed.term_months:
        return {"flat_fee": typed.flat_fee_rate_total * 12 / typed.term_months}
    return {}


def _readings(typed: TypedOffer) -> Iterator[CompletedOffer | None]:
    if typed.principal_fen and typed.term_months and typed.monthly_fen:
        yield _as_typed(typed, typed.principal_fen, typed.term_months, typed.monthly_fen)
    for reading, rate in _rates(typed).items():
        terms = _terms(typed, reading, rate)
        if terms is not None:
            yield _completed(typed, reading, terms.principal_fen, build_schedule(terms))


def _as_typed(
    typed: TypedOffer, principal_fen: int, term_months: int, monthly_fen: int
) -> CompletedOffer | None:
    """Split level payments into principal and charge; only their sum matters to the cost.

    None when they would not even repay the loan: a digit is missing.
    """
    if (monthly_fen + MATCHES_WITHIN_FEN) * term_months < principal_fen:
        return None
    part_fen = principal_fen // term_months
    principal = [part_fen] * (term_months - 1) + [principal_fen - part_fen * (term_months - 1)]
    charges = [monthly_fen - repaid_fen for repaid_fen in principal]
    schedule = schedule_from_parts(principal_fen=principal, interest_fen=charges)
    return _completed(typed, "as_typed", principal_fen, schedule)


def _terms(typed: TypedOffer, reading: Reading, rate: Decimal) -> LoanTerms | None:
    """Fill in the one part that is missing; None when nothing fits."""
    principal_fen, term_months, monthly_fen = (
        typed.principal_fen,
        typed.term_months,
        typed.monthly_fen,
    )
    try:
        if principal_fen is None:
            assert term_months
            assert monthly_fen
            principal_fen = _principal(reading, rate, term_months, monthly_fen)
        elif term_months is None:
            assert monthly_fen
            return _nearest_term(reading, rate, principal_fen, monthly_fen)
        return _loan(reading, rate, principal_fen, term_months)
    except ImpossibleTermsError:
        return None


def _loan(reading: Reading, rate: Decimal, principal_fen: int, term_months: int) -> LoanTerms:
    if reading == "interest":
        return LoanTerms(
            method="equal_instalment",
            principal_fen=principal_fen,
            term_months=term_months,
            nominal_rate_annual=rate,
        )
    return LoanTerms(
        method="flat_fee",
        principal_fen=principal_fen,
        term_months=term_months,
        flat_fee_rate_total=_short(rate * term_months / 12),
    )


def _short(rate: Decimal) -> Decimal:
    """Twelve decimals are enough for a rate that was spoken."""
    return rate.quantize(Decimal("1e-12"))


def _principal(reading: Reading, rate: Decimal, term_months: int, monthly_fen: int) -> int:
    """Return the principal, in whole yuan, that such a payment repays."""
    if reading == "interest":
        numerator, denominator = rate.as_integer_ratio()
        unit = 10**9
        per_unit, whole = annuity_fraction(
            principal_fen=unit, months=term_months, rate=(numerator, denominator * 12)
        )
        exact = Decimal(monthly_fen) * unit * whole / per_unit
    else:
        exact = monthly_fen * term_months / (1 + rate * term_months / 12)
    return round(exact / FEN_PER_YUAN) * FEN_PER_YUAN


def _nearest_term(
    reading: Reading, rate: Decimal, principal_fen: int, monthly_fen: int
) -> LoanTerms:
    loans = [_loan(reading, rate, principal_fen, months) for months in TERMS_TRIED]
    return min(loans, key=lambda loan: abs(build_schedule(loan).instalment_fen[0] - monthly_fen))


def _completed(
    typed: TypedOffer, reading: Reading, principal_fen: int, schedule: Schedule
) -> CompletedOffer | None:
    fees = [Fee(code="said", name="另收费用", amount_fen=typed.fees_fen, payee="对方")]
    back = [Subsidy(code="rebate", name="返现", amount_fen=typed.rebate_fen)]
    try:
        cost = cost_of_plan(
            schedule,
            fees if typed.fees_fen else (),
            lost_cash_discount_fen=typed.lost_cash_discount_fen,
            subsidies=back if typed.rebate_fen else (),
        )
    except (ImpossibleTermsError, RateError):
        return None
    if cost.apr_simple > APR_MAX:
        return None
    payment_fen = headline_payment(schedule.instalment_fen)
    typed_fen = typed.monthly_fen
    return CompletedOffer(
        reading=reading,
        principal_fen=principal_fen,
        term_months=schedule.term_months,
        payment_fen=payment_fen,
        schedule=schedule,
        cost=cost,
        matches_monthly=None
        if typed_fen is None
        else abs(payment_fen - typed_fen) <= MATCHES_WITHIN_FEN,
        worked_out=tuple(
            label
            for label, part in (
                ("贷款额", typed.principal_fen),
                ("期数", typed.term_months),
                ("月供", typed.monthly_fen),
            )
            if part is None
        ),
    )


def offer_text(offer: CompletedOffer) -> str:
    """Say one reading in a sentence."""
    return (
        f"{offer.label}：贷 {yuan(offer.principal_fen)}、{offer.term_months} 期，"
        f"月供 {whole_yuan_up(offer.payment_fen):,} 元，"
        f"比全款多付 {yuan(offer.cost.extra_over_cash_fen)}，"
        f"综合年化成本 {percent_text(offer.cost.apr_simple)}（单利）"
    )


def differences(plan: Plan, offer: CompletedOffer) -> tuple[str, ...]:
    """Say line by line where our plan and theirs differ, whichever way it falls."""
    ours, theirs = plan.cost, offer.cost
    lines = [
        _difference("月供", plan.payment_fen, offer.payment_fen),
        _difference("比全款多付", ours.extra_over_cash_fen, theirs.extra_over_cash_fen),
    ]
    if plan.term_months != offer.term_months:
        lines.append(f"期数：对方 {offer.term_months} 期，我们 {plan.term_months} 期")
    if plan.principal_fen != offer.principal_fen:
        theirs_said, ours_said = yuan(offer.principal_fen), yuan(plan.principal_fen)
        lines.append(f"贷款额不同：对方 {theirs_said}，我们 {ours_said}，月供不能直接比")
    their_apr, our_apr = percent_text(theirs.apr_simple), percent_text(ours.apr_simple)
    lines.append(f"综合年化成本（单利）：对方 {their_apr}，我们 {our_apr}")
    return tuple(lines)


def _difference(label: str, ours_fen: int, theirs_fen: int) -> str:
    said = f"{label}：对方 {yuan(theirs_fen)}，我们 {yuan(ours_fen)}"
    gap_fen = ours_fen - theirs_fen
    if abs(gap_fen) < FEN_PER_YUAN:
        return f"{said}，一样"
    return f"{said}，我们{'多' if gap_fen > 0 else '少'} {yuan(abs(gap_fen))}"
