"""Delays are noticed once for each level; deadlines follow the calendar; work changes hands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.apps.deals.running import LATER, finish, open_codes, opened, task
from tests.factories import MOMENT, make_store, make_user

from chedai.audit.models import AuditEvent
from chedai.deals.models import CalendarDay, Deal, ProcessEvent, TaskEscalation
from chedai.deals.operations.assignment import (
    UnfitOwnerError,
    hand_over_deals,
    reassign_task,
)
from chedai.deals.operations.calendar import announce_year, set_calendar_day
from chedai.deals.operations.escalation import escalate_overdue, reckon_deadlines_anew
from chedai.deals.operations.processes import TaskGoneError, start_process
from chedai.deals.queries.calendar import calendar_of, years_shown
from chedai.deals.tasks import escalate_overdue_tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.staff.models import Organisation, User

pytestmark = pytest.mark.django_db
DUE = MOMENT + timedelta(hours=1)  # the first task of a deal has one working hour


@pytest.fixture
def deal(acting: Organisation, advisor: User) -> Deal:
    return opened(advisor)


def escalate(deal: Deal, at: datetime) -> int:
    return escalate_overdue(organisation_id=deal.organisation_id, at=at)


def test_nothing_is_escalated_a_second_before_the_deadline(deal: Deal) -> None:
    assert escalate(deal, DUE - timedelta(seconds=1)) == 0
    assert escalate(deal, DUE) == 1


def test_a_delay_is_escalated_once_for_each_level(deal: Deal) -> None:
    assert [escalate(deal, DUE), escalate(deal, DUE)] == [1, 0]
    # Two working days after Monday: at the close of Wednesday.
    wednesday = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    assert [escalate(deal, wednesday - timedelta(seconds=1)), escalate(deal, wednesday)] == [0, 1]
    assert escalate(deal, wednesday + timedelta(days=99)) == 0

    found = TaskEscalation.objects.order_by("level").values_list("level", "to_role")
    assert list(found) == [(1, "manager"), (2, "compliance")]
    assert ProcessEvent.objects.filter(kind="escalated").count() == 2


def test_what_is_done_in_time_is_never_escalated(deal: Deal) -> None:
    finish(deal, "receive_visit", by=deal.advisor)

    assert escalate(deal, DUE) == 0


def test_the_timer_goes_through_every_organisation(deal: Deal) -> None:
    escalate_overdue_tasks(timestamp=int(DUE.timestamp()))

    assert task(deal, "receive_visit").escalation_level == 1


def test_a_task_goes_to_a_colleague_of_the_role_and_store(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    colleague = user_with("advisor")
    row = task(deal, "receive_visit")
    for _ in range(2):
        reassign_task(task=row, owner=colleague, reassigned_by=deal.advisor, reassigned_at=LATER)

    assert task(deal, "receive_visit").owner == colleague
    assert ProcessEvent.objects.filter(kind="reassigned").count() == 1
    assert AuditEvent.objects.get(action="process.reassign").detail["to"] == colleague.pk


def test_a_task_does_not_go_to_somebody_who_cannot_do_it(
    deal: Deal, organisation: Organisation, user_with: Callable[..., User]
) -> None:
    row = task(deal, "receive_visit")
    elsewhere = make_user(organisation, "advisor", store=make_store(organisation))
    for owner, said in (
        (user_with("front_desk"), "不是在职的金融顾问"),
        (user_with("advisor", is_active=False), "不是在职的"),
        (elsewhere, "在别的门店"),
    ):
        with pytest.raises(UnfitOwnerError, match=said):
            reassign_task(task=row, owner=owner, reassigned_by=deal.advisor, reassigned_at=LATER)
    finish(deal, "receive_visit", by=deal.advisor)
    with pytest.raises(TaskGoneError, match="已经办结"):
        reassign_task(task=row, owner=deal.advisor, reassigned_by=deal.advisor, reassigned_at=LATER)


def hand_over(leaver: User, heir: User) -> tuple[int, int]:
    return hand_over_deals(leaver=leaver, heir=heir, handed_over_by=leaver, handed_over_at=LATER)


def test_whoever_leaves_hands_over_every_running_deal_and_task_at_once(
    deal: Deal, advisor: User, user_with: Callable[..., User]
) -> None:
    second, heir = opened(advisor), user_with("advisor")

    assert hand_over(advisor, heir) == (2, 2)
    assert hand_over(advisor, heir) == (0, 0)

    for each in (deal, second):
        each.refresh_from_db()
        assert each.advisor == heir
        assert task(each, "receive_visit").owner == heir
    assert AuditEvent.objects.filter(action="process.hand_over").count() == 1


def test_deals_are_not_handed_to_oneself_to_another_role_or_to_another_store(
    deal: Deal, advisor: User, organisation: Organisation, user_with: Callable[..., User]
) -> None:
    elsewhere = make_user(organisation, "advisor", store=make_store(organisation))
    for heir, said in (
        (advisor, "同一个人"),
        (user_with("back_office"), "不是在职的金融顾问"),
        (elsewhere, "看不到"),
    ):
        with pytest.raises(UnfitOwnerError, match=said):
            hand_over(advisor, heir)


def test_a_year_entered_makes_provisional_deadlines_certain(
    acting: Organisation, advisor: User, manager: User
) -> None:
    # The evening of New Year's Eve: the next opening hour lies in a year nobody announced.
    late = datetime(2026, 12, 31, 20, 0, tzinfo=MOMENT.tzinfo)
    deal = opened(advisor)
    finish(deal, "receive_visit", by=advisor, at=late)
    row = task(deal, "confirm_need")
    assert row.is_due_provisional
    assert row.due_at.astimezone(MOMENT.tzinfo).date() == date(2027, 1, 1)

    for number in (1, 2, 3):
        set_calendar_day(day=date(2027, 1, number), is_workday=False, label="元旦",
                         recorded_by=manager, recorded_at=late)  # fmt: skip
    announce_year(year=2027, recorded_by=manager, recorded_at=late)

    row.refresh_from_db()
    assert not row.is_due_provisional
    assert row.due_at.astimezone(MOMENT.tzinfo).isoformat() == "2027-01-04T11:00:00+08:00"
    assert reckon_deadlines_anew(organisation_id=acting.pk, by=manager, at=late) == 0


def test_the_holiday_table_shows_both_years_and_whose_each_day_is(
    acting: Organisation, manager: User, advisor: User
) -> None:
    set_calendar_day(day=date(2027, 1, 1), is_workday=False, label="元旦",
                     recorded_by=manager, recorded_at=MOMENT)  # fmt: skip
    set_calendar_day(day=date(2027, 1, 1), is_workday=True, label="照常",
                     recorded_by=manager, recorded_at=MOMENT)  # fmt: skip

    this, following = years_shown(on=MOMENT.date())

    assert (this.is_announced, this.is_shipped) == (True, True)
    assert (following.is_announced, following.days) == (
        False,
        [(date(2027, 1, 1), True, "照常", True)],
    )
    assert CalendarDay.objects.count() == 1
    assert advisor.store_id is not None
    assert calendar_of(advisor.store_id).is_workday(date(2027, 1, 1))


def test_a_deal_started_later_is_handed_over_as_well(
    deal: Deal, advisor: User, user_with: Callable[..., User]
) -> None:
    start_process(deal=deal, started_by=advisor, started_at=LATER)
    heir = user_with("advisor")

    hand_over(advisor, heir)
    deal.refresh_from_db()
    finish(deal, "receive_visit", by=heir)

    assert open_codes(deal) == {"confirm_need"}
    assert task(deal, "confirm_need").owner == heir
