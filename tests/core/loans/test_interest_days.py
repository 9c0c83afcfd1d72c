"""Interest by days: odd first periods, actual days, and what an instalment then holds."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest

from chedai.core.dates import DAY_COUNTS
from chedai.core.loans.interest_days import InterestDays
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import ImpossibleTermsError, LoanTerms, RateSegment

YEAR_DAYS = {"ACT/365": 365, "ACT/360": 360}


def days_of(**changes: Any) -> InterestDays:
    plain: dict[str, Any] = {
        "disbursed_on": date(2026, 11, 23),
        "first_due_on": date(2026, 12, 23),
        "day_count": "ACT/365",
    }
    return InterestDays(**(plain | changes))


def terms_of(**changes: Any) -> LoanTerms:
    plain: dict[str, Any] = {
        "method": "equal_instalment",
        "principal_fen": 10_000_000,
        "term_months": 36,
        "nominal_rate_annual": Decimal("0.06"),
        "interest_days": days_of(),
    }
    return LoanTerms(**(plain | changes))


def due_on(month: int) -> date:
    """The 23rd of each month, by hand."""
    count = 2026 * 12 + 10 + month
    return date(count // 12, count % 12 + 1, 23)


@pytest.mark.parametrize("day_count", ["ACT/365", "ACT/360"])
def test_each_month_bears_interest_for_its_own_days(day_count: str) -> None:
    schedule = build_schedule(terms_of(interest_days=days_of(day_count=day_count)))

    with localcontext() as context:
        context.prec = 50
        balance = Decimal(10_000_000)
        for month in range(1, 36):
            days = (due_on(month) - due_on(month - 1)).days
            exact = balance * Decimal("0.06") * days / YEAR_DAYS[day_count]
            interest = exact.quantize(Decimal(1), ROUND_HALF_UP)
            assert schedule.interest_fen[month - 1] == interest
            # 100 000 at 6 % over 36 equal months is 3 042.19.
            assert schedule.instalment_fen[month - 1] == 304_219
            balance -= 304_219 - interest
    assert schedule.outstanding_principal_fen[34] == balance


def test_the_first_month_of_thirty_days_can_be_redone_by_hand() -> None:
    schedule = build_schedule(terms_of())

    # 100 000 x 6 % x 30 / 365 = 493.15
    assert schedule.interest_fen[0] == 49_315


def test_thirty_days_of_three_hundred_and_sixty_are_equal_months() -> None:
    by_days = build_schedule(terms_of(interest_days=days_of(day_count="30/360")))

    assert by_days == build_schedule(terms_of(interest_days=None))


@pytest.mark.parametrize(
    ("first_due_on", "odd_fen"),
    [
        (date(2026, 12, 22), -1_644),  # regular from 22 Nov, one day short: 100 000 x 6 % / 365
        (date(2026, 12, 23), 0),
        (date(2026, 12, 24), 1_644),
        (date(2027, 1, 5), 19_726),  # regular from 5 Dec, twelve days more
    ],
)
def test_odd_days_are_charged_or_given_back_with_the_first_instalment(
    first_due_on: date, odd_fen: int
) -> None:
    days = days_of(first_due_on=first_due_on, is_every_period=False)

    schedule = build_schedule(terms_of(interest_days=days))

    plain = build_schedule(terms_of(interest_days=None))
    assert schedule.instalment_fen[0] == plain.instalment_fen[0] + odd_fen
    assert schedule.instalment_fen[1:] == plain.instalment_fen[1:]


def test_odd_days_count_thirty_for_a_month_where_the_convention_says_so() -> None:
    days = days_of(
        disbursed_on=date(2027, 1, 31),
        first_due_on=date(2027, 4, 1),
        day_count="30/360",
        is_every_period=False,
    )

    schedule = build_schedule(terms_of(interest_days=days))

    # 31 Jan counts as the 30th: 31 days to 1 March, 100 000 x 6 % x 31 / 360 = 516.67
    assert schedule.instalment_fen[0] == 304_219 + 51_667


def test_the_last_day_of_a_month_stays_the_last_day() -> None:
    days = days_of(disbursed_on=date(2027, 1, 31), first_due_on=date(2027, 2, 28))

    assert days.regular_from == date(2027, 1, 31)
    assert [days.due_on(month) for month in (1, 2, 3)] == [
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]
    assert [days.days(month) for month in (1, 2, 3)] == [28, 31, 30]


def test_after_some_instalments_the_rest_keeps_its_days() -> None:
    days = days_of()

    rest = days.after(3)

    assert rest.disbursed_on == date(2027, 2, 23)
    assert [rest.days(k) for k in range(1, 13)] == [days.days(k) for k in range(4, 16)]


def test_steps_and_interest_only_months_count_the_days_of_their_own_months() -> None:
    stepped = terms_of(
        method="stepped",
        nominal_rate_annual=Decimal(0),
        segments=(
            RateSegment(months=2, nominal_rate_annual=Decimal(0)),
            RateSegment(months=34, nominal_rate_annual=Decimal("0.06")),
        ),
    )
    waiting = terms_of(method="interest_first", interest_only_months=3)

    # The third month, 23 Jan to 23 Feb, has 31 days; the fourth, to 23 March, has 28.
    owed_fen = build_schedule(stepped).outstanding_principal_fen[1]
    exact = Decimal(owed_fen) * 6 * 31 / 36_500
    assert build_schedule(stepped).interest_fen[2] == exact.quantize(Decimal(1), ROUND_HALF_UP)
    # 100 000 x 6 % x 31 / 365 = 509.59; x 28 / 365 = 460.27
    assert build_schedule(waiting).interest_fen[2:4] == (50_959, 46_027)


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "bullet"},
        {
            "method": "flat_fee",
            "nominal_rate_annual": Decimal(0),
            "flat_fee_rate_total": Decimal(0),
        },
        {"method": "lease_rent", "rent_timing": "advance"},
        {
            "method": "stepped",
            "nominal_rate_annual": Decimal(0),
            "segments": (RateSegment(months=36, nominal_rate_annual=Decimal(0)),),
            "segment_base": "original",
        },
    ],
)
def test_methods_without_days_refuse_them(changes: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleTermsError, match="不按天计息"):
        terms_of(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"day_count": "ACT/ACT"}, "计息天数只能是"),
        ({"first_due_on": date(2026, 11, 23)}, "放款日之后"),
    ],
)
def test_days_that_make_no_contract_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        days_of(**changes)


def test_every_day_count_has_a_year() -> None:
    for day_count in DAY_COUNTS:
        days, twelfth = days_of(day_count=day_count).factor(1)
        # 30 days of a year of 365 or 360 days, in twelfths.
        assert days == 360
        assert twelfth in {360, 365}
