"""What a product costs on an example amount: the whole contract, both conventions."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from chedai.core.loans.cost import NoRateError, SeveralRatesError, cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, ImpossibleTermsError, LoanTerms, RateSegment
from chedai.core.plans.product import FeeRule, ProductTerms, TermOffer

EXAMPLE_PRINCIPAL_FEN: Final = 100_000_00


@dataclass(frozen=True)
class ExamplePrice:
    """One term on the example amount; ``trouble`` says why there is no price."""

    term_months: int
    principal_fen: int
    first_instalment_fen: int = 0
    instalment_fen: int = 0
    final_instalment_fen: int = 0
    total_paid_fen: int = 0
    apr_simple: float = 0.0
    apr_compound: float = 0.0
    apr_simple_against_cash: float = 0.0
    trouble: str = ""


def example_principal_fen(terms: ProductTerms) -> int:
    """100,000 yuan, or the nearest amount the product lends."""
    return max(terms.principal_min_fen, min(EXAMPLE_PRINCIPAL_FEN, terms.principal_max_fen), 1)


def example_prices(terms: ProductTerms) -> tuple[ExamplePrice, ...]:
    """Price of every term offered, on the example amount.

    ``apr_simple_against_cash`` also counts the cash discount that a borrower loses.
    """
    principal_fen = example_principal_fen(terms)
    return tuple(_example_price(terms, offer, principal_fen) for offer in terms.offers)


def _example_price(terms: ProductTerms, offer: TermOffer, principal_fen: int) -> ExamplePrice:
    fees = tuple(_fee(rule, principal_fen) for rule in terms.fees)
    try:
        schedule = build_schedule(_loan_terms(terms, offer, principal_fen))
        cost = cost_of_plan(schedule, fees)
        against_cash = cost_of_plan(
            schedule, fees, lost_cash_discount_fen=terms.lost_cash_discount_fen
        )
    except ImpossibleTermsError as error:
        return ExamplePrice(offer.term_months, principal_fen, trouble=error.message_zh)
    except (NoRateError, SeveralRatesError):
        return ExamplePrice(offer.term_months, principal_fen, trouble="这组现金流算不出唯一的年化")
    instalments = schedule.instalment_fen
    return ExamplePrice(
        term_months=offer.term_months,
        principal_fen=principal_fen,
        first_instalment_fen=instalments[0],
        # The last one differs (remainder, balloon): the one before it is what is paid each month.
        instalment_fen=instalments[-2] if len(instalments) > 1 else instalments[-1],
        final_instalment_fen=instalments[-1],
        total_paid_fen=cost.total_paid_fen,
        apr_simple=_settled(cost.apr_simple),
        apr_compound=_settled(cost.apr_compound),
        apr_simple_against_cash=_settled(against_cash.apr_simple),
    )


def _loan_terms(terms: ProductTerms, offer: TermOffer, principal_fen: int) -> LoanTerms:
    return LoanTerms(
        method=terms.method,
        principal_fen=principal_fen,
        term_months=offer.term_months,
        nominal_rate_annual=offer.nominal_rate_annual or Decimal(0),
        balloon_fen=_share(principal_fen, offer.balloon_ratio),
        flat_fee_rate_total=offer.flat_fee_rate_total,
        segments=tuple(
            RateSegment(months=part.months, nominal_rate_annual=part.nominal_rate_annual)
            for part in offer.segments
        ),
        segment_base=offer.segment_base,
        interest_only_months=offer.interest_only_months,
        rent_timing=offer.rent_timing,
        rounding=terms.rounding,
        rounding_unit_fen=terms.rounding_unit_fen,
    )


def _fee(rule: FeeRule, principal_fen: int) -> Fee:
    amount_fen = rule.amount_fen
    if amount_fen is None:
        amount_fen = _share(principal_fen, rule.ratio or Decimal(0))
    return Fee(
        code=rule.code,
        name=rule.name,
        amount_fen=amount_fen,
        payee=rule.payee,
        timing=rule.timing,
        is_condition_of_loan=rule.is_condition_of_loan,
        is_refundable=rule.is_refundable,
    )


def _share(principal_fen: int, ratio: Decimal) -> int:
    return int((principal_fen * ratio).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _settled(rate: float) -> float:
    # A 0 % contract solves to a hair below zero; nobody should read -0.00 %.
    return 0.0 if abs(rate) < 1e-9 else rate
