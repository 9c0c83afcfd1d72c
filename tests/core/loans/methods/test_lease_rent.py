"""融资租赁租金."""

from decimal import Decimal

from chedai.core.loans.cost import cost_of_plan
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import LoanTerms


def terms_of(**change: object) -> LoanTerms:
    return LoanTerms(
        method="lease_rent",
        principal_fen=10_000_000,
        term_months=36,
        nominal_rate_annual=Decimal("0.06"),
        **change,
    )


def test_rent_in_arrears_without_residual_is_the_equal_instalment() -> None:
    assert build_schedule(terms_of()).instalment_fen[0] == 304_219


def test_rent_in_advance_is_discounted_by_one_month() -> None:
    schedule = build_schedule(terms_of(rent_timing="advance"))

    # 3042.1937… / 1.005 = 3027.06
    assert schedule.principal_at_start_fen == 302_706
    assert schedule.instalment_fen[:34] == (302_706,) * 34
    # The 36th rent falls due after 35 months and takes the remainder of the roundings.
    assert abs(schedule.instalment_fen[34] - 302_706) <= 18
    assert schedule.instalment_fen[35] == 0


def test_the_residual_falls_due_a_month_after_the_last_rent_in_advance() -> None:
    schedule = build_schedule(terms_of(rent_timing="advance", balloon_fen=3_000_000))

    assert schedule.instalment_fen[35] == 3_000_000
    assert abs(cost_of_plan(schedule).apr_simple - 0.06) < 1e-6


def test_the_residual_in_arrears_is_the_balloon() -> None:
    assert build_schedule(terms_of(balloon_fen=3_000_000)).instalment_fen[0] == 227_954


def test_a_deposit_makes_the_lease_dearer_though_it_comes_back() -> None:
    with_deposit = cost_of_plan(build_schedule(terms_of(deposit_fen=1_000_000)))
    without = cost_of_plan(build_schedule(terms_of()))

    assert with_deposit.apr_simple > without.apr_simple + 0.005
    assert with_deposit.extra_over_cash_fen == without.extra_over_cash_fen


def test_a_single_rent_in_advance_leaves_only_the_residual() -> None:
    terms = LoanTerms(
        method="lease_rent",
        principal_fen=10_000,
        term_months=1,
        nominal_rate_annual=Decimal("0.12"),
        balloon_fen=1_010,
        rent_timing="advance",
    )

    schedule = build_schedule(terms)

    # 1 010 a month later is 1 000 today at 1 % a month.
    assert schedule.principal_at_start_fen == 9_000
    assert schedule.instalment_fen == (1_010,)
