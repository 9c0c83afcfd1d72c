from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from tests.portfolio.builders import contract, contracts_table, item, items_table, make_terms
from tests.portfolio.oracle import close_plainly
from tests.portfolio.strategies import CLOSED_ON, books

from chedai.portfolio.embedded import close_tables
from chedai.portfolio.kernel.arrays import OpenItemsRefusedError, SchemeUnknownError
from chedai.portfolio.terms import LossMethod


def one(contract_row, *items, **terms):
    close = close_tables(
        contracts_table(contract_row), items_table(*items), terms=make_terms(**terms)
    )
    return close.state.to_pylist()[0]


@settings(max_examples=300, deadline=None)
@given(book=books(), as_of=CLOSED_ON)
def test_the_kernel_says_what_the_plain_loop_says(book, as_of):
    method: LossMethod = "pd_lgd" if as_of.day % 2 else "bucket"
    terms = make_terms(as_of, loss_method=method)

    close = close_tables(*book, terms=terms)

    assert close.state.to_pylist() == close_plainly(*book, terms=terms).to_pylist()


def test_days_past_due_count_from_the_oldest_unpaid_instalment():
    state = one(
        contract(),
        item(number=1, due_on=date(2026, 2, 10), open_until=date(2026, 2, 10)),
        item(number=2, due_on=date(2026, 3, 10)),
        item(number=3, due_on=date(2026, 4, 10)),
        as_of=date(2026, 4, 20),
    )

    # 10 March to 20 April: 21 + 20 days
    assert state["days_past_due"] == 41
    assert state["oldest_unpaid_due_on"] == date(2026, 3, 10)
    assert state["bucket"] == 2
    assert state["overdue_principal_fen"] == 200_000
    assert state["overdue_interest_fen"] == 10_000
    assert state["outstanding_principal_fen"] == 200_000


@pytest.mark.parametrize(
    ("as_of", "days", "bucket", "classification"),
    [
        (date(2026, 2, 10), 0, 0, 0),  # the due day itself
        (date(2026, 2, 11), 1, 1, 1),
        (date(2026, 3, 12), 30, 1, 1),
        (date(2026, 3, 13), 31, 2, 1),
        (date(2026, 5, 11), 90, 3, 1),
        (date(2026, 5, 12), 91, 4, 2),
        (date(2026, 8, 9), 180, 6, 2),
        (date(2026, 8, 10), 181, 7, 2),
        (date(2026, 11, 7), 270, 7, 2),
        (date(2026, 11, 8), 271, 7, 3),
        (date(2027, 2, 5), 360, 7, 3),
        (date(2027, 2, 6), 361, 7, 4),
    ],
)
def test_every_edge_of_buckets_and_of_a_bank_loans_categories_is_where_it_should_be(
    as_of, days, bucket, classification
):
    state = one(contract(), item(), as_of=as_of)

    assert (state["days_past_due"], state["bucket"]) == (days, bucket)
    assert state["classification"] == classification


@pytest.mark.parametrize(
    ("scheme", "day", "classification"),
    [
        ("card", date(2026, 5, 11), 1),  # 90
        ("card", date(2026, 5, 12), 2),  # 91
        ("card", date(2026, 6, 10), 2),  # 120
        ("card", date(2026, 6, 11), 3),  # 121
        ("card", date(2026, 8, 9), 3),  # 180
        ("card", date(2026, 8, 10), 4),  # 181
        ("sixty_days", date(2026, 4, 11), 1),  # 60
        ("sixty_days", date(2026, 4, 12), 2),  # 61
    ],
)
def test_the_lenders_own_scheme_decides_the_category(scheme, day, classification):
    state = one(contract(classification_scheme=scheme), item(), as_of=day)

    assert state["classification"] == classification


@pytest.mark.parametrize(("day", "days"), [(date(2026, 2, 13), 0), (date(2026, 2, 14), 4)])
def test_days_within_grace_are_none_and_beyond_it_all_count(day, days):
    state = one(contract(grace_days=3), item(), as_of=day)

    assert state["days_past_due"] == days
    assert state["overdue_principal_fen"] == 100_000


def test_a_paused_stretch_does_not_count():
    # Due 10 Feb; paused 1 to 31 March. At 15 April: 64 days, of which 31 are left out.
    rows = [
        item(open_until=date(2026, 2, 28)),
        item(open_from=date(2026, 2, 28), open_until=date(2026, 4, 1), is_counting=False),
        item(open_from=date(2026, 4, 1), paused_days=31),
    ]

    inside = one(contract(), *rows, as_of=date(2026, 3, 20))
    after = one(contract(), *rows, as_of=date(2026, 4, 15))

    assert inside["days_past_due"] == 18
    assert after["days_past_due"] == 33
    assert after["first_over_30_on"] == date(2026, 4, 13)  # 10 Feb + 31 + 31


def paid_after(days_late_first: date, *, clean_months: int) -> list[dict[str, object]]:
    """An instalment paid late on that day, the rest paid on their days."""
    late = item(number=1, open_until=days_late_first)
    rest = [
        item(number=n, due_on=date(2026, 1 + n, 10), open_until=date(2026, 1 + n, 10))
        for n in range(2, 2 + clean_months)
    ]
    return [late, *rest, item(number=99, due_on=date(2028, 1, 10))]


