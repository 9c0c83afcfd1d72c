from __future__ import annotations

from datetime import date

import pytest
from tests.portfolio.allocation.test_batch import (
    instalment,
    instalments_table,
    payment,
    payments_table,
)

from chedai.portfolio.allocation.soundness import (
    DuplicatePaymentError,
    InstalmentRefusedError,
    PaymentAmountError,
    PaymentInTheFutureError,
    PaymentKindError,
    TwinPaymentError,
    check_instalments,
    check_payments,
    live_payments,
)

TODAY = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ([payment(7), payment(7, 2)], DuplicatePaymentError, "7"),
        ([payment(7), payment(8)], TwinPaymentError, "7 与 8"),
        ([payment(paid_on=date(2026, 2, 11))], PaymentInTheFutureError, "晚于 2026-02-10"),
        ([payment(amount_fen=0)], PaymentAmountError, "为零"),
        ([payment(amount_fen=-105_000)], PaymentAmountError, "为负"),
        ([payment(amount_fen=10**13 + 1)], PaymentAmountError, "超出可处理范围"),
        ([payment(kind="gift")], PaymentKindError, "ordinary"),
        ([payment(kind="reversal")], PaymentKindError, "冲正须写明"),
        ([payment(), payment(2, 2, reverses_payment_id=1)], PaymentKindError, "冲正须写明"),
        ([payment(kind="reversal", reverses_payment_id=9)], PaymentKindError, "不在表中"),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(rows, error, said):
    with pytest.raises(error, match=said):
        check_payments(payments_table(*rows), known_until=TODAY)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [payment(1), payment(2, amount_fen=105_001)],
        [payment(1), payment(2, 2)],
        [payment(1), payment(2, paid_on=date(2026, 2, 9))],
        [payment(1), payment(2, kind="reversal", reverses_payment_id=1), payment(3)],
        [payment(amount_fen=10**13)],
    ],
)
def test_what_may_be_true_passes(rows):
    check_payments(payments_table(*rows), known_until=TODAY)


def test_twins_pass_once_somebody_looked_at_them():
    check_payments(payments_table(payment(1), payment(2)), known_until=TODAY, accepts_twins=True)


def test_neither_a_reversal_nor_what_it_reverses_is_live():
    rows = [payment(1), payment(2, 2), payment(3, kind="reversal", reverses_payment_id=1)]

    assert live_payments(payments_table(*rows))["payment_id"].to_pylist() == [2]


@pytest.mark.parametrize(
    "row",
    [
        instalment(number=0),
        instalment(principal_fen=-1),
        instalment(interest_fen=10**13 + 1),
        instalment(due_on=date(2026, 1, 9)),
    ],
)
def test_an_instalment_that_cannot_be_true_is_refused(row):
    with pytest.raises(InstalmentRefusedError, match="1 行，例如合同 1"):
        check_instalments(instalments_table(row))


def test_a_number_that_stands_twice_in_a_schedule_is_refused():
    rows = instalments_table(instalment(), instalment())
    changed = instalments_table(instalment(), instalment(in_force_on=date(2026, 2, 1)))

    with pytest.raises(InstalmentRefusedError, match="期号重复"):
        check_instalments(rows)
    check_instalments(changed)
