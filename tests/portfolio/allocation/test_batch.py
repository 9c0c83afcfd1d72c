from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from itertools import chain

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.portfolio.builders import contract, contracts_table

from chedai.core.dates import add_months
from chedai.portfolio.allocation.batch import (
    AllocationOrderUnknownError,
    ContractUnknownError,
    open_items_of,
)
from chedai.portfolio.allocation.loan import (
    AllocationRefusedError,
    Instalment,
    Payment,
    PaymentBeforeDisbursementError,
    PaymentBeyondBalanceError,
    ScheduleDoesNotSumError,
    SettlementTooSmallError,
    replay,
)
from chedai.portfolio.allocation.orders import ALLOCATION_ORDERS
from chedai.portfolio.columns import INSTALMENTS, OPEN_ITEMS, PAUSES, PAYMENTS

DAY = date(2026, 1, 10)
KNOWN_UNTIL = date(2030, 1, 1)


def instalments_table(*rows):
    return pa.Table.from_pylist(list(rows), schema=INSTALMENTS)


def payments_table(*rows):
    return pa.Table.from_pylist(list(rows), schema=PAYMENTS)


def instalment(contract_id=1, number=1, **changed):
    return {
        "contract_id": contract_id,
        "number": number,
        "in_force_on": DAY,
        "due_on": add_months(DAY, number),
        "principal_fen": 100_000,
        "interest_fen": 5_000,
        "fee_fen": 0,
        "penalty_fen": 0,
        **changed,
    }


def payment(payment_id=1, contract_id=1, **changed):
    return {
        "payment_id": payment_id,
        "contract_id": contract_id,
        "paid_on": date(2026, 2, 10),
        "amount_fen": 105_000,
        "kind": "ordinary",
        "reverses_payment_id": None,
        **changed,
    }


def allocated(contracts, instalments, payments, **changed):
    return open_items_of(
        contracts_table(*contracts),
        instalments_table(*instalments),
        payments_table(*payments),
        known_until=KNOWN_UNTIL,
        **changed,
    )


ONE = contract(1, principal_fen=200_000)
TWO_ROWS = (instalment(1, 1), instalment(1, 2))


