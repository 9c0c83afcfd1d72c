"""按淡旺季还款."""

from decimal import Decimal, localcontext

import pytest

from chedai.core.loans.prepayment import PrepaymentTerms, partial_prepayment
from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import ImpossibleTermsError, LoanTerms
from chedai.core.money import ROUNDINGS


def terms_of(**changes: object) -> LoanTerms:
    plain = {
        "method": "seasonal",
        "principal_fen": 6_000_000,
        "term_months": 36,
        "nominal_rate_annual": Decimal("0.06"),
        "slack_months": (1, 2, 7),
    }
    return LoanTerms(**(plain | changes))  # type: ignore[arg-type]


def usual_instalment(terms: LoanTerms) -> Decimal:
    """Find by bisection the instalment that closes the balance, in 60 decimals, month by month."""
    with localcontext() as context:
        context.prec = 60
        rate = terms.nominal_rate_annual / 12
        low, high = Decimal(0), Decimal(terms.principal_fen * 2)
        for _ in range(180):
            middle = (low + high) / 2
            balance = Decimal(terms.principal_fen)
            for month in range(terms.term_months):
                repaid = middle - balance * rate
                share = terms.slack_principal_ratio if month % 12 + 1 in terms.slack_months else 1
                balance -= repaid * share
            low, high = (middle, high) if balance > 0 else (low, middle)
        return middle


@pytest.mark.parametrize("ratio", ["0", "0.3", "0.5", "0.99"])
@pytest.mark.parametrize("rate", ["0.0312", "0.06", "0.24"])
def test_usual_months_pay_what_closes_the_balance(ratio: str, rate: str) -> None:
    terms = terms_of(slack_principal_ratio=Decimal(ratio), nominal_rate_annual=Decimal(rate))

    usual_fen = build_schedule(terms).instalment_fen[2]

    assert usual_fen == int(usual_instalment(terms) + Decimal("0.5"))


def test_slack_months_of_every_year_pay_interest_alone() -> None:
    schedule = build_schedule(terms_of())

    slack = [0, 1, 6, 12, 13, 18, 24, 25, 30]
    assert [month for month, fen in enumerate(schedule.principal_fen) if fen == 0] == slack
    # 60 000 x 0.5 % = 300
    assert schedule.instalment_fen[:2] == (30_000, 30_000)
    usual = {schedule.instalment_fen[k] for k in range(35) if k not in slack}
    assert len(usual) == 1


def test_a_small_seasonal_loan_can_be_redone_by_hand() -> None:
    schedule = build_schedule(
        terms_of(
            principal_fen=120_000,
            term_months=3,
            nominal_rate_annual=Decimal(0),
            slack_months=(2,),
            slack_principal_ratio=Decimal("0.5"),
        )
    )

    # 1 200 yuan in 1 + 1/2 + 1 parts of 480.
    assert schedule.principal_fen == (48_000, 24_000, 48_000)


def test_a_full_share_is_an_equal_instalment() -> None:
    seasonal = terms_of(slack_principal_ratio=Decimal(1))
    level = terms_of(method="equal_instalment", slack_months=())

    assert build_schedule(seasonal) == build_schedule(level)


@pytest.mark.parametrize("rounding", sorted(ROUNDINGS))
def test_every_rounding_to_the_yuan_closes_to_zero(rounding: str) -> None:
    schedule = build_schedule(terms_of(rounding=rounding, rounding_unit_fen=100))

    assert schedule.instalment_fen[2] % 100 == 0
    assert schedule.outstanding_principal_fen[-1] == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slack_months": ()}, "请填写淡季月份"),
        ({"slack_months": (0,)}, "第 1 至第 12 期"),
        ({"slack_months": (13,)}, "第 1 至第 12 期"),
        ({"slack_months": tuple(range(1, 13))}, "至少一期正常还本"),
        ({"slack_months": (1, 2), "term_months": 2}, "至少一期正常还本"),
        ({"slack_principal_ratio": Decimal("1.01")}, "0 与 1 之间"),
        ({"slack_principal_ratio": Decimal("-0.01")}, "0 与 1 之间"),
        ({"method": "equal_instalment"}, "淡季月份不适用"),
    ],
)
def test_a_season_that_describes_no_contract_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ImpossibleTermsError, match=message):
        terms_of(**changes)


ANY_TIME = PrepaymentTerms(
    amortisation="actuarial", charge_base="outstanding", charge_steps=(), free_after_months=0
)


def test_after_a_partial_prepayment_the_same_calendar_months_stay_slack() -> None:
    terms = terms_of()
    schedule = build_schedule(terms)

    rest = partial_prepayment(
        schedule,
        terms,
        ANY_TIME,
        after_month=5,
        amount_fen=1_000_000,
        mode="smaller_instalment",
    )

    # Months 7, 13 and 14 of the contract are months 2, 8 and 9 of what remains.
    assert rest.terms_after.slack_months == (2, 8, 9)
    assert rest.schedule_after.principal_fen[1] == 0


def test_when_only_slack_months_remain_the_principal_falls_due_with_the_last() -> None:
    terms = terms_of(term_months=12, slack_months=(11, 12), slack_principal_ratio=Decimal("0.5"))
    schedule = build_schedule(terms)

    rest = partial_prepayment(
        schedule, terms, ANY_TIME, after_month=10, amount_fen=100, mode="smaller_instalment"
    )

    left_fen = schedule.outstanding_after(10) - 100
    assert rest.schedule_after.principal_fen == (0, left_fen)
