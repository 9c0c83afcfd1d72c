"""What a manager sets: who takes over, which days are worked, how the process runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chedai.deals.models import AnnouncedYear, CalendarDay, Deal, ProcessDefinition, TaskOccurrence
from chedai.deals.operations.definitions import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


@pytest.fixture
def client(client_of: Callable[[User], Client], manager: User) -> Client:
    return client_of(manager)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_manager_hands_all_deals_of_an_advisor_over(
    client: Client, deal: Deal, user_with: Callable[..., User]
) -> None:
    heir = user_with("advisor")

    answer = client.post(
        "/process/hand-over/", {"leaver": deal.advisor_id, "heir": heir.pk}, follow=True
    )

    deal.refresh_from_db()
    assert deal.advisor == heir
    assert "的 1 单、1 项任务已交给" in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"leaver": "", "heir": "1"}, "请选谁交出"),
        ({"leaver": "999999", "heir": "999998"}, "请从列表里选"),
    ],
)
def test_a_hand_over_that_names_nobody_is_refused(
    client: Client, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/process/hand-over/", typed)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_handing_over_to_oneself_is_refused_at_the_field(client: Client, deal: Deal) -> None:
    both = {"leaver": deal.advisor_id, "heir": deal.advisor_id}

    answer = client.post("/process/hand-over/", both)

    assert answer.status_code == 422
    assert "交出和接手的是同一个人" in text_of(answer)


def test_the_year_not_announced_is_shown_as_such_until_somebody_enters_it(
    client: Client, deal: Deal
) -> None:
    assert "还没有公布，按周一至周五推算" in text_of(client.get("/process/calendar/"))

    day = {"day": "2027-01-01", "kind": "holiday", "label": "元旦"}
    assert client.post("/process/calendar/", day).status_code == 302
    assert client.post("/process/calendar/", {"year": "2027"}).status_code == 302

    assert CalendarDay.objects.get().label == "元旦"
    assert AnnouncedYear.objects.get().year == 2027
    assert "还没有公布" not in text_of(client.get("/process/calendar/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "", "kind": "holiday", "label": "元旦"}, "请选日期"),
        ({"day": "2027-13-01", "kind": "holiday", "label": "元旦"}, "2027-01-01"),
        ({"day": "1900-01-01", "kind": "holiday", "label": "元旦"}, "年份要在"),
        ({"day": "2027-01-01", "kind": "moon", "label": "元旦"}, "请选放假或上班"),
        ({"day": "2027-01-01", "kind": "holiday", "label": ""}, "请写说明"),
        ({"year": "soon"}, "年份请写成 2027"),
        ({"year": "1999"}, "年份不早于 2020"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(
    client: Client, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/process/calendar/", typed)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_definition_with_a_circle_is_refused_with_its_place(client: Client, deal: Deal) -> None:
    row = ProcessDefinition.objects.get()
    text = plain_text(row).replace("version: 1", "version: 2", 1)
    text = text.replace("code: receive_visit\n", "code: receive_visit\n    after: [confirm_need]\n")

    answer = client.post("/process/definitions/", {"text": text})

    assert answer.status_code == 422
    assert "stages[0].tasks[0]（接待 › 接待到店，登记这一单）.after" in text_of(answer)
    assert ProcessDefinition.objects.count() == 1


def test_a_sound_definition_is_published_as_the_next_version(client: Client, deal: Deal) -> None:
    text = plain_text(ProcessDefinition.objects.get()).replace("version: 1", "version: 2", 1)

    answer = client.post("/process/definitions/", {"text": text}, follow=True)

    assert "第 2 版已发布" in text_of(answer)
    assert ProcessDefinition.objects.count() == 2


def test_a_task_is_handed_to_a_colleague_and_not_to_a_stranger(
    client: Client, deal: Deal, user_with: Callable[..., User]
) -> None:
    task = TaskOccurrence.objects.get(deal=deal, state="open")
    colleague, clerk = user_with("advisor"), user_with("back_office")
    address = f"/process/tasks/{task.pk}/assignment/"

    refused = [client.post(address, {"owner": name}) for name in ("nobody", "", clerk.username)]
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert "没有这位同事" in text_of(refused[0])
    assert "不是在职的金融顾问" in text_of(refused[2])
    assert client.post(address, {"owner": colleague.username}).status_code == 302
    task.refresh_from_db()
    assert task.owner == colleague