@st.composite
def loans(draw, contract_id):
    """Draw a loan with payments of all kinds; most of them can be true."""
    term = draw(st.integers(1, 6))
    fen = st.integers(0, 3_000)
    schedule = [
        instalment(
            contract_id,
            n,
            principal_fen=draw(st.integers(1, 9_000)),
            interest_fen=draw(fen),
            fee_fen=draw(st.sampled_from([0, 0, 120])),
            penalty_fen=draw(st.sampled_from([0, 0, 45])),
        )
        for n in range(1, term + 1)
    ]
    principal_fen = sum(row["principal_fen"] for row in schedule)
    payments = [
        payment(
            contract_id * 100 + n,
            contract_id,
            paid_on=DAY + timedelta(days=draw(st.integers(0, 40)) * 5),
            amount_fen=draw(st.integers(1, 6_000)),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    if draw(st.integers(0, 3)) == 0:
        day = DAY + timedelta(days=draw(st.integers(1, 200)))
        payments.append(
            payment(contract_id * 100 + 50, contract_id, paid_on=day, amount_fen=90_000)
            | {"kind": "settlement"}
        )
    if draw(st.integers(0, 3)) == 0:
        day = DAY + timedelta(days=draw(st.integers(1, 200)))
        number = draw(st.integers(1, term))
        left_fen = sum(r["principal_fen"] for r in schedule if r["number"] >= number)
        cut_fen = draw(st.integers(0, left_fen))
        changed = instalment(
            contract_id, number, in_force_on=day, due_on=day, principal_fen=left_fen - cut_fen
        )
        schedule.append(changed)
        if cut_fen:
            prepaid = {"paid_on": day, "amount_fen": cut_fen, "kind": "prepayment"}
            payments.append(payment(contract_id * 100 + 60, contract_id, **prepaid))
    order = draw(st.sampled_from(list(ALLOCATION_ORDERS)))
    made = contract(
        contract_id, disbursed_on=DAY, principal_fen=principal_fen, allocation_order=order
    )
    return made, schedule, payments


def replayed(made, schedule, payments):
    items = replay(
        disbursed_on=made["disbursed_on"],
        principal_fen=made["principal_fen"],
        instalments=[
            Instalment(**{k: v for k, v in row.items() if k != "contract_id"}) for row in schedule
        ],
        payments=[
            Payment(**{k: row[k] for k in ("payment_id", "paid_on", "amount_fen", "kind")})
            for row in payments
        ],
        order=made["allocation_order"],
    )
    extra = {"contract_id": made["contract_id"], "paused_days": 0, "is_counting": True}
    return [extra | asdict(item) for item in items]


@settings(max_examples=300, deadline=None)
@given(data=st.data(), count=st.integers(1, 3))
def test_the_batch_says_what_each_loan_alone_says(data, count):
    drawn = [data.draw(loans(contract_id)) for contract_id in range(1, count + 1)]
    contracts, schedules, payments = zip(*drawn, strict=True)
    tables = (contracts, list(chain(*schedules)), list(chain(*payments)))

    try:
        plain = [row for loan in drawn for row in replayed(*loan)]
    except AllocationRefusedError as refusal:
        with pytest.raises(type(refusal)):
            allocated(*tables, accepts_twins=True)
        return

    expected = pa.Table.from_pylist(plain, schema=OPEN_ITEMS).to_pylist()
    assert allocated(*tables, accepts_twins=True).to_pylist() == expected


def test_a_reversed_payment_was_never_received():
    there = payment(1)
    reversal = payment(2, kind="reversal", reverses_payment_id=1, paid_on=date(2026, 2, 12))

    assert allocated([ONE], TWO_ROWS, [there, reversal]).equals(allocated([ONE], TWO_ROWS, []))


def test_the_order_of_the_rows_does_not_matter():
    payments = [payment(1), payment(2, paid_on=date(2026, 3, 10))]

    there = allocated([ONE], TWO_ROWS, payments)

    assert allocated([ONE], TWO_ROWS[::-1], payments[::-1]).equals(there)


def test_pauses_are_cut_into_the_items():
    pause = {"contract_id": 1, "starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
    pauses = pa.Table.from_pylist([pause], schema=PAUSES)

    items = allocated([ONE], TWO_ROWS, [], pauses=pauses)

    assert items["paused_days"].to_pylist() == [0, 0, 31, 0, 0, 21]  # 11 to 31 March


@pytest.mark.parametrize(
    ("payments", "error"),
    [
        ([payment(paid_on=date(2026, 1, 9))], PaymentBeforeDisbursementError),
        ([payment(amount_fen=210_001)], PaymentBeyondBalanceError),
        ([payment(kind="settlement", amount_fen=199_999)], SettlementTooSmallError),
        ([payment(kind="prepayment")], ScheduleDoesNotSumError),
        ([payment(contract_id=2)], ContractUnknownError),
    ],
)
def test_a_payment_that_cannot_be_true_is_refused_with_its_contract(payments, error):
    with pytest.raises(error, match=r"合同 \d"):
        allocated([ONE], TWO_ROWS, payments)


def test_contracts_and_schedules_must_belong_together():
    with pytest.raises(ContractUnknownError, match="没有还款计划"):
        allocated([ONE, contract(2)], TWO_ROWS, [])
    with pytest.raises(ContractUnknownError, match="不在合同表中"):
        allocated([ONE], [*TWO_ROWS, instalment(3)], [])
    with pytest.raises(ScheduleDoesNotSumError, match="合同 1"):
        allocated([contract(1, principal_fen=200_001)], TWO_ROWS, [])


def test_an_unknown_order_is_refused():
    with pytest.raises(AllocationOrderUnknownError, match="by_mood"):
        allocated([contract(1, allocation_order="by_mood")], TWO_ROWS, [])


def test_many_small_payments_find_room():
    payments = [payment(n, paid_on=DAY + timedelta(days=n), amount_fen=700) for n in range(1, 201)]

    orders = {"allocation_order": "all_penalty_fee_interest_principal"}
    items = allocated([ONE | orders], TWO_ROWS, payments)

    open_now = items.filter(pa.compute.equal(items["open_until"], date(9999, 12, 31)))
    assert sum(open_now["principal_fen"].to_pylist()) == 210_000 - 200 * 700
