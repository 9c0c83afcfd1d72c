"""A13 in the browser: the grid, what does not fit, locks, tasks; refusals where they happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.apps.counting import queries_of
from tests.apps.reception.day_builders import (
    ON,
    make_absence,
    make_appointment,
    make_shift,
    make_task,
    make_ticket,
)
from tests.factories import MOMENT, make_store

from chedai.audit.models import AuditEvent
from chedai.reception.models import DayTask, PlanLock, StoreDayPlan
from chedai.reception.operations.day import plan_store_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.staff.models import Organisation, Store, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def other(user_with: Callable[..., User]) -> User:
    return user_with("advisor", display_name="许衡")


@pytest.fixture
def staffed(acting: Organisation, store: Store, advisor: User, other: User) -> Store:
    for who in (advisor, other):
        make_shift(who)
    return store


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User, staffed: Store) -> Client:
    return client_of(advisor)


@pytest.fixture
def boss(client_of: Callable[[User], Client], manager: User, staffed: Store) -> Client:
    return client_of(manager)


def plan(store: Store) -> StoreDayPlan | None:
    return plan_store_day(
        store=store, on=ON, cause=StoreDayPlan.Cause.NEWS, made_by=None, made_at=MOMENT
    )


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def task_form(**changes: str) -> dict[str, str]:
    return {
        "form_key": str(uuid4()),
        "kind": "follow_up",
        "label": "催补流水",
        "opens": "09:00",
        "closes": "18:00",
        "service_minutes": "20",
        "travel_minutes": "0",
    } | changes


def test_the_day_shows_own_work_with_reasons_and_load(
    client: Client, staffed: Store, advisor: User, other: User
) -> None:
    make_appointment(advisor, "11:00")
    make_appointment(other, "15:00", call_name="他人的客户")
    plan(staffed)
    shown = text_of(client.get("/day/"))

    assert "我的日程" in shown
    assert "按预约 11:00 准点开始" in shown
    assert "40 / 540 分钟" in shown
    assert "他人的客户" not in shown
    assert "他人的客户" in text_of(client.get("/day/?all=1"))


def test_a_page_asks_the_database_no_more_for_a_fuller_day(
    client: Client, staffed: Store, advisor: User
) -> None:
    make_appointment(advisor, "11:00")
    plan(staffed)
    few = queries_of(client, "/day/")
    for clock in ("12:00", "13:00", "14:00"):
        make_appointment(advisor, clock)
    make_ticket(staffed)
    make_task(staffed, advisor)
    plan(staffed)

    assert queries_of(client, "/day/") <= few + 2  # the tickets' deals and needs


def test_nobody_on_duty_is_said(client_of: Callable[[User], Client], manager: User) -> None:
    assert "没有人排班" in text_of(client_of(manager).get("/day/"))


def test_news_are_noticed_and_planned_by_the_system(client: Client, staffed: Store) -> None:
    ticket = make_ticket(staffed)
    stale = text_of(client.get("/day/state/?seen="))
    assert 'hx-post="/day/plans/"' in stale

    answer = client.post("/day/plans/", {"seen": "0"}, headers={"HX-Request": "true"})

    assert "重排成第 1 版" in text_of(answer)
    assert StoreDayPlan.objects.get().made_by is None
    assert StoreDayPlan.objects.get().jobs.get().job_key == f"T{ticket.pk}"
    assert 'hx-trigger="every 5s"' in text_of(client.get("/day/state/?seen=1"))


def test_looking_at_the_state_writes_nothing(client: Client, staffed: Store) -> None:
    make_ticket(staffed)
    client.get("/day/state/")

    assert not StoreDayPlan.objects.exists()


def test_planning_by_hand_names_who_did_it(client: Client, staffed: Store, advisor: User) -> None:
    make_ticket(staffed)
    answer = client.post("/day/plans/", {"by_hand": "1"})

    assert answer.status_code == 302
    assert StoreDayPlan.objects.get().made_by == advisor


def test_an_advisor_locks_a_job_for_themselves(
    client: Client, staffed: Store, advisor: User
) -> None:
    ticket = make_ticket(staffed)
    answer = client.post(
        f"/day/jobs/T{ticket.pk}/lock/", {"advisor": str(advisor.pk), "time": "14:00"}
    )

    assert answer.status_code == 302
    assert PlanLock.objects.get().advisor == advisor
    assert "已锁定" in text_of(client.get("/day/"))
    client.post(f"/day/jobs/T{ticket.pk}/release/")
    assert "已锁定" not in text_of(client.get("/day/"))


def test_an_advisor_decides_for_nobody_else_and_a_manager_does(
    client: Client, boss: Client, staffed: Store, other: User
) -> None:
    address = f"/day/jobs/T{make_ticket(staffed).pk}/lock/"
    form = {"advisor": str(other.pk), "time": ""}

    assert client.post(address, form).status_code == 403
    assert not PlanLock.objects.exists()
    assert boss.post(address, form).status_code == 302
    assert PlanLock.objects.get().starts_at is None


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"time": "09:00"}, 409, "这个时间已经过了"),
        ({"time": "25:00"}, 422, "时间写成 14:30 这样"),
        ({"time": "14:00", "advisor": ""}, 422, "选一位顾问"),
        ({"time": "14:00", "advisor": "9" * 30}, 422, "选一位顾问"),
    ],
)
def test_a_lock_that_cannot_be_is_refused_in_words(
    boss: Client, staffed: Store, advisor: User, form: dict[str, str], status: int, message: str
) -> None:
    ticket = make_ticket(staffed)
    answer = boss.post(f"/day/jobs/T{ticket.pk}/lock/", {"advisor": str(advisor.pk)} | form)

    assert answer.status_code == status
    assert message in text_of(answer)


def test_a_task_is_added_once_and_planned(client: Client, staffed: Store) -> None:
    form = task_form()
    for _ in range(2):
        assert client.post("/day/tasks/", form).status_code == 302
    task = DayTask.objects.get()

    assert StoreDayPlan.objects.get().jobs.get().job_key == f"F{task.pk}"
    assert "催补流水" in text_of(client.get("/day/?all=1"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": ""}, "写一句要做什么"),
        ({"label": "长" * 41}, "最多 40 个字"),
        ({"service_minutes": "4"}, "最少 5 分钟"),
        ({"service_minutes": "九"}, "分钟数写成数字"),
        ({"closes": "09:10"}, "放不下这么多分钟"),
        ({"kind": "nonsense"}, "选一种类别"),
        ({"opens": "9点"}, "时间写成 09:00 这样"),
        ({"form_key": "x"}, "请刷新页面后再填"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_at_the_field(
    client: Client, changes: dict[str, str], message: str
) -> None:
    answer = client.post("/day/tasks/", task_form(**changes))

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not DayTask.objects.exists()


def test_a_task_is_done_or_put_off(client: Client, staffed: Store, advisor: User) -> None:
    done, later = make_task(staffed, advisor), make_task(staffed, advisor)
    client.post(f"/day/tasks/{done.pk}/done/")
    client.post(f"/day/tasks/{later.pk}/later/")
    done.refresh_from_db()
    later.refresh_from_db()

    assert done.done_by == advisor
    assert (later.day - ON).days == 1
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert {"day_task.finish", "day_task.put_off"} <= set(actions)
    again = client.post(f"/day/tasks/{done.pk}/later/")
    assert again.status_code == 409
    assert "还没做完的事项" in text_of(again)


def test_what_does_not_fit_says_why_and_what_would_have_to_go(
    client: Client, staffed: Store, advisor: User, other: User
) -> None:
    make_absence(other, "09:00", "19:00", kind="leave")
    make_absence(advisor, "10:00", "17:30", kind="training")
    # Half an hour and the hour of overtime are left: for one of the two.
    for name in ("甲", "乙"):
        make_ticket(staffed, call_name=name, state="waiting")
    task = make_task(staffed, advisor, service_minutes=30)
    plan(staffed)
    shown = text_of(client.get("/day/"))

    assert "今天排不下" in shown
    assert f"/day/jobs/F{task.pk}/room/" in shown
    room = client.get(f"/day/jobs/F{task.pk}/room/")
    assert room.status_code == 200
    assert "排进去" in text_of(room)
    assert client.get("/day/jobs/T999999/room/").status_code == 404


def test_another_stores_day_is_not_for_this_advisor(
    client: Client, organisation: Organisation
) -> None:
    elsewhere = make_store(organisation)

    assert client.get(f"/day/?store={elsewhere.code}").status_code == 404
    assert client.post("/day/plans/", {"store": elsewhere.code}).status_code == 404


@pytest.mark.parametrize("day", ["yesterday", "2020-01-01", "2026-02-30"])
def test_a_day_that_is_none_is_not_found(client: Client, day: str) -> None:
    assert client.get(f"/day/?day={day}").status_code == 404
