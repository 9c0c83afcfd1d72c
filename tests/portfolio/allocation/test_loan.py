from __future__ import annotations

from datetime import date

import pytest

from chedai.portfolio.allocation.loan import (
    Instalment,
    OpenItem,
    Payment,
    PaymentBeforeDisbursementError,
    PaymentBeyondBalanceError,
    ScheduleDoesNotSumError,
    SettlementTooSmallError,
    replay,
)
from chedai.portfolio.days import STILL_OPEN_ON

JAN = date(2026, 1, 10)


def instalment(number, *, on=JAN, principal=100_000, interest=5_000, fee=0, penalty=0):
    return Instalment(
        number=number,
        in_force_on=on,
        due_on=date(2026, 1 + number, 10),
        principal_fen=principal,
        interest_fen=interest,
        fee_fen=fee,
        penalty_fen=penalty,
    )


def paid(day, amount_fen, *, kind="ordinary", payment_id=1):
    return Payment(payment_id=payment_id, paid_on=day, amount_fen=amount_fen, kind=kind)


def rows(items):
    return [
        (i.number, i.open_from, i.open_until, i.principal_fen, i.interest_fen, i.charges_fen)
        for i in items
    ]


def loan(*payments, instalments=None, principal_fen=200_000, **changed):
    schedule = instalments or [instalment(1), instalment(2)]
    return replay(
        disbursed_on=JAN,
        principal_fen=principal_fen,
        instalments=schedule,
        payments=payments,
        **changed,
    )


def test_without_payments_every_instalment_stays_open():
    assert rows(loan()) == [
        (1, JAN, STILL_OPEN_ON, 100_000, 5_000, 0),
        (2, JAN, STILL_OPEN_ON, 100_000, 5_000, 0),
    ]


def test_a_payment_in_parts_makes_a_row_for_each_stretch():
    items = loan(paid(date(2026, 2, 10), 50_000), paid(date(2026, 3, 1), 100_000, payment_id=2))

    # 50 000: 5 000 interest, 45 000 principal. 100 000: the other 55 000, then 5 000 and 40 000.
    assert rows(items) == [
        (1, JAN, date(2026, 2, 10), 100_000, 5_000, 0),
        (1, date(2026, 2, 10), date(2026, 3, 1), 55_000, 0, 0),
        (2, JAN, date(2026, 3, 1), 100_000, 5_000, 0),
        (2, date(2026, 3, 1), STILL_OPEN_ON, 60_000, 0, 0),
    ]


def test_the_order_of_the_lender_decides_what_stays_open():
    schedule = [instalment(1, principal=200_000, fee=300, penalty=70)]
    paid_some = paid(date(2026, 3, 1), 5_100)

    usual = loan(paid_some, instalments=schedule)
    other = loan(paid_some, instalments=schedule, order="principal_interest_fee_penalty")

    # 70 and 300 before 4 730 of the interest
    assert rows(usual)[-1][3:] == (200_000, 270, 0)
    assert rows(other)[-1][3:] == (194_900, 5_000, 370)


def test_a_back_dated_payment_changes_the_stretches_before():
    late = paid(date(2026, 3, 1), 105_000)
    back_dated = paid(date(2026, 2, 9), 105_000, payment_id=2)

    items = loan(late, back_dated)

    assert rows(items) == [
        (1, JAN, date(2026, 2, 9), 100_000, 5_000, 0),
        (2, JAN, date(2026, 3, 1), 100_000, 5_000, 0),
    ]


def test_a_prepayment_with_its_changed_schedule_replaces_what_comes_after():
    changed_on = date(2026, 2, 20)
    schedule = [
        *(instalment(n) for n in (1, 2, 3)),
        instalment(2, on=changed_on, principal=60_000, interest=3_000),
        instalment(3, on=changed_on, principal=60_000, interest=2_000),
    ]

    items = loan(
        paid(date(2026, 2, 10), 105_000),
        paid(changed_on, 81_000, kind="prepayment", payment_id=2),  # 80 000 and interest
        instalments=schedule,
        principal_fen=300_000,
    )

    assert rows(items) == [
        (1, JAN, date(2026, 2, 10), 100_000, 5_000, 0),
        (2, JAN, changed_on, 100_000, 5_000, 0),
        (2, changed_on, STILL_OPEN_ON, 60_000, 3_000, 0),
        (3, JAN, changed_on, 100_000, 5_000, 0),
        (3, changed_on, STILL_OPEN_ON, 60_000, 2_000, 0),
    ]


def test_a_settlement_closes_everything():
    items = loan(paid(date(2026, 2, 20), 203_000, kind="settlement"))

    assert {item.open_until for item in items} == {date(2026, 2, 20)}


def test_paid_and_outstanding_are_due_at_every_date():
    payments = [paid(date(2026, 2, d), 3_700, payment_id=d) for d in range(1, 29)]

    items = loan(*payments)

    for day in (date(2026, 2, d) for d in range(1, 29)):
        owed = sum(
            item.principal_fen + item.interest_fen
            for item in items
            if item.open_from <= day < item.open_until
        )
        assert owed + 3_700 * day.day == 210_000


@pytest.mark.parametrize(
    ("payments", "error"),
    [
        ([paid(date(2026, 1, 9), 100)], PaymentBeforeDisbursementError),
        ([paid(date(2026, 3, 1), 210_001)], PaymentBeyondBalanceError),
        (
            [
                paid(date(2026, 3, 1), 200_000, kind="settlement"),
                paid(date(2026, 3, 2), 1, payment_id=2),
            ],
            PaymentBeyondBalanceError,
        ),
        (
            [
                paid(date(2026, 3, 1), 200_000, kind="settlement"),
                paid(date(2026, 3, 2), 200_000, kind="settlement", payment_id=2),
            ],
            PaymentBeyondBalanceError,
        ),
        ([paid(date(2026, 3, 1), 199_999, kind="settlement")], SettlementTooSmallError),
        ([paid(date(2026, 3, 1), 1_000, kind="prepayment")], ScheduleDoesNotSumError),
    ],
)
def test_a_payment_that_cannot_be_true_is_refused_by_name(payments, error):
    with pytest.raises(error):
        loan(*payments)


@pytest.mark.parametrize(
    "second", [instalment(2, principal=99_999), instalment(2, principal=100_001)]
)
def test_instalments_that_do_not_sum_to_what_was_lent_are_refused(second):
    with pytest.raises(ScheduleDoesNotSumError):
        loan(instalments=[instalment(1), second])


@pytest.mark.parametrize("principal", [99_999, 100_001])
def test_a_changed_schedule_may_not_lose_or_invent_principal(principal):
    changed = instalment(2, on=date(2026, 2, 20), principal=principal)

    with pytest.raises(ScheduleDoesNotSumError):
        loan(instalments=[instalment(1), instalment(2), changed])


def test_an_open_item_is_a_value():
    assert isinstance(loan()[0], OpenItem)
    assert loan()[0] == loan()[0]
