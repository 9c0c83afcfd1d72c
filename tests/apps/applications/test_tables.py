"""The process table in the browser: it shows, it moves, it refuses where it hurts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from tests.apps.counting import queries_of
from tests.factories import make_deal

from chedai.deals.models import Deal, ProcessEvent, TaskOccurrence

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.reception.models import NeedVersion
    from chedai.staff.models import Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def deal(visit: Callable[..., NeedVersion]) -> Deal:
    return visit().deal


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User) -> Client:
    return client_of(advisor)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def the_task(deal: Deal, code: str) -> TaskOccurrence:
    return TaskOccurrence.objects.get(deal=deal, task_code=code, is_current=True)


def post(client: Client, task: TaskOccurrence, act: str, **typed: Any) -> Any:
    plain = {"settle_key": str(uuid4()), **typed}
    return client.post(f"/process/tasks/{task.pk}/{act}/", plain)


def test_the_table_shows_every_stage_whose_move_it_is_and_the_clock(
    client: Client, deal: Deal
) -> None:
    text = text_of(client.get(f"/deals/{deal.number}/process/"))

    for label in ("1. 接待", "14. 结清与解押", "复述需求，客户确认", "等我方", "剩 2 小时"):
        assert label in text
    # The citation of a control stands beside it.
    assert "《中华人民共和国民法典》 第四百一十六条" in text


def test_an_opened_visit_has_its_first_task_done(client: Client, deal: Deal) -> None:
    assert the_task(deal, "receive_visit").state == "done"
    assert the_task(deal, "confirm_need").state == "open"


def test_a_finished_task_leads_back_to_the_table_with_the_next_one_open(
    client: Client, deal: Deal
) -> None:
    answer = post(client, the_task(deal, "confirm_need"), "completion", outcome="done")

    assert (answer.status_code, answer["Location"]) == (302, f"/deals/{deal.number}/process/")
    assert the_task(deal, "make_proposal").state == "open"


def test_a_task_somebody_finished_is_answered_with_a_conflict_in_words(
    client: Client, deal: Deal
) -> None:
    task = the_task(deal, "confirm_need")
    post(client, task, "completion", outcome="done")

    answer = post(client, task, "completion", outcome="done")

    assert answer.status_code == 409
    assert "您的这一步没有存" in text_of(answer)


@pytest.mark.parametrize(
    ("act", "typed", "status", "said"),
    [
        ("completion", {"outcome": ""}, 422, "请选这一步的结果"),
        ("completion", {"outcome": "maybe"}, 422, "没有“maybe”这种结果"),
        ("completion", {"outcome": "done", "settle_key": "x"}, 422, "页面已过期"),
        ("completion", {"outcome": "done", "note": "长" * 201}, 422, "最多 200 字"),
        ("skip", {"reason": "太忙"}, 422, "不能略过"),
        ("waiting", {"move": "moon"}, 422, "请选在等谁"),
        ("waiting", {"move": "lender", "reason": ""}, 422, "写明在等什么"),
        ("waiting", {"move": "us", "follow_up_at": "昨天"}, 422, "2026-11-24 10:00"),
        ("waiting", {"move": "us", "follow_up_at": "2020-01-01 10:00"}, 422, "在现在之后"),
        ("decision", {"decision": "approve"}, 409, "您的这一步没有存"),
        ("decision", {"decision": "maybe"}, 422, "请选同意或退回"),
    ],
)
def test_bad_input_is_answered_at_its_field(
    client: Client, deal: Deal, act: str, typed: dict[str, str], status: int, said: str
) -> None:
    answer = post(client, the_task(deal, "confirm_need"), act, **typed)

    assert answer.status_code == status
    assert said in text_of(answer)


def test_somebody_of_another_role_may_look_but_not_finish(
    client_of: Callable[[User], Client], back_office: User, deal: Deal
) -> None:
    client = client_of(back_office)

    answer = post(client, the_task(deal, "confirm_need"), "completion", outcome="done")

    assert client.get(f"/deals/{deal.number}/process/").status_code == 200
    assert answer.status_code == 403
    assert "归金融顾问办" in text_of(answer)


def test_waiting_for_the_customer_shows_the_reason_and_the_party(
    client: Client, deal: Deal
) -> None:
    post(client, the_task(deal, "confirm_need"), "waiting", move="customer", reason="回家取驾驶证")

    text = text_of(client.get(f"/deals/{deal.number}/process/"))
    assert "等客户" in text
    assert "回家取驾驶证" in text


def test_the_timeline_tells_what_happened_newest_first(client: Client, deal: Deal) -> None:
    post(client, the_task(deal, "confirm_need"), "completion", outcome="done")

    text = text_of(client.get(f"/deals/{deal.number}/process/?view=timeline"))

    assert text.index("做两到三个可比的方案") < text.index("流程开始")


def test_a_deal_from_before_is_offered_its_process(
    client: Client, advisor: User, acting: Organisation
) -> None:
    old = make_deal(advisor)
    assert "启动流程" in text_of(client.get(f"/deals/{old.number}/process/"))

    client.post(f"/deals/{old.number}/process/start/")

    assert ProcessEvent.objects.filter(deal=old, kind="started").count() == 1


def test_a_settled_loan_is_not_woken_before_its_time(client: Client, deal: Deal) -> None:
    answer = client.post(f"/deals/{deal.number}/process/waking/")

    assert answer.status_code == 302
    assert not TaskOccurrence.objects.filter(task_code="settlement_certificate").exists()


def test_the_next_step_and_its_clock_stand_on_the_deal_and_on_today(
    client: Client, deal: Deal
) -> None:
    for address in (f"/deals/{deal.number}/", "/today/"):
        text = text_of(client.get(address))
        assert "复述需求，客户确认" in text
        assert "剩 2 小时" in text


def test_the_table_asks_the_database_as_often_for_a_long_process_as_for_a_short_one(
    client: Client, deal: Deal
) -> None:
    before = queries_of(client, f"/deals/{deal.number}/process/")
    for code in ("confirm_need", "make_proposal", "give_proposal"):
        post(client, the_task(deal, code), "completion", outcome="done")

    assert queries_of(client, f"/deals/{deal.number}/process/") <= before


def test_a_task_of_another_organisation_is_not_found(
    client: Client, deal: Deal, other_organisation: Organisation
) -> None:
    from tests.factories import make_store, make_user

    from chedai.deals.operations.processes import start_process
    from chedai.staff.isolation import acting_for

    store = make_store(other_organisation)
    stranger = make_user(other_organisation, "advisor", store=store)
    theirs = make_deal(stranger)
    with acting_for(other_organisation.pk):
        start_process(deal=theirs, started_by=stranger, started_at=theirs.opened_at)
        task = TaskOccurrence.objects.get(deal=theirs)

    assert post(client, task, "completion", outcome="done").status_code == 404
