"""Every product's own first due date, in a search, a matrix, a limit on the last day."""

from dataclasses import replace
from datetime import date

import pytest
from tests.core.plans.builders import make_car, make_version

from chedai.core.plans.matrix import MatrixInputs, price_matrix
from chedai.core.plans.plan import ContractDates
from chedai.core.plans.pricing import dates_of
from chedai.core.plans.product import FirstDueRule
from chedai.core.plans.relaxation import relaxations
from chedai.core.plans.search import PlanNeeds, SearchInputs, search, search_at

DISBURSED = date(2026, 11, 24)
ON_THE_20TH = FirstDueRule(kind="fixed_day", day_of_month=20, minimum_gap_days=15)
ON_THE_5TH = FirstDueRule(kind="fixed_day", day_of_month=5, minimum_gap_days=15)
PRODUCTS = (
    make_version("plain"),
    make_version("20th", first_due=ON_THE_20TH, first_period_day_count="ACT/360"),
    make_version("5th", first_due=ON_THE_5TH, day_count="ACT/365"),
)
FIRST_DUE = {
    "plain": date(2026, 12, 24),
    "20th": date(2026, 12, 20),
    # 5 December is only 11 days away
    "5th": date(2027, 1, 5),
}
INPUTS = SearchInputs(
    products=PRODUCTS,
    car=make_car(),
    first_due_on=date(2030, 1, 1),
    disbursed_on=DISBURSED,
)
ANY = PlanNeeds(cash_fen=150_000_00)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.version_id)
def test_a_contract_begins_by_the_products_own_rule(product):
    dates = dates_of(product.terms, first_due_on=date(2030, 1, 1), disbursed_on=DISBURSED)

    assert dates.first_due_on == FIRST_DUE[product.version_id]
    assert dates.starts_on == DISBURSED


def test_without_a_day_of_disbursement_all_products_share_one_due_date():
    dates = dates_of(PRODUCTS[2].terms, first_due_on=date(2030, 1, 1), disbursed_on=None)

    assert dates == ContractDates(first_due_on=date(2030, 1, 1))


def test_a_search_quotes_every_product_on_its_own_days():
    for found in (search(INPUTS, ANY), search_at(INPUTS, ANY, down_payment_fen=50_000_00)):
        rows = range(0, len(found.columns), max(len(found.columns) // 40, 1))
        seen = set()
        for row in rows:
            plan = found.plan(row)
            seen.add(plan.inputs.product.version_id)
            assert plan.first_due_on == FIRST_DUE[plan.inputs.product.version_id]
            assert plan.payment_fen == found.columns.attribute("payment_fen")[row]
            assert plan.extra_over_cash_fen == found.columns.attribute("extra_over_cash_fen")[row]
        assert seen == set(FIRST_DUE)


def test_a_matrix_quotes_every_product_on_its_own_days():
    for product in PRODUCTS:
        matrix = price_matrix(
            MatrixInputs(
                products=PRODUCTS,
                car=make_car(),
                first_due_on=date(2030, 1, 1),
                disbursed_on=DISBURSED,
                chosen_version_id=product.version_id,
            ),
            terms_months=(36, 48, 60),
            down_payments_fen=(40_000_00, 50_000_00, 60_000_00),
        )
        for cell in (cell for row in matrix.rows for cell in row):
            assert cell.plan is not None
            assert cell.plan.first_due_on == FIRST_DUE[product.version_id]


@pytest.mark.parametrize(
    ("latest", "kept"),
    [
        (date(2029, 11, 19), set()),
        (date(2029, 11, 20), {"20th"}),
        (date(2029, 11, 24), {"20th", "plain"}),
        (date(2029, 12, 4), {"20th", "plain"}),
        (date(2029, 12, 5), {"20th", "plain", "5th"}),
    ],
)
def test_the_last_day_allowed_is_held_against_each_products_own_last_day(latest, kept):
    found = search_at(INPUTS, replace(ANY, last_due_on_max=latest), down_payment_fen=50_000_00)

    months = found.columns.attribute("term_months").tolist()
    versions = [PRODUCTS[index].version_id for index in found.columns.product_index.tolist()]
    assert {v for v, m in zip(versions, months, strict=True) if m == 36} == kept


def test_what_to_loosen_counts_months_from_each_products_own_first_day():
    needs = replace(ANY, last_due_on_max=date(2029, 11, 19))

    (way,) = relaxations(INPUTS, needs)

    assert way.plan.term_months == 36
    assert way.plan.inputs.product.version_id in FIRST_DUE
