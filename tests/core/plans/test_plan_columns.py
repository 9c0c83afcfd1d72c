from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import make_car, make_catalogue, make_version
from tests.core.plans.compiled import compile_once
from tests.core.plans.test_blocks import EVERY_FEE, GPS, MANY
from tests.core.plans.test_columns import RATE

from chedai.core.plans import matrix, plan_columns, quotes
from chedai.core.plans.blocks import is_kernel_loaded
from chedai.core.plans.dominance import attributes_of, dominates, front
from chedai.core.plans.matrix import Matrix, MatrixInputs, QuoteTable, price_matrix
from chedai.core.plans.plan import CostLine, Plan, PlanInputs, Refusal
from chedai.core.plans.plan_columns import SearchInputs, inputs_of, price_all, price_at
from chedai.core.plans.pricing import price
from chedai.core.plans.product import TermOffer
from chedai.core.plans.quotes import QuoteBook
from chedai.core.plans.search import OBJECTIVES, PlanNeeds, search, search_at
from chedai.core.plans.steps import on_whole_step

DUE = date(2026, 12, 10)
TERMS = (24, 36, 48)
INSURANCE = CostLine(
    code="insurance", name="保险", amount_fen=4_321_09, payee="保险公司（虚构）", is_financed=True
)
CATALOGUE = (
    *make_catalogue(),
    *(make_version(f"m{n}", code=f"m{n}", **changes) for n, changes in enumerate(MANY)),
    make_version("steps", code="steps", principal_step_fen=1_000_00),
    make_version("broken", code="broken", offers=(TermOffer(36, RATE, balloon_ratio=RATE),)),
)
ORDINARY = CATALOGUE[:-1]

choices = st.lists(st.sampled_from(CATALOGUE), min_size=1, max_size=6, unique_by=id)
downs = st.integers(0, 160_000_00)
kernel = st.booleans()
bought = st.sampled_from([(), (GPS,), (INSURANCE,), (GPS, INSURANCE)])


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    compile_once()


def with_kernel(is_loaded: bool, ask: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for module in (plan_columns, quotes):
            patch.setattr(module, "is_kernel_loaded", lambda: is_loaded and is_kernel_loaded())
        return ask()


def deal(products: Any, **changes: Any) -> SearchInputs:
    plain: dict[str, Any] = {"products": products, "car": make_car(), "first_due_on": DUE}
    return SearchInputs(**(plain | changes))


def oracle_at(inputs: SearchInputs, down_payment_fen: int) -> list[tuple[int, Plan]]:
    """Price product by product and offer by offer."""
    priced = [
        (
            index,
            price(
                on_whole_step(
                    inputs_of(
                        inputs,
                        product=product,
                        term_months=offer.term_months,
                        down_payment_fen=down_payment_fen,
                    )
                )
            ),
        )
        for index, product in enumerate(inputs.products)
        if product.version_id not in inputs.refused
        for offer in product.terms.offers
    ]
    return [(index, plan) for index, plan in priced if isinstance(plan, Plan)]


@settings(max_examples=80, deadline=None)
@given(products=choices, down_fen=downs, is_loaded=kernel, add_ons=bought)
def test_one_down_payment_holds_the_oracles_plans_in_their_order(
    products: Any, down_fen: int, is_loaded: bool, add_ons: Any
):
    inputs = deal(products, add_ons=add_ons, refused={"bank": Refusal("credit", "不接受")})

    columns = with_kernel(is_loaded, lambda: price_at(inputs, down_payment_fen=down_fen))

    expected = oracle_at(inputs, down_fen)
    assert columns.product_index.tolist() == [index for index, _ in expected]
    assert columns.attributes.tolist() == [list(attributes_of(plan)) for _, plan in expected]
    assert columns.down_payment_fen.tolist() == [plan.down_payment_fen for _, plan in expected]
    np.testing.assert_allclose(
        columns.apr_simple, [plan.apr_simple for _, plan in expected], rtol=0, atol=1e-9
    )


@settings(max_examples=60, deadline=None)
@given(
    products=st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=5, unique_by=id),
    step_fen=st.integers(3_000_00, 40_000_00),
    add_ons=bought,
)
def test_every_row_of_a_whole_search_is_the_oracles_plan(
    products: Any, step_fen: int, add_ons: Any
):
    inputs = deal(products, step_fen=step_fen, add_ons=add_ons)

    columns = price_all(inputs)

    found = zip(columns.down_payment_fen.tolist(), columns.product_index.tolist(), strict=True)
    rows: dict[tuple[int, int], list[list[int]]] = {}
    for key, attributes in zip(found, columns.attributes.tolist(), strict=True):
        rows.setdefault(key, []).append(attributes)
    for down_fen in {down for down, _ in rows}:
        expected: dict[int, list[list[int]]] = {}
        for index, plan in oracle_at(inputs, down_fen):
            expected.setdefault(index, []).append(list(attributes_of(plan)))
        for index in range(len(products)):
            told = rows.get((down_fen, index))
            assert told is None or sorted(told) == sorted(expected[index])


