from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.portfolio.allocation.orders import (
    ALLOCATION_ORDERS,
    Component,
    OpenInstalment,
    allocate,
)

P, F, I, C = Component  # noqa: E741


def opened(number, month, *, penalty=0, fee=0, interest=0, principal=0):
    return OpenInstalment(
        number=number, due_on=date(2026, month, 10), owed_fen=[penalty, fee, interest, principal]
    )


TWO = [
    opened(1, 2, penalty=10, fee=20, interest=300, principal=1_000),
    opened(2, 3, penalty=5, interest=200, principal=1_100),
]


@pytest.mark.parametrize(
    ("order", "parts"),
    [
        (
            "penalty_fee_interest_principal",
            [(1, P, 10), (1, F, 20), (1, I, 300), (1, C, 1_000), (2, P, 5), (2, I, 65)],
        ),
        (
            "fee_penalty_interest_principal",
            [(1, F, 20), (1, P, 10), (1, I, 300), (1, C, 1_000), (2, P, 5), (2, I, 65)],
        ),
        (
            "interest_principal_fee_penalty",
            [(1, I, 300), (1, C, 1_000), (1, F, 20), (1, P, 10), (2, I, 70)],
        ),
        (
            "principal_interest_fee_penalty",
            [(1, C, 1_000), (1, I, 300), (1, F, 20), (1, P, 10), (2, C, 70)],
        ),
        (
            "all_penalty_fee_interest_principal",
            [(1, P, 10), (2, P, 5), (1, F, 20), (1, I, 300), (2, I, 200), (1, C, 865)],
        ),
        ("all_principal_interest_fee_penalty", [(1, C, 1_000), (2, C, 400)]),
    ],
)
def test_a_payment_of_14_yuan_is_shared_out_in_the_lenders_order(order, parts):
    shared = allocate(1_400, TWO, paid_on=date(2026, 4, 1), order=ALLOCATION_ORDERS[order])

    assert shared == (tuple(parts), 0)


def test_by_component_an_instalment_not_yet_due_waits_for_all_that_are():
    order = ALLOCATION_ORDERS["all_penalty_fee_interest_principal"]

    parts, left_fen = allocate(1_340, TWO, paid_on=date(2026, 3, 9), order=order)

    # the instalment of 10 March is not due on the 9th: the other is paid wholly before
    assert [part[:2] for part in parts] == [(1, P), (1, F), (1, I), (1, C), (2, P), (2, I)]
    assert (parts[-1].amount_fen, left_fen) == (5, 0)


def test_what_nobody_owes_is_left():
    parts, left_fen = allocate(
        3_000,
        TWO,
        paid_on=date(2026, 4, 1),
        order=ALLOCATION_ORDERS["penalty_fee_interest_principal"],
    )

    assert sum(part.amount_fen for part in parts) == 2_635
    assert left_fen == 365


OWED = st.lists(st.integers(0, 500), min_size=4, max_size=4)


@given(
    owed=st.lists(OWED, max_size=5),
    amount_fen=st.integers(1, 6_000),
    day=st.integers(1, 12),
    order=st.sampled_from(list(ALLOCATION_ORDERS.values())),
)
def test_every_order_pays_all_of_the_money_and_nothing_twice(owed, amount_fen, day, order):
    instalments = [
        OpenInstalment(number=n, due_on=date(2026, n, 10), owed_fen=fen)
        for n, fen in enumerate(owed, start=1)
    ]

    parts, left_fen = allocate(amount_fen, instalments, paid_on=date(2026, day, 10), order=order)

    assert sum(part.amount_fen for part in parts) + left_fen == amount_fen
    assert len({part[:2] for part in parts}) == len(parts)
    assert all(0 < p.amount_fen <= owed[p.number - 1][p.component] for p in parts)
    assert left_fen == max(0, amount_fen - sum(map(sum, owed)))


def test_every_order_has_a_label_and_is_known_by_its_id():
    assert all(order.id == key and order.label for key, order in ALLOCATION_ORDERS.items())
