"""A rate set anew in the course of a contract."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest

from chedai.core.loans.repricing import LPR_METHODS, repriced
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms, RateSegment


def terms_of(**changes: Any) -> LoanTerms:
    plain: dict[str, Any] = {
        "method": "equal_instalment",
        "principal_fen": 10_000_000,
        "term_months": 36,
        "nominal_rate_annual": Decimal("0.036"),
    }
    return LoanTerms(**(plain | changes))


def test_an_instalment_is_set_anew_on_what_is_owed() -> None:
    terms = terms_of()
    schedule = build_schedule(terms)

    later = repriced(schedule, terms, after_month=12, nominal_rate_annual=Decimal("0.046"))

    with localcontext() as context:
        context.prec = 50
        rate = Decimal("0.046") / 12
        owed = Decimal(schedule.outstanding_principal_fen[11])
        exact = owed * rate / (1 - (1 + rate) ** -24)
    assert later.instalment_fen[:12] == schedule.instalment_fen[:12]
    assert later.instalment_fen[12] == exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert later.outstanding_principal_fen[-1] == 0


def test_it_is_the_stepped_loan_with_the_same_rates() -> None:
    terms = terms_of()
    stepped = LoanTerms(
        method="stepped",
        principal_fen=10_000_000,
        term_months=36,
        segments=(
            RateSegment(months=12, nominal_rate_annual=Decimal("0.036")),
            RateSegment(months=24, nominal_rate_annual=Decimal("0.031")),
        ),
    )

    later = repriced(
        build_schedule(terms), terms, after_month=12, nominal_rate_annual=Decimal("0.031")
    )

    assert later == build_schedule(stepped)


@pytest.mark.parametrize("method", sorted(LPR_METHODS))
@pytest.mark.parametrize("after_month", [0, 1, 12, 35])
def test_every_method_repays_what_was_lent_and_costs_more_at_a_higher_rate(
    method: str, after_month: int
) -> None:
    terms = terms_of(
        method=method,
        balloon_fen=3_000_000 if method == "balloon" else 0,
        interest_only_months=6 if method == "interest_first" else 0,
    )
    schedule = build_schedule(terms)

    same = repriced(
        schedule, terms, after_month=after_month, nominal_rate_annual=terms.nominal_rate_annual
    )
    dearer = repriced(
        schedule, terms, after_month=after_month, nominal_rate_annual=Decimal("0.136")
    )

    assert same == schedule
    assert dearer.total_principal_fen == 10_000_000
    assert dearer.outstanding_principal_fen[-1] == 0
    assert dearer.total_interest_fen > schedule.total_interest_fen
    assert dearer.instalment_fen[:after_month] == schedule.instalment_fen[:after_month]


def test_equal_principal_keeps_its_parts() -> None:
    terms = terms_of(method="equal_principal")
    schedule = build_schedule(terms)

    later = repriced(schedule, terms, after_month=12, nominal_rate_annual=Decimal("0.046"))

    # Month 13 bears 0.046 / 12 on what twelve parts of 2 777.78 leave.
    owed_fen = 10_000_000 - 12 * 277_778
    assert later.principal_fen == schedule.principal_fen
    assert later.interest_fen[12] == round(owed_fen * 46 / 12_000)
