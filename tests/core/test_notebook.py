"""What a notebook shows of a result: escaped, and short where the result is long."""

from decimal import Decimal

import pytest

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.derivation import derive_apr_simple, derive_extra_over_cash
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import Fee, LoanTerms
from chedai.core.notebook import EDGE_ROWS, table_html
from chedai.core.plans.kernel.columns import LoanColumns
from chedai.core.plans.kernel.pricing import price_columns

TERMS = LoanTerms(
    method="equal_instalment",
    principal_fen=12_000_000,
    term_months=36,
    nominal_rate_annual=Decimal("0.0588"),
)
EVIL = Fee(code="x", name="<img src=x onerror=alert(1)>", amount_fen=100_000, payee="甲&乙")


def html_of(result: object) -> str:
    """Ask as a notebook does."""
    told = result._repr_html_()  # type: ignore[attr-defined]
    assert isinstance(told, str)
    return told


def test_a_schedule_shows_every_month():
    told = html_of(build_schedule(TERMS))

    assert told.count("<tr>") == 1 + 36
    assert "¥3,644.11" in told


def test_a_cost_shows_both_rates_by_name():
    told = html_of(cost_of_plan(build_schedule(TERMS)))

    assert "<td>5.88%</td><td>6.04%</td>" in told
    assert "年化（单利）" in told


def test_quotes_show_a_row_per_loan_and_no_rate_where_none_fits():
    loans = LoanColumns.of_terms([TERMS, TERMS])
    quotes = price_columns(loans)
    quotes.rate_state[1] = 2

    told = html_of(quotes)

    assert "<td>5.88%</td><td>solved</td>" in told
    assert "<td>--</td><td>no_rate</td>" in told


def test_names_of_others_are_escaped():
    schedule = build_schedule(TERMS)

    for result in (derive_extra_over_cash(schedule, [EVIL]), derive_apr_simple(schedule, [EVIL])):
        assert "<img" not in html_of(result)
        assert "甲&amp;乙" in html_of(result)


@pytest.mark.parametrize(
    ("count", "shown", "has_gap"),
    [
        (0, 0, False),
        (2 * EDGE_ROWS, 2 * EDGE_ROWS, False),
        (2 * EDGE_ROWS + 1, 2 * EDGE_ROWS, True),
        (1_000_000, 2 * EDGE_ROWS, True),
    ],
)
def test_of_a_long_table_only_the_ends_are_asked_for(count, shown, has_gap):
    asked = []

    def row(number: int) -> list[object]:
        asked.append(number)
        return [f"<{number}>"]

    told = table_html(caption="<b>", headings=["<i>"], row=row, row_count=count)

    assert len(asked) == shown
    assert ("… 中间" in told) is has_gap
    assert not {"<b>", "<i>", "<0>"} & {told[at : at + 3] for at in range(len(told))}
