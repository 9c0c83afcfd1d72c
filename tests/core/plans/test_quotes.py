from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import make_car, make_offers, make_version
from tests.core.plans.compiled import compile_once

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms
from chedai.core.plans import quotes
from chedai.core.plans.blocks import price_blocks
from chedai.core.plans.plan import CostLine, Plan
from chedai.core.plans.pricing import price_plan
from chedai.core.plans.product import AddOnCondition, FeeRule, Subvention, TermOffer
from chedai.core.plans.quotes import QuoteBook, Wanted, level_flow

RATE = Decimal("0.0588")


@settings(max_examples=150, deadline=None)
@given(
    principal_fen=st.integers(100, 30_000_000),
    months=st.integers(3, 84),
    rate=st.decimals(0, "0.24", places=6),
    balloon=st.integers(0, 50),
)
def test_the_quick_flow_is_the_schedule_to_the_fen(
    principal_fen: int, months: int, rate: Decimal, balloon: int
):
    terms = LoanTerms(
        method="balloon" if balloon else "equal_instalment",
        principal_fen=principal_fen,
        term_months=months,
        nominal_rate_annual=rate,
        balloon_fen=principal_fen * balloon // 100,
    )
    schedule = build_schedule(terms)

    flow = level_flow(terms)

    if flow is not None:
        assert set(schedule.instalment_fen[:-1]) == {flow.payment_fen}
        assert schedule.instalment_fen[-1] == flow.last_fen
        assert schedule.total_interest_fen == flow.charge_fen


def test_a_loan_so_small_that_rounding_clears_it_early_is_left_to_the_schedule():
    terms = LoanTerms(
        method="equal_instalment",
        principal_fen=150,
        term_months=84,
        nominal_rate_annual=Decimal(0),  # 1.79 fen a month is rounded to 2: repaid after 75
    )

    assert level_flow(terms) is None


def fee(timing: str, **changes: Any) -> FeeRule:
    plain: dict[str, Any] = {
        "code": timing,
        "name": "费",
        "payee": "清禾咨询（虚构）",
        "basis": "ratio_of_principal",
        "ratio": Decimal("0.01"),
        "timing": timing,
        "is_condition_of_loan": True,
        "is_refundable": False,
    }
    return FeeRule(**(plain | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"fees": (fee("upfront"),)},
        {"fees": (fee("spread"), fee("first_instalment"), fee("last"))},
        {"fees": (fee("upfront", is_refundable=True),)},
        {"fees": (fee("upfront", is_condition_of_loan=False),)},
        {"lost_cash_discount_fen": 5_000_00, "loan_only_discount_fen": 1_000_00},
        {"method": "flat_fee", "offers": (TermOffer(36, flat_fee_rate_total=Decimal("0.09")),)},
        {"method": "equal_principal"},
        {"subventions": (Subvention(payer="oem", form="upfront_cash", amount_fen=800_00),)},
    ],
)
@pytest.mark.parametrize("cash_discount_fen", [None, 0, 2_000_00])
def test_a_quote_is_what_the_plan_says(changes: dict[str, Any], cash_discount_fen: int | None):
    product = make_version(**changes)
    plan = price_plan(
        product=product,
        car=make_car(),
        term_months=36,
        down_payment_fen=50_000_00,
        first_due_on=date(2026, 12, 10),
        cash_discount_fen=cash_discount_fen,
    )
    assert isinstance(plan, Plan)

    quote = QuoteBook().quote(
        product=product,
        offer=product.terms.offers[0],
        principal_fen=plan.principal_fen,
        cash_discount_fen=cash_discount_fen,
    )

    assert quote.payment_fen == plan.payment_fen
    assert quote.first_payment_fen == plan.first_payment_fen
    assert quote.last_payment_fen == plan.last_payment_fen
    assert quote.extra_over_cash_fen == plan.extra_over_cash_fen
    assert plan.cash_at_delivery_fen == 50_000_00 + quote.upfront_fen - sum(
        rule.amount_fen or 0 for rule in product.terms.subventions
    )


def test_a_book_answers_the_same_question_once():
    book = QuoteBook()
    product = make_version(offers=make_offers("0.04", 36))
    question: dict[str, Any] = {
        "product": product,
        "offer": product.terms.offers[0],
        "principal_fen": 100_000_00,
    }

    assert book.quote(**question) == book.quote(**question)
    assert len(book) == 1


def test_a_payment_below_the_first_interest_is_left_to_the_schedule():
    terms = LoanTerms(
        method="equal_instalment",
        principal_fen=90,
        term_months=300,
        nominal_rate_annual=Decimal("0.24"),  # 1.80 a month is due, rounded to 2; interest 1.8 → 2
        rounding="down",
    )

    assert level_flow(terms) is None


@pytest.fixture
def _loaded() -> None:
    compile_once()


@pytest.mark.usefixtures("_loaded")
def test_a_book_filled_at_once_says_what_it_says_one_by_one():
    insisted = AddOnCondition(
        code="gps", name="GPS", payee="云岭车联（虚构）", is_condition_of_loan=True
    )
    product = make_version(fees=(fee("upfront"), fee("spread")), add_ons=(insisted,))
    gps = (CostLine(code="gps", name="GPS", amount_fen=1_500_00, payee="云岭车联（虚构）"),)
    principals_fen = (80_000_00, 100_000_00, 100_000_00, 123_456_78)
    filled, alone = QuoteBook(), QuoteBook()
    offer = product.terms.offers[0]

    for add_ons in ((), gps):
        filled.fill([Wanted(product, offer, principals_fen)], add_ons=add_ons)
        known = len(filled)
        for principal_fen in principals_fen:
            for discount_fen in (None, 0, 5_000_00):
                told: dict[str, Any] = {
                    "product": product,
                    "offer": offer,
                    "principal_fen": principal_fen,
                    "add_ons": add_ons,
                    "cash_discount_fen": discount_fen,
                }
                assert filled.quote(**told) == alone.quote(**told)
        assert len(filled) == known


@pytest.mark.usefixtures("_loaded")
def test_what_a_book_knows_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch):
    product = make_version()
    offer = product.terms.offers[0]
    priced: list[int] = []

    def watched(blocks: Any, beside: Any) -> Any:
        priced.extend(fen for block in blocks for fen in block.principal_fen.tolist())
        return price_blocks(blocks, beside)

    monkeypatch.setattr(quotes, "price_blocks", watched)
    book = QuoteBook()

    book.fill([Wanted(product, offer, (80_000_00, 90_000_00))])
    book.fill([Wanted(product, offer, (90_000_00, 100_000_00)), Wanted(product, offer, ())])

    assert priced == [80_000_00, 90_000_00, 100_000_00]


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize(
    "changes",
    [{"day_count": "ACT/365"}, {"offers": (TermOffer(36, RATE, balloon_ratio=RATE),)}],
)
def test_offers_the_kernel_does_not_price_are_left_for_when_they_are_asked_for(
    changes: dict[str, Any],
):
    product = make_version(**changes)
    book = QuoteBook()

    book.fill([Wanted(product, product.terms.offers[0], (80_000_00,))])

    assert len(book) == 0


def test_before_the_kernel_is_loaded_a_book_fills_with_what_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(quotes, "is_kernel_loaded", lambda: False)
    product = make_version()
    book = QuoteBook()

    book.fill([Wanted(product, product.terms.offers[0], (80_000_00,))])

    assert len(book) == 0