@pytest.mark.parametrize(
    ("as_of", "classification"),
    [
        (date(2026, 5, 13), 2),  # paid in full today after 92 days: still substandard
        (date(2026, 11, 12), 2),
        (date(2026, 11, 13), 0),  # six months of normal payment
    ],
)
def test_a_cured_loan_stays_non_performing_until_it_was_observed(as_of, classification):
    rows = paid_after(date(2026, 5, 13), clean_months=10)

    state = one(contract(), *rows, as_of=as_of)

    assert state["days_past_due"] == 0
    assert state["classification"] == classification


def test_a_loan_by_the_season_is_observed_for_two_instalments_where_that_is_longer():
    rows = paid_after(date(2026, 5, 13), clean_months=0)

    state = one(contract(instalment_months=6), *rows, as_of=date(2027, 5, 12))
    later = one(contract(instalment_months=6), *rows, as_of=date(2027, 5, 13))

    assert (state["classification"], later["classification"]) == (2, 0)


def test_a_new_lateness_during_observation_begins_it_anew():
    rows = [
        item(number=1, open_until=date(2026, 5, 13)),
        item(number=2, due_on=date(2026, 10, 10), open_until=date(2026, 10, 15)),
        item(number=3, due_on=date(2028, 1, 10)),
    ]

    assert one(contract(), *rows, as_of=date(2027, 4, 14))["classification"] == 2
    assert one(contract(), *rows, as_of=date(2027, 4, 15))["classification"] == 0


def test_a_lateness_after_the_observation_is_judged_by_its_own_days():
    rows = [
        item(number=1, open_until=date(2026, 5, 13)),
        item(number=2, due_on=date(2026, 12, 10)),
    ]

    assert one(contract(), *rows, as_of=date(2026, 12, 15))["classification"] == 1


def test_a_restructured_loan_is_at_least_special_mention_for_a_year():
    made = contract(restructured_on=date(2026, 3, 1))
    row = item(due_on=date(2028, 1, 10))

    assert one(made, row, as_of=date(2027, 2, 28))["classification"] == 1
    assert one(made, row, as_of=date(2027, 3, 1))["classification"] == 0


def test_principal_paid_before_its_month_is_prepaid_and_within_it_scheduled():
    rows = [
        item(number=1, due_on=date(2026, 6, 10), open_until=date(2026, 6, 3)),
        item(number=2, due_on=date(2026, 7, 10), open_until=date(2026, 6, 20)),
        item(number=3, due_on=date(2026, 8, 10)),
    ]

    state = one(contract(), *rows, as_of=date(2026, 6, 30))

    assert state["scheduled_principal_fen"] == 100_000
    assert state["prepaid_principal_fen"] == 100_000
    assert state["outstanding_before_fen"] == 300_000


def test_expected_loss_is_rounded_half_up_by_contract():
    by_bucket = one(contract(), item(principal_fen=100), as_of=date(2026, 2, 10))
    by_default = one(contract(), item(), as_of=date(2026, 2, 20), loss_method="pd_lgd")

    assert by_bucket["expected_loss_fen"] == 1  # 100 × 0.5 % = 0.5
    # exposure 105 000, PD 5 %, LGD 45 %: 105 000 × 0.0225 = 2 362.5
    assert by_default["expected_loss_fen"] == 2_363


def test_a_contract_disbursed_later_is_not_in_the_close():
    close = close_tables(
        contracts_table(contract(1), contract(2, disbursed_on=date(2026, 5, 1))),
        items_table(item(1), item(2, open_from=date(2026, 5, 1), due_on=date(2026, 6, 1))),
        terms=make_terms(date(2026, 4, 30)),
    )

    assert close.state["contract_id"].to_pylist() == [1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([item(2)], "没有任何期次"),
        ([item(1), item(7)], "合同表里没有这份合同"),
        ([item(0), item(1)], "合同表里没有这份合同"),
        ([], "没有任何期次"),
        ([item(number=2, due_on=date(2026, 3, 10)), item()], "未按合同号"),
        ([item(open_until=date(2026, 1, 10))], "起始日不早于结束日"),
        ([item(principal_fen=-1)], "金额"),
        ([item(principal_fen=0, interest_fen=0)], "金额"),
        ([item(principal_fen=10**13 + 1)], "金额"),
        ([item(number=0)], "期号"),
        ([item(paused_days=-1)], "期号"),
    ],
)
def test_rows_that_contradict_themselves_are_refused_by_name(rows, said):
    with pytest.raises(OpenItemsRefusedError, match=said):
        one(contract(), *rows)


def test_contracts_out_of_order_and_unknown_schemes_are_refused():
    with pytest.raises(OpenItemsRefusedError, match="递增"):
        close_tables(contracts_table(contract(2), contract(1)), items_table(), terms=make_terms())
    with pytest.raises(SchemeUnknownError, match="own_scheme"):
        one(contract(classification_scheme="own_scheme"), item())


@pytest.mark.parametrize("grace_days", [-1, 31])
def test_grace_longer_than_a_bucket_is_refused(grace_days):
    with pytest.raises(OpenItemsRefusedError, match="宽限天数"):
        one(contract(grace_days=grace_days), item())


def test_an_empty_book_closes_to_an_empty_state():
    close = close_tables(contracts_table(), items_table(), terms=make_terms())

    assert close.state.num_rows == 0
    assert all(table.num_rows == 0 for table in close.figures.values())


@settings(max_examples=30, deadline=None)
@given(book=books(contracts_max=7), as_of=CLOSED_ON)
def test_two_threads_say_what_one_says(book, as_of):
    terms = make_terms(as_of)

    one_thread, two = (close_tables(*book, terms=terms, threads=n) for n in (1, 2))

    assert one_thread.digests() == two.digests()
