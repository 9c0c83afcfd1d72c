from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import make_car, make_catalogue, make_offers, make_terms
from tests.core.plans.compiled import compile_once
from tests.core.plans.test_columns import PRODUCTS, RATE, STAGED, fee

from chedai.core.loans.terms import ImpossibleTermsError
from chedai.core.plans import blocks
from chedai.core.plans.blocks import Beside, Block, price_blocks
from chedai.core.plans.columns import QuoteColumns
from chedai.core.plans.plan import ContractDates, CostLine
from chedai.core.plans.product import AddOnCondition, TermOffer
from chedai.core.plans.search import SearchInputs, price_all

DATES = ContractDates(first_due_on=date(2026, 12, 10))
GPS = CostLine(code="gps", name="GPS", amount_fen=1_500_00, payee="云岭车联（虚构）")
INSISTED = AddOnCondition(
    code="gps", name="GPS", payee="云岭车联（虚构）", is_condition_of_loan=True
)
EVERY_FEE = (
    fee("upfront"),
    fee("spread"),
    fee("first_instalment", basis="fixed", ratio=None, amount_fen=499_99),
    fee("last"),
    fee("spread", code="chosen", is_condition_of_loan=False),
    fee("first_instalment", code="chosen-first", is_condition_of_loan=False),
)
MANY: list[dict[str, Any]] = [
    *PRODUCTS,
    {"fees": EVERY_FEE},
    {"fees": EVERY_FEE, "method": "equal_principal"},
    {"fees": EVERY_FEE, "method": "stepped", "offers": (TermOffer(36, segments=STAGED),)},
    {"fees": EVERY_FEE, "offers": (TermOffer(1, RATE), TermOffer(2, RATE), TermOffer(3, RATE))},
    {"fees": (fee("upfront", ratio=Decimal(1)),)},
    {"add_ons": (INSISTED,)},
    {"day_count": "ACT/365"},
    {
        "method": "seasonal",
        "offers": (TermOffer(36, RATE, slack_months_of_year=(1, 2)),),
    },
]


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    compile_once()


def by_arrays(told: list[Block], beside: Beside) -> QuoteColumns:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "is_kernel_loaded", lambda: False)
        return price_blocks(told, beside)


def same(found: QuoteColumns, expected: QuoteColumns) -> None:
    for field in fields(QuoteColumns):
        if field.name != "apr_simple":
            mine, theirs = getattr(found, field.name), getattr(expected, field.name)
            assert mine.tolist() == theirs.tolist(), field.name
    np.testing.assert_allclose(found.apr_simple, expected.apr_simple, rtol=0, atol=1e-10)


def blocks_of(changes: dict[str, Any], principals: list[int]) -> list[Block]:
    terms = make_terms(**changes)
    return [Block(terms, offer, np.array(principals)) for offer in terms.offers]


@pytest.mark.parametrize("cash_discount_fen", [None, 2_000_00])
def test_every_block_is_priced_alike_with_the_kernel_and_without(cash_discount_fen: int | None):
    principals = [100, 8_400, 20_000_00, 99_876_54, 120_000_00, 500_000_00]
    told = [block for changes in MANY for block in blocks_of(changes, principals)]
    beside = Beside(add_ons=(GPS,), cash_discount_fen=cash_discount_fen, dates=DATES)

    same(price_blocks(told, beside), by_arrays(told, beside))


@settings(max_examples=60, deadline=None)
@given(
    chosen=st.lists(st.integers(0, len(MANY) - 1), min_size=1, max_size=4),
    principals=st.lists(st.integers(1, 90_000_000), min_size=1, max_size=20),
)
def test_whatever_the_principals_both_ways_agree(chosen: list[int], principals: list[int]):
    told = [block for number in chosen for block in blocks_of(MANY[number], principals)]
    beside = Beside(dates=DATES)

    same(price_blocks(told, beside), by_arrays(told, beside))


def test_the_kernel_and_the_arrays_find_the_same_plans():
    inputs = SearchInputs(
        products=make_catalogue(),
        car=make_car(),
        first_due_on=DATES.first_due_on,
        step_fen=1_000_00,
    )

    found = price_all(inputs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "is_kernel_loaded", lambda: False)
        expected = price_all(inputs)
    assert found.product_index.tolist() == expected.product_index.tolist()
    assert found.down_payment_fen.tolist() == expected.down_payment_fen.tolist()
    assert found.attributes.tolist() == expected.attributes.tolist()


@pytest.mark.parametrize("is_loaded", [True, False])
def test_no_blocks_have_no_rows(monkeypatch: pytest.MonkeyPatch, is_loaded: bool):
    monkeypatch.setattr(blocks, "is_kernel_loaded", lambda: is_loaded)
    empty = Block(make_terms(), make_offers("0.04", 36)[0], np.zeros(0, dtype=np.int64))

    assert len(price_blocks([], Beside()).payment_fen) == 0
    assert len(price_blocks([empty], Beside()).payment_fen) == 0


@pytest.mark.parametrize("is_loaded", [True, False])
def test_conditions_that_make_no_contract_are_refused(
    monkeypatch: pytest.MonkeyPatch, is_loaded: bool
):
    monkeypatch.setattr(blocks, "is_kernel_loaded", lambda: is_loaded)
    told = blocks_of({"offers": (TermOffer(36, RATE, balloon_ratio=Decimal("0.2")),)}, [100_00])

    with pytest.raises(ImpossibleTermsError, match="尾款"):
        price_blocks(told, Beside())
