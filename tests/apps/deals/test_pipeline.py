"""Next actions: the right order on every page, nobody else's, under every filter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.apps.deals.running import opened
from tests.factories import MOMENT, make_store, make_user

from chedai.catalogue.queries.cursors import UnreadableCursorError
from chedai.deals.models import TaskOccurrence
from chedai.deals.queries.pipeline import (
    ActionFilter,
    escalated_tasks,
    lanes,
    next_actions,
    next_steps_of,
)

if TYPE_CHECKING:
    from chedai.deals.models import Deal
    from chedai.staff.models import Organisation, User

pytestmark = pytest.mark.django_db
ALL = ActionFilter()


@pytest.fixture
def deals(acting: Organisation, advisor: User) -> list[Deal]:
    """Nine deals whose tasks fall due in an order of their own, three at the same moment."""
    made = [opened(advisor) for _ in range(9)]
    for deal, hours in zip(made, (5, 1, 3, 3, 3, -2, 8, -1, 2), strict=True):
        due = MOMENT + timedelta(hours=hours)
        TaskOccurrence.objects.filter(deal=deal).update(
            act_at=due, due_at=due, house_due_at=due, escalation_level=1 if hours < 0 else 0
        )
    return made


@pytest.mark.parametrize("size", [1, 2, 4, 9, 30])
def test_page_by_page_every_action_comes_once_and_in_order(
    deals: list[Deal], manager: User, size: int
) -> None:
    found: list[int] = []
    cursor = ""
    while True:
        page = next_actions(user=manager, wanted=ALL, now=MOMENT, cursor=cursor, size=size)
        found += [task.deal_id for task in page.actions]
        cursor = page.next_cursor
        if not cursor:
            break

    order = (5, 7, 1, 8, 2, 3, 4, 0, 6)
    assert found == [deals[place].pk for place in order]


def test_what_is_due_at_this_very_moment_is_not_overdue_yet(
    deals: list[Deal], manager: User
) -> None:
    TaskOccurrence.objects.filter(deal=deals[0]).update(act_at=MOMENT, due_at=MOMENT)

    page = next_actions(user=manager, wanted=ActionFilter(is_overdue=True), now=MOMENT)

    assert [task.deal_id for task in page.actions] == [deals[5].pk, deals[7].pk]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (ActionFilter(stage_code="reception"), 9),
        (ActionFilter(stage_code="needs"), 0),
        (ActionFilter(move="us"), 9),
        (ActionFilter(move="lender"), 0),
        (ActionFilter(owner_id=10**9), 0),
        (ActionFilter(is_to_approve=True), 0),
    ],
)
def test_filters_narrow_the_list(
    deals: list[Deal], manager: User, wanted: ActionFilter, count: int
) -> None:
    assert len(next_actions(user=manager, wanted=wanted, now=MOMENT).actions) == count


def test_somebody_of_another_store_sees_none_of_it(
    deals: list[Deal], organisation: Organisation
) -> None:
    elsewhere = make_user(organisation, "advisor", store=make_store(organisation))

    assert next_actions(user=elsewhere, wanted=ALL, now=MOMENT).actions == []
    assert [lane.count for lane in lanes(user=elsewhere, wanted=ALL, now=MOMENT)] == [0, 0, 0, 0]


def test_the_board_has_a_lane_for_each_party_and_counts_beyond_what_it_shows(
    deals: list[Deal], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chedai.deals.queries.pipeline.LANE_SIZE", 4)
    TaskOccurrence.objects.filter(deal=deals[6]).update(move="lender")

    found = lanes(user=manager, wanted=ALL, now=MOMENT)

    assert [(lane.move, lane.count, len(lane.actions)) for lane in found] == [
        ("us", 8, 4),
        ("customer", 0, 0),
        ("lender", 1, 1),
        ("registry", 0, 0),
    ]


def test_the_longest_overdue_leads_the_escalations(deals: list[Deal], manager: User) -> None:
    first = escalated_tasks(user=manager, now=MOMENT, size=1)
    second = escalated_tasks(user=manager, now=MOMENT, size=1, cursor=first.next_cursor)

    found = [task.deal_id for task in (*first.actions, *second.actions)]
    assert (found, second.next_cursor) == ([deals[5].pk, deals[7].pk], "")


@pytest.mark.parametrize("cursor", ["nonsense", "WyIyMDI2LTExLTIzIiwgMV0", "WyJ4IiwxXQ"])
def test_a_cursor_that_is_not_ours_is_refused(
    deals: list[Deal], manager: User, cursor: str
) -> None:
    with pytest.raises(UnreadableCursorError):
        next_actions(user=manager, wanted=ALL, now=MOMENT, cursor=cursor)


def test_a_deal_s_next_step_is_its_most_urgent_task(deals: list[Deal]) -> None:
    steps = next_steps_of([deal.pk for deal in deals])

    assert len(steps) == 9
    assert steps[deals[0].pk].task_code == "receive_visit"
