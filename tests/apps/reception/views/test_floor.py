"""M1 and M3 in the browser: the live floor, what-if with assumptions, heat map, caps, leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.counting import queries_of
from tests.apps.reception.day_builders import (
    ON,
    at,
    make_appointment,
    make_shift,
    make_task,
    make_ticket,
)
from tests.factories import MOMENT, make_deal

from chedai.audit.models import AuditEvent
from chedai.reception.models import Absence, AdvisorProfile, StoreDayPlan
from chedai.reception.operations.day import plan_store_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.staff.models import Organisation, Store, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def staffed(acting: Organisation, store: Store, advisor: User) -> Store:
    make_shift(advisor)
    return store


@pytest.fixture
def boss(client_of: Callable[[User], Client], manager: User, staffed: Store) -> Client:
    return client_of(manager)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def plan(store: Store) -> None:
    plan_store_day(store=store, on=ON, cause=StoreDayPlan.Cause.NEWS, made_by=None, made_at=MOMENT)


def test_the_floor_counts_who_waits_and_marks_who_waits_too_long(
    boss: Client, staffed: Store, advisor: User
) -> None:
    late = make_ticket(staffed, "09:40")  # twenty minutes: five more than agreed
    make_ticket(staffed, "09:55")
    for minutes, number in ((5, 1), (10, 2), (30, 3)):
        make_ticket(
            staffed,
            "09:00",
            number=900 + number,
            state="finished",
            advisor=advisor,
            called_at=at(f"09:{minutes:02d}"),
            started_at=at(f"09:{minutes:02d}"),
            ended_at=at("09:50"),
        )
    plan(staffed)
    shown = " ".join(text_of(boss.get("/floor/")).split())

    assert '正在等</dt><dd class="num">2' in shown
    assert '等候中位数</dt><dd class="num">10' in shown
    assert '九成的人不超过</dt><dd class="num">30' in shown
    assert '等候超过 15 分钟</dt><dd class="num">2' in shown  # one waits, one has waited
    assert '今天已接待</dt><dd class="num">3' in shown
    assert f'<tr class="mark-row"><th scope="row" class="num">{late.label}' in shown
    assert "10:00 " in shown


def test_the_live_part_comes_alone_and_within_few_queries(boss: Client, staffed: Store) -> None:
    make_ticket(staffed)
    plan(staffed)
    part = text_of(boss.get("/floor/", headers={"HX-Request": "true"}))

    assert "正在等" in part
    assert "<html" not in part
    assert "如果……会怎样" not in part
    before = queries_of(boss, "/floor/")
    for _ in range(4):
        make_ticket(staffed)
    assert queries_of(boss, "/floor/") <= before


def test_what_if_compares_three_floors_and_names_its_assumptions(boss: Client) -> None:
    shown = text_of(boss.get("/floor/"))

    for words in (
        "现在这样",
        "加一名顾问",
        "每人接待连间隔 30 分钟",
        "重复模拟 120 天",
        "规则手册的估计",
    ):
        assert words in shown


def test_an_empty_floor_says_so(client_of: Callable[[User], Client], manager: User) -> None:
    shown = text_of(client_of(manager).get("/floor/"))

    assert "没有人在等" in shown
    assert "今天没有人排班" in shown


def test_the_floor_and_the_team_are_the_managers(
    client_of: Callable[[User], Client], advisor: User, staffed: Store
) -> None:
    for address in ("/floor/", "/team/"):
        assert client_of(advisor).get(address).status_code == 403


def test_the_team_shows_how_full_each_day_is_and_who_is_at_the_cap(
    boss: Client, staffed: Store, advisor: User
) -> None:
    make_appointment(advisor, "11:00", minutes=240)
    make_task(staffed, advisor, advisor=advisor, service_minutes=30)
    AdvisorProfile.objects.create(
        organisation_id=advisor.organisation_id,
        advisor=advisor,
        open_deals_max=1,
        recorded_at=MOMENT,
        recorded_by=advisor,
    )
    make_deal(advisor)
    shown = text_of(boss.get("/team/"))

    assert 'heat-2"><span class="num">50%' in shown  # 270 of 540 minutes
    assert "1 / 1" in shown
    assert "已满" in shown


def test_a_cap_is_set_and_kept_with_who_set_it(boss: Client, advisor: User, manager: User) -> None:
    form = {"skills": ["used_car"], "pace_percent": "120", "open_deals_max": "12"}
    answer = boss.post(f"/team/{advisor.username}/profile/", form)

    assert answer.status_code == 302
    profile = AdvisorProfile.objects.get()
    assert (profile.skills, profile.pace_percent) == (["used_car"], 120)
    assert (profile.open_deals_max, profile.recorded_by) == (12, manager)
    assert AuditEvent.objects.filter(action="advisor_profile.set").count() == 1


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"pace_percent": ""}, "平常是 100"),
        ({"pace_percent": "20"}, "最少 50"),
        ({"pace_percent": "100", "open_deals_max": "-1"}, "不能为负"),
        ({"pace_percent": "100", "skills": ["flying"]}, "没有这一项专长"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_at_the_field(
    boss: Client, advisor: User, form: dict[str, Any], message: str
) -> None:
    answer = boss.post(f"/team/{advisor.username}/profile/", form)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not AdvisorProfile.objects.exists()


def test_leave_is_noted_and_the_day_planned_anew(
    boss: Client, staffed: Store, advisor: User, user_with: Callable[..., User]
) -> None:
    other = user_with("advisor", display_name="许衡")
    make_shift(other)
    appointment = make_appointment(advisor, "11:00")
    plan(staffed)
    form = {"kind": "sick", "day": ON.isoformat(), "begins": "10:00", "ends": "18:00"}
    answer = boss.post(f"/team/{advisor.username}/absences/", form)

    assert answer.status_code == 302
    version = StoreDayPlan.objects.latest("number")
    assert version.cause == "absence"
    assert version.jobs.get(job_key=f"A{appointment.pk}").advisor == other
    assert "病假 10:00–18:00" in text_of(boss.get("/team/"))


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"begins": "11:00", "ends": "11:00"}, 422, "结束要晚于开始"),
        ({"begins": "08:00", "ends": "09:00"}, 409, "也要晚于现在"),
        ({"day": ""}, 422, "选哪一天"),
        ({"kind": "x"}, 422, "选一种事由"),
    ],
)
def test_leave_that_cannot_be_is_refused_at_the_field(
    boss: Client, advisor: User, form: dict[str, str], status: int, message: str
) -> None:
    plain = {"kind": "leave", "day": ON.isoformat(), "begins": "11:00", "ends": "18:00"}
    answer = boss.post(f"/team/{advisor.username}/absences/", plain | form)

    assert answer.status_code == status
    assert message in text_of(answer)
    assert not Absence.objects.exists()


def test_nobody_outside_the_store_is_found(boss: Client, manager: User) -> None:
    assert boss.post(f"/team/{manager.username}/profile/", {}).status_code == 404
