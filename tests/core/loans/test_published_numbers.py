"""Numbers printed by others: regulators' worked examples and public Chinese pages."""

from decimal import Decimal
from typing import Any

import pytest
from tests.core.loans.vectors import FOLDER, read, vectors

from chedai.core.loans.annuity import annuity_fraction
from chedai.core.loans.cost import CostOfCredit, cost_of_credit, cost_of_plan
from chedai.core.loans.rates import effective_rate, rate_per_unit_period
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.loans.terms import LoanTerms, monthly_ratio


def by_id(name: str) -> Any:
    return pytest.mark.parametrize("vector", vectors(name), ids=lambda vector: vector.get("id"))


def test_every_file_of_golden_numbers_names_its_source() -> None:
    for path in FOLDER.glob("*.json"):
        numbers = read(path.name)
        listed = numbers.values() if "vectors" not in numbers else [numbers]
        sources = [part["source"] for part in listed if isinstance(part, dict)]
        assert sources, path.name
        assert all(sources), path.name


@by_id("eu_commission_2015.json")
def test_the_commissions_examples_come_out(vector: dict[str, Any]) -> None:
    flows = [
        (years + index / 12, amount[index] if isinstance(amount, list) else amount)
        for years, count, amount in vector["runs"]
        for index in range(count)
    ]

    percent = effective_rate(flows) * 100

    # Five of 46 rest on amounts the document rounds but does not print: 0.00005 points.
    tolerance = 5e-5 if "not_to_six_decimals" in vector else 6e-7
    assert percent == pytest.approx(vector["rate_percent"], abs=tolerance)


def test_all_but_five_of_the_commissions_examples_agree_to_six_decimals() -> None:
    loose = [v["id"] for v in vectors("eu_commission_2015.json") if "not_to_six_decimals" in v]

    assert loose == ["EC-9", "EC-33b", "EC-32a", "EC-34", "EC-35"]


@by_id("us_regulation_z_appendix_j.json")
def test_the_actuarial_examples_of_regulation_z_come_out(vector: dict[str, Any]) -> None:
    payments = [amount for count, amount in vector["payments"] for _ in range(count)]
    first, fraction = vector["first_after_periods"], vector["first_after_fraction"]
    flows = [(0, 0.0, float(vector["amount_financed"]))]
    flows += [(first + index, fraction, -amount) for index, amount in enumerate(payments)]

    percent = rate_per_unit_period(flows) * vector["periods_per_year"] * 100

    assert percent == pytest.approx(vector["rate_percent"], abs=vector["tolerance_percent"])


def cost_of_fee(*, term_months: int, fee_percent_total: float) -> CostOfCredit:
    terms = LoanTerms(
        method="flat_fee",
        principal_fen=10**10,
        term_months=term_months,
        flat_fee_rate_total=Decimal(str(fee_percent_total)) / 100,
    )
    return cost_of_plan(build_schedule(terms))


# What pages print as “annual rate”: two are internal rates of return, three are rules of thumb.
PRINTED_FORMULAS = {
    "nominal_irr_x12": lambda cost, _fee, _n: cost.apr_simple * 100,
    "effective_irr": lambda cost, _fee, _n: cost.apr_compound * 100,
    "formula_24n_over_n_plus_1": lambda _cost, fee, n: fee * 24 / (n + 1),
    "twice_minus_one": lambda _cost, fee, _n: 2 * fee - 1,
    "formula_first_instalment_upfront": lambda _cost, fee, n: fee * 24 / (n + 1) / (1 - fee / 100),
}


@by_id("china_fee_pairs.json")
def test_a_published_fee_pair_has_the_recomputed_annual_rates(vector: dict[str, Any]) -> None:
    cost = cost_of_fee(
        term_months=vector["term_months"], fee_percent_total=vector["fee_percent_total"]
    )

    assert cost.apr_simple * 100 == pytest.approx(vector["apr_simple_percent"], abs=6e-5)
    assert cost.apr_compound * 100 == pytest.approx(vector["apr_compound_percent"], abs=6e-5)


@by_id("china_fee_pairs.json")
def test_a_published_annual_rate_is_what_its_formula_gives_or_says_why_not(
    vector: dict[str, Any],
) -> None:
    fee, months = vector["fee_percent_total"], vector["term_months"]
    cost = cost_of_fee(term_months=months, fee_percent_total=fee)
    printed = vector["printed_percent"]

    # “About” on a page is good to a third of a point; exact figures are compared above.
    gaps = {
        name: abs(PRINTED_FORMULAS[name](cost, fee, months) - printed)
        for name in vector["printed_is"]
    }

    assert bool(gaps) == ("not_reproduced_because" not in vector)
    assert all(gap < 0.5 for gap in gaps.values())
    assert min(gaps.values(), default=0) < 0.2