@settings(max_examples=60, deadline=None)
@given(products=choices, down_fen=st.integers(10_000_00, 100_000_00))
def test_whatever_is_asked_for_the_best_row_is_the_oracles(products: Any, down_fen: int):
    inputs = deal(products)

    result = search_at(inputs, PlanNeeds(cash_fen=10**9), down_payment_fen=down_fen)

    plans = [plan for _, plan in oracle_at(inputs, down_fen)]
    assert len(result.columns) == len(plans)
    for name, objective in OBJECTIVES.items():
        row = result.best_row(name)
        if row is None:
            assert not plans
            continue
        shown = dict(zip(plan_columns.ATTRIBUTES, attributes_of(result.plan(row)), strict=True))
        keys = [
            tuple(
                dict(zip(plan_columns.ATTRIBUTES, attributes_of(plan), strict=True))[key]
                for key in objective.keys
            )
            for plan in plans
        ]
        assert tuple(shown[key] for key in objective.keys) == min(keys)


@settings(max_examples=30, deadline=None)
@given(products=st.lists(st.sampled_from(ORDINARY), min_size=2, max_size=4, unique_by=id))
def test_the_front_of_a_search_is_what_no_other_plan_equals_or_beats(products: Any):
    result = search(deal(products, step_fen=20_000_00), PlanNeeds(cash_fen=10**9))

    rows = result.columns.attributes.tolist()
    expected = [
        place
        for place, row in enumerate(rows)
        if not any(
            dominates(other, row) and (other != row or number < place)
            for number, other in enumerate(rows)
            if number != place
        )
    ]
    assert front(result.columns.attributes).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(
    products=choices,
    base_fen=st.integers(20_000_00, 100_000_00),
    is_loaded=kernel,
    add_ons=bought,
    discount_fen=st.sampled_from([None, 0, 3_000_00]),
)
def test_every_cell_of_a_matrix_is_the_oracles(
    products: Any, base_fen: int, is_loaded: bool, add_ons: Any, discount_fen: int | None
):
    inputs = MatrixInputs(
        products=products,
        car=make_car(),
        first_due_on=DUE,
        add_ons=add_ons,
        cash_discount_fen=discount_fen,
        refused={"free": Refusal("credit", "不接受")},
    )
    downs_fen = (base_fen, base_fen + 10_000_00)

    found: Matrix = with_kernel(
        is_loaded,
        lambda: price_matrix(inputs, terms_months=TERMS, down_payments_fen=downs_fen),
    )

    for down_fen, row in zip(downs_fen, found.rows, strict=True):
        for term_months, cell in zip(TERMS, row, strict=True):
            plans, reasons = cell_oracle(inputs, term_months, down_fen)
            best = min(
                plans,
                key=lambda plan: (plan.extra_over_cash_fen, plan.payment_fen, plan.product.code),
                default=None,
            )
            assert cell.plan == best
            if best is None:
                assert sorted(cell.reasons, key=str) == sorted(reasons, key=str)


def cell_oracle(
    inputs: MatrixInputs, term_months: int, down_fen: int
) -> tuple[list[Plan], list[tuple[str, Refusal]]]:
    plans, reasons = [], []
    for product in inputs.products:
        wanted: PlanInputs = matrix.plan_inputs(inputs, product, term_months, down_fen)
        plan = (inputs.refused or {}).get(product.version_id) or price(wanted)
        if isinstance(plan, Plan):
            plans.append(plan)
        else:
            reasons.append((product.terms.code, plan))
    return plans, reasons


def test_plans_followed_by_none_stay_as_they_are():
    columns = price_at(deal(CATALOGUE[:2]), down_payment_fen=50_000_00)

    assert columns.followed_by(columns.rows([])) is columns
    assert len(columns.followed_by(columns)) == 2 * len(columns)


def test_the_catalogue_of_these_tests_has_offers_of_every_kind():
    known = {
        plan_columns.is_for_kernel(product.terms, offer)
        for product in CATALOGUE
        for offer in product.terms.offers
    }

    assert known == {True, False}
    assert {fee.timing for fee in EVERY_FEE} == {"upfront", "spread", "first_instalment", "last"}


@settings(max_examples=40, deadline=None)
@given(products=choices, down_fen=downs, is_loaded=kernel, add_ons=bought)
def test_a_table_of_quotes_says_what_the_oracles_plans_say(
    products: Any, down_fen: int, is_loaded: bool, add_ons: Any
):
    inputs = MatrixInputs(
        products=products,
        car=make_car(),
        first_due_on=DUE,
        disbursed_on=date(2026, 11, 12),
        add_ons=add_ons,
        refused={"free": Refusal("credit", "不接受")},
    )

    table = with_kernel(
        is_loaded,
        lambda: QuoteTable(
            inputs, terms_months=TERMS, down_payments_fen=(down_fen,), book=QuoteBook()
        ),
    )

    for product in products:
        for term_months in TERMS:
            quote = table.quote(product, term_months, down_fen)
            plans, reasons = cell_oracle(
                replace(inputs, products=(product,)), term_months, down_fen
            )
            if isinstance(quote, Refusal):
                assert reasons == [(product.terms.code, quote)]
            elif plans:
                assert quote.payment_fen == plans[0].payment_fen
                assert quote.first_payment_fen == plans[0].first_payment_fen
                assert quote.last_payment_fen == plans[0].last_payment_fen
                assert quote.extra_over_cash_fen == plans[0].extra_over_cash_fen
            else:
                # Only what the rate or the fees of a built plan say is found out later.
                assert reasons[0][1].field in {"cost", "fees"}
