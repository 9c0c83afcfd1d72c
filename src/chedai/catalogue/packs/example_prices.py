"""What a product costs on an example amount: the whole contract, both conventions."""

from dataclasses import dataclass
from typing import Final

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.rates import RateError
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.plans.plan import headline_payment
from chedai.core.plans.pricing import fees_of, loan_terms_of, monthly_payments
from chedai.core.plans.product import ProductTerms, TermOffer

EXAMPLE_PRINCIPAL_FEN: Final = 100_000_00


@dataclass(frozen=True, kw_only=True)
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
    fees = fees_of(terms=terms, principal_fen=principal_fen)
    try:
        loan_terms = loan_terms_of(terms=terms, offer=offer, principal_fen=principal_fen)
        schedule = build_schedule(loan_terms)
        cost = cost_of_plan(schedule, fees)
        against_cash = cost_of_plan(
            schedule, fees, lost_cash_discount_fen=terms.lost_cash_discount_fen
        )
    except ImpossibleTermsError as error:
        return _no_price(offer, principal_fen, error.message_zh)
    except RateError:
        return _no_price(offer, principal_fen, "这组现金流算不出唯一的年化")
    payments_fen = monthly_payments(schedule, fees)
    return ExamplePrice(
        term_months=offer.term_months,
        principal_fen=principal_fen,
        first_instalment_fen=payments_fen[0],
        instalment_fen=headline_payment(payments_fen),
        final_instalment_fen=payments_fen[-1],
        total_paid_fen=cost.total_paid_fen,
        apr_simple=_settled(cost.apr_simple),
        apr_compound=_settled(cost.apr_compound),
        apr_simple_against_cash=_settled(against_cash.apr_simple),
    )


def _no_price(offer: TermOffer, principal_fen: int, trouble: str) -> ExamplePrice:
    return ExamplePrice(term_months=offer.term_months, principal_fen=principal_fen, trouble=trouble)


def _settled(rate: float) -> float:
    # A 0 % contract solves to a hair below zero; nobody should read -0.00 %.
    return 0.0 if abs(rate) < 1e-9 else rate
