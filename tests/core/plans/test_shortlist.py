from datetime import date
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.plans.builders import (
    make_car,
    make_catalogue,
    make_offers,
    make_prepayment,
    make_version,
)

from chedai.core.plans.dominance import attributes_of, dominates
from chedai.core.plans.explanation import banned_words_in
from chedai.core.plans.plan import CostLine
from chedai.core.plans.product import ProductVersion
from chedai.core.plans.search import PlanNeeds, SearchInputs, search
from chedai.core.plans.shortlist import ThreePlans, three_plans


def shown(
    *, cash_fen: int = 50_000_00, products: tuple[ProductVersion, ...] = (), **needs: int
) -> ThreePlans:
    result = search(
        SearchInputs(
            products=products or make_catalogue(),
            car=make_car(),
            first_due_on=date(2026, 12, 10),
            step_fen=1_000_00,
        ),
        PlanNeeds(cash_fen=cash_fen, **needs),
    )
    return three_plans(result)


def test_each_plan_is_best_at_something_and_says_what_it_costs():
    plans = shown(payment_max_fen=3_000_00).plans

    assert [(named.plan.key, named.title) for named in plans] == [
        (("bank", 36, 50_000_00), "总钱最省、还得最快"),
        (("free", 36, 50_000_00), "最灵活"),
        (("lease", 60, 50_000_00), "月供最轻"),
    ]
    assert plans[0].gives_up == (
        "每月多还 1,290 元",
        "提前还款要满 12 期才免违约金",
        "月供离上限只差 52 元",
    )


def test_fewer_are_shown_when_one_plan_is_best_at_everything():
    only = make_version(
        offers=make_offers("0.03", 36),
        prepayment=make_prepayment(charge_steps=(), free_after_months=0),
    )

    plans = shown(products=(only,), cash_fen=30_000_00).plans

    assert len(plans) == 1
    assert plans[0].gives_up[0].startswith("比付全款多付")


def test_no_plan_is_shown_when_nothing_fits():
    assert shown(cash_fen=1_000_00, products=(make_version(),)).plans == ()


def test_the_annual_cost_is_ranked_among_all_offers_found():
    plans = shown().plans

    assert {named.apr_rank_of for named in plans} == {9}
    ordered = sorted(plans, key=lambda named: named.plan.apr_simple)
    assert [named.apr_rank for named in ordered] == sorted(named.apr_rank for named in plans)


def test_the_cash_column_has_the_cash_price():
    result = search(
        SearchInputs(
            products=make_catalogue(),
            car=make_car(),
            first_due_on=date(2026, 12, 10),
            purchase_costs=(
                CostLine(code="tax", name="购置税", amount_fen=13_000_00, payee="税务局"),
            ),
            cash_discount_fen=3_000_00,
        ),
        PlanNeeds(cash_fen=80_000_00),
    )

    cash = three_plans(result).cash

    assert (cash.price_fen, cash.cash_at_delivery_fen) == (147_000_00, 160_000_00)
    assert cash.gives_up == "一次拿 16 万"


RATES = st.decimals("0", "0.12", places=4)


@settings(max_examples=40, deadline=None)
@given(
    offers=st.lists(
        st.tuples(RATES, st.sets(st.sampled_from([12, 24, 36, 48, 60]), min_size=1), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    cash_fen=st.integers(30_000_00, 120_000_00),
)
def test_no_shown_plan_is_dominated_and_the_order_is_total_cost(
    offers: list[tuple[Decimal, set[int], bool]], cash_fen: int
):
    products = tuple(
        make_version(
            f"v{i}",
            code=f"p{i}",
            offers=make_offers(str(rate), *sorted(terms)),
            prepayment=make_prepayment(charge_steps=(), free_after_months=0)
            if is_flexible
            else make_prepayment(),
        )
        for i, (rate, terms, is_flexible) in enumerate(offers)
    )

    plans = shown(products=products, cash_fen=cash_fen).plans

    extras = [named.plan.extra_over_cash_fen for named in plans]
    assert extras == sorted(extras)
    assert 1 <= len(plans) <= 3
    assert not any(
        dominates(attributes_of(one.plan), attributes_of(other.plan))
        for one, other in permutations(plans, 2)
    )
    assert all(named.gives_up for named in plans)
    text = "".join("".join(named.gives_up) + named.title for named in plans)
    assert banned_words_in(text, has_fees=True) == ()
