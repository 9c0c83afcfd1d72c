"""Reading needs and deals: diffs in words, pages by key, search."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.factories import MOMENT, make_deal, make_store, make_user

from chedai.catalogue.queries.cursors import UnreadableCursorError, cursor_of
from chedai.deals.models import Deal
from chedai.needs.editing import merge
from chedai.needs.reading import read_sentence
from chedai.reception.operations import amend_need
from chedai.reception.queries.needs import (
    PAGE_SIZE,
    Change,
    deal_by_number,
    deals_opened_since,
    deals_page,
    latest_need,
    need_by_number,
    need_history,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import Organisation, User


def say(need: NeedVersion, sentence: str) -> NeedVersion:
    sheet = latest_need(need.deal)
    return amend_need(
        deal=need.deal,
        base_number=sheet.version.number,
        sentence=f"{sheet.version.sentence}\n{sentence}",
        chips=merge(sheet.chips, read_sentence(sentence)),
        answered=(),
        channel="desk",
        author=need.recorded_by,
        recorded_at=MOMENT,
    )


def test_a_version_says_in_words_what_it_changed(visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万，月供不能超过3500")
    say(need, "月供不能超过3000，想要新能源")

    (newest, changed), (oldest, at_first) = need_history(need.deal)

    assert (newest.version.number, oldest.version.number) == (2, 1)
    assert at_first == []
    assert changed == [
        Change("月供上限", "3,500 元以内（不能超）", "3,000 元以内（不能超）"),
        Change("动力", "", "新能源"),
    ]


def test_a_history_cut_short_still_compares_with_what_came_before(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit("首付5万")
    say(need, "首付6万")
    say(need, "首付7万")

    history = need_history(need.deal, limit=2)

    assert [[change.before for change in changed] for _, changed in history] == [
        ["6 万"],
        ["5 万"],
    ]


def test_two_chips_of_one_label_are_told_together(visit: Callable[..., NeedVersion]) -> None:
    need = visit("随时能提前还，不要融资租赁")
    say(need, "也不要装GPS")

    [(_, changed), _] = need_history(need.deal)

    assert [(change.before, change.after) for change in changed] == [
        ("融资租赁", "融资租赁、装 GPS")
    ]


def test_an_older_version_reads_as_it_was(visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万")
    say(need, "首付6万")

    assert need_by_number(need.deal, 1).facts.down_payment_max_fen == 50_000_00
    assert latest_need(need.deal).facts.down_payment_max_fen == 60_000_00


# --- Lists ------------------------------------------------------------------------------------


def numbers_by_page(user: User) -> list[list[str]]:
    pages, cursor = [], ""
    while not pages or cursor:
        found = deals_page(seen_by=user, cursor=cursor)
        pages.append([deal.number for deal in found.deals])
        cursor = found.next_cursor
    return pages


@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE + 5])
def test_pages_hold_every_deal_once_when_all_were_opened_at_one_moment(
    acting: Organisation, advisor: User, count: int
) -> None:
    made = [make_deal(advisor, number=f"X{n:03d}").number for n in range(count)]

    pages = numbers_by_page(advisor)

    assert [number for each in pages for number in each] == made[::-1]
    assert all(len(each) == PAGE_SIZE for each in pages[:-1])


def test_a_deal_opened_while_somebody_leafs_through_moves_no_page(
    acting: Organisation, advisor: User
) -> None:
    made = [
        make_deal(advisor, number=f"X{n:03d}", opened_at=MOMENT - timedelta(minutes=n)).number
        for n in range(PAGE_SIZE + 3)
    ]
    start = deals_page(seen_by=advisor)
    make_deal(advisor, number="NEW", opened_at=MOMENT + timedelta(minutes=1))

    rest = deals_page(seen_by=advisor, cursor=start.next_cursor)

    assert [deal.number for deal in (*start.deals, *rest.deals)] == made


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "🚗",
        cursor_of("2026-11-23T10:00:00+08:00"),
        cursor_of("2026-11-23T10:00:00", 1),
        cursor_of("soon", 1),
        cursor_of("2026-11-23T10:00:00+08:00", "one"),
        cursor_of("2026-11-23T10:00:00+08:00", -1),
        cursor_of("2026-11-23T10:00:00+08:00", 2**63),
        cursor_of("2026-11-23T10:00:00+08:00", 1, 1),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(
    acting: Organisation, advisor: User, cursor: str
) -> None:
    with pytest.raises(UnreadableCursorError):
        deals_page(seen_by=advisor, cursor=cursor)


@pytest.mark.parametrize("opened", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_cursor_at_the_edge_of_time_is_read(
    acting: Organisation, advisor: User, opened: str
) -> None:
    make_deal(advisor)

    assert len(deals_page(seen_by=advisor, cursor=cursor_of(opened, 1)).deals) in {0, 1}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("D0001", {"D000101"}),
        ("d0001", {"D000101"}),
        ("0001", set()),
        ("王", {"D000101"}),
        ("小姐", {"D000202"}),
        ("%", set()),
        ("_", set()),
        ("'; --", set()),
        ("", {"D000101", "D000202"}),
    ],
)
def test_a_deal_is_found_by_the_start_of_its_number_or_a_part_of_the_name(
    acting: Organisation, advisor: User, search: str, found: set[str]
) -> None:
    make_deal(advisor, number="D000101", call_name="王先生")
    make_deal(advisor, number="D000202", call_name="李小姐")

    assert {deal.number for deal in deals_page(seen_by=advisor, search=search).deals} == found


def test_todays_deals_begin_at_the_moment_asked_for(acting: Organisation, advisor: User) -> None:
    for hours in (-1, 0, 1):
        make_deal(advisor, number=f"at{hours}", opened_at=MOMENT + timedelta(hours=hours))

    assert [deal.number for deal in deals_opened_since(MOMENT, seen_by=advisor)] == ["at1", "at0"]


def test_a_row_of_the_list_knows_its_newest_need(
    visit: Callable[..., NeedVersion], advisor: User
) -> None:
    need = visit("首付5万")
    say(need, "首付6万")

    [row] = deals_page(seen_by=advisor).deals

    assert (row.need_number, row.need_confirmed_at) == (2, None)
    assert row.need_sentence.endswith("首付6万")


def test_a_deal_of_another_store_is_not_there(acting: Organisation, advisor: User) -> None:
    elsewhere = make_user(acting, "advisor", store=make_store(acting))
    deal = make_deal(elsewhere)

    with pytest.raises(Deal.DoesNotExist):
        deal_by_number(deal.number, seen_by=advisor)
    assert deal_by_number(deal.number, seen_by=elsewhere) == deal