@by_id("china_fee_tables.json")
def test_a_published_fee_table_is_annualised(vector: dict[str, Any]) -> None:
    cost = cost_of_fee(
        term_months=vector["term_months"], fee_percent_total=vector["fee_percent_total"]
    )

    assert cost.apr_simple * 100 == pytest.approx(vector["apr_simple_percent"], abs=6e-4)


def schedule_of(vector: dict[str, Any]) -> Schedule:
    return build_schedule(
        LoanTerms(
            method=vector["method"],
            principal_fen=vector["principal_yuan"] * 100,
            term_months=vector["term_months"],
            nominal_rate_annual=Decimal(str(vector["rate_percent"])) / 100,
        )
    )


def measured(schedule: Schedule, method: str) -> dict[str, float]:
    """Name our numbers as the pages do, in yuan."""
    numbers = {
        "total_interest": schedule.total_interest_fen,
        "total_paid": schedule.total_paid_fen,
        "first_interest": schedule.interest_fen[0],
        "first_principal": schedule.principal_fen[0],
        "second_interest": schedule.interest_fen[1],
        "second_principal": schedule.principal_fen[1],
    }
    if method == "equal_instalment":
        numbers["monthly"] = schedule.instalment_fen[0]
    else:
        numbers["first_month"] = schedule.instalment_fen[0]
        numbers["second_month"] = schedule.instalment_fen[1]
        numbers["last_month"] = schedule.instalment_fen[-1]
        numbers["decrease"] = schedule.instalment_fen[0] - schedule.instalment_fen[1]
    return {name: fen / 100 for name, fen in numbers.items()}


def slack_yuan(name: str, term_months: int) -> float:
    """Pages do not round month by month: totals may differ by up to a fen a month."""
    if name.startswith("total") or name == "last_month":
        return 0.01 * term_months
    return 0.0101 if name in {"decrease", "second_interest", "second_principal"} else 0.0001


@by_id("china_schedules.json")
def test_a_published_schedule_comes_out_where_the_page_is_right(vector: dict[str, Any]) -> None:
    ours = measured(schedule_of(vector), vector["method"])

    for name, printed in vector["printed"].items():
        is_right = name not in vector.get("not_reproduced", ())
        expected = printed if is_right else vector["exact"][name]
        assert ours[name] == pytest.approx(expected, abs=slack_yuan(name, vector["term_months"]))


@by_id("china_schedules.json")
def test_a_page_that_is_wrong_is_listed_with_the_reason(vector: dict[str, Any]) -> None:
    ours = measured(schedule_of(vector), vector["method"])

    for name in vector.get("not_reproduced", ()):
        assert vector["not_reproduced_because"]
        assert abs(ours[name] - vector["printed"][name]) > 1


@pytest.mark.parametrize(
    "vector",
    [v for v in vectors("china_other.json") if v["kind"] == "rate from payment"],
    ids=lambda vector: vector["id"],
)
def test_a_rate_is_found_from_the_instalment(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    cost = cost_of_credit(
        received_fen=inputs["principal"] * 100,
        paid_fen=[round(inputs["monthly"] * 100)] * inputs["n"],
    )

    assert cost.apr_simple * 100 == pytest.approx(vector["exact"]["annual_pct"], abs=1e-4)
    assert cost.apr_simple * 100 == pytest.approx(vector["printed"]["annual_pct"], abs=5e-4)


def test_a_published_early_repayment_leaves_the_printed_balance() -> None:
    vector = next(v for v in vectors("china_other.json") if v["id"] == "CN-P1")
    schedule = build_schedule(
        LoanTerms(
            method="equal_instalment",
            principal_fen=10_000_000,
            term_months=60,
            nominal_rate_annual=Decimal("0.06"),
        )
    )

    # The page does not round month by month: up to a fen a month.
    assert schedule.outstanding_after(24) / 100 == pytest.approx(
        vector["printed"]["outstanding"], abs=0.24
    )
    assert sum(schedule.interest_fen[:24]) / 100 == pytest.approx(
        vector["exact"]["interest"], abs=0.24
    )


def test_a_daily_rate_over_thirty_day_months_gives_the_exact_interest() -> None:
    vector = next(v for v in vectors("china_other.json") if v["id"] == "CN-R5")
    # 0.045 % a day x 30 days x 12 months
    terms = LoanTerms(
        method="equal_principal",
        principal_fen=300_000,
        term_months=12,
        nominal_rate_annual=Decimal("0.162"),
    )

    schedule = build_schedule(terms)

    assert [fen / 100 for fen in schedule.interest_fen] == vector["exact"]["interest"]


def test_the_unrounded_instalment_gives_the_printed_total_interest() -> None:
    # CN-S03: 200 000 at 5.4 % over 360 months, unrounded: 204 302.17
    numerator, denominator = annuity_fraction(
        principal_fen=20_000_000, months=360, rate=monthly_ratio(Decimal("0.054"))
    )

    assert round(360 * numerator / denominator) - 20_000_000 == 20_430_217
