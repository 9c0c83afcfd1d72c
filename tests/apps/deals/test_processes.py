"""A deal's process: it begins with the deal, moves once for each act, and forgets nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import Error, connections, transaction
from tests.apps.deals.running import LATER, advance_to, approve, finish, open_codes, opened, task
from tests.factories import MOMENT, make_deal, make_store, make_user

from chedai.audit.models import AuditEvent
from chedai.core.process.transitions import OutcomeUnknownError
from chedai.deals.models import (
    Deal,
    ProcessDefinition,
    ProcessEvent,
    ProcessRun,
    TaskApproval,
    TaskOccurrence,
)
from chedai.deals.operations import record_withdrawal
from chedai.deals.operations.processes import (
    ReasonRequiredError,
    SecondPersonNeededError,
    SkipRefusedError,
    TaskGoneError,
    TaskNotYoursError,
    finish_task,
    signal,
    skip_task,
    start_process,
    wait_for,
)
from chedai.deals.queries.processes import run_of
from chedai.staff.isolation import acting_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.staff.models import Organisation, User


@pytest.fixture
def deal(acting: Organisation, advisor: User) -> Deal:
    return opened(advisor)


def test_a_deal_has_its_process_from_the_moment_it_is_opened(deal: Deal) -> None:
    run = run_of(deal)

    assert run is not None
    assert (run.definition.code, run.definition.version) == ("car_loan", 1)
    assert open_codes(deal) == {"receive_visit"}
    first = task(deal, "receive_visit")
    assert (first.owner, first.move, first.due_at) == (
        deal.advisor,
        "us",
        MOMENT + timedelta(hours=1),
    )
    assert [e.kind for e in ProcessEvent.objects.filter(deal=deal).order_by("id")] == [
        "started",
        "opened",
    ]


def test_starting_a_process_twice_changes_nothing(deal: Deal) -> None:
    run = start_process(deal=deal, started_by=deal.advisor, started_at=LATER)

    assert run.started_at == MOMENT
    assert ProcessRun.objects.filter(deal=deal).count() == 1


def test_a_deal_from_before_processes_can_be_given_one(acting: Organisation, advisor: User) -> None:
    deal = make_deal(advisor)
    assert signal(deal=deal, name="need_confirmed", by=advisor, at=LATER) == ()

    start_process(deal=deal, started_by=advisor, started_at=LATER)

    assert open_codes(deal) == {"receive_visit"}


def test_what_happens_on_other_pages_finishes_the_tasks_that_wait_for_it(deal: Deal) -> None:
    advisor = deal.advisor
    for name in ("visit_opened", "need_confirmed", "proposal_made", "proposal_given"):
        signal(deal=deal, name=name, by=advisor, at=LATER)

    assert open_codes(deal) == {"collect_self_report"}
    assert task(deal, "make_proposal").settled_by == advisor


def test_a_changed_need_undoes_what_rested_on_it(deal: Deal) -> None:
    for name in ("visit_opened", "need_confirmed", "proposal_made", "need_amended"):
        signal(deal=deal, name=name, by=deal.advisor, at=LATER)

    assert open_codes(deal) == {"confirm_need"}
    again = task(deal, "confirm_need")
    assert again.round == 2
    assert "went_back" in ProcessEvent.objects.filter(deal=deal).values_list("kind", flat=True)
    # What was done stays on record, set aside.
    assert TaskOccurrence.objects.filter(
        deal=deal, task_code="make_proposal", state="done", is_current=False
    ).exists()


def test_a_signal_for_an_ended_or_unknown_process_changes_nothing(deal: Deal) -> None:
    record_withdrawal(deal=deal, reason="不买了", recorded_by=deal.advisor, recorded_at=LATER)
    before = ProcessEvent.objects.filter(deal=deal).count()

    signal(deal=deal, name="visit_opened", by=deal.advisor, at=LATER)
    signal(deal=deal, name="nobody_waits_for_this", by=deal.advisor, at=LATER)

    assert ProcessEvent.objects.filter(deal=deal).count() == before


def test_a_withdrawal_ends_the_process_and_leaves_nothing_open(deal: Deal) -> None:
    record_withdrawal(deal=deal, reason="不买了", recorded_by=deal.advisor, recorded_at=LATER)

    run = run_of(deal)
    assert run is not None
    assert (run.ended_at, run.end_reason) == (LATER, "客户撤单")
    assert open_codes(deal) == set()


def test_a_finished_task_opens_the_next_and_leaves_one_audit_event(deal: Deal) -> None:
    finish(deal, "receive_visit", by=deal.advisor)

    assert open_codes(deal) == {"confirm_need"}
    event = AuditEvent.objects.get(action="process.finish")
    assert (event.subject_id, event.detail["task"]) == (deal.number, "receive_visit")


def test_the_same_form_sent_twice_finishes_once(deal: Deal) -> None:
    row, key = task(deal, "receive_visit"), uuid4()
    for _ in range(2):
        finish_task(task=row, outcome="done", note="", settle_key=key,
                    finished_by=deal.advisor, finished_at=LATER)  # fmt: skip

    assert ProcessEvent.objects.filter(deal=deal, kind="done").count() == 1


def test_whoever_comes_second_is_told_who_was_faster(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    other = user_with("advisor", display_name="周珩")
    row = task(deal, "receive_visit")
    finish(deal, "receive_visit", by=other)

    with pytest.raises(TaskGoneError, match="刚才已由周珩办完（10:30），您的这一步没有存"):
        finish_task(task=row, outcome="done", note="", settle_key=uuid4(),
                    finished_by=deal.advisor, finished_at=LATER)  # fmt: skip


def test_a_task_of_another_role_is_refused_and_an_unknown_outcome_too(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    with pytest.raises(TaskNotYoursError, match="归金融顾问办"):
        finish(deal, "receive_visit", by=user_with("back_office"))
    with pytest.raises(OutcomeUnknownError, match="没有“maybe”"):
        finish(deal, "receive_visit", by=deal.advisor, outcome="maybe")


def test_a_task_is_left_out_only_by_whom_and_why_the_definition_allows(deal: Deal) -> None:
    advance_to(deal, "collect_self_report", by=deal.advisor, second=deal.advisor)
    row = task(deal, "collect_self_report")

    with pytest.raises(SkipRefusedError, match="按列出的原因"):
        skip_task(task=row, reason="太忙", skipped_by=deal.advisor, skipped_at=LATER)
    with pytest.raises(SkipRefusedError, match="不能略过"):
        skip_task(task=task(deal, "make_proposal"), reason="太忙", skipped_by=deal.advisor,
                  skipped_at=LATER)  # fmt: skip
    skip_task(
        task=row, reason="客户暂不提供，先按自述出方案", skipped_by=deal.advisor, skipped_at=LATER
    )

    assert task(deal, "collect_self_report").state == "skipped"
    assert "pre_screen" in open_codes(deal)


def test_four_eyes_are_two_people_and_a_return_needs_a_reason(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    clerk, manager = user_with("back_office"), user_with("manager")
    both = user_with("advisor", "back_office")
    advance_to(deal, "check_pack", by=manager, second=clerk)
    finish(deal, "check_pack", by=both, outcome="complete")
    row = task(deal, "check_pack")

    assert row.state == "to_approve"
    with pytest.raises(SecondPersonNeededError, match="不能自己复核"):
        approve(row, by=both)
    with pytest.raises(TaskNotYoursError, match="由内勤复核"):
        approve(row, by=deal.advisor)
    with pytest.raises(ReasonRequiredError, match="写明原因"):
        approve(row, by=clerk, is_approved=False)
    approve(row, by=clerk, is_approved=False, reason="流水缺一页")
    assert task(deal, "check_pack").state == "open"
    finish(deal, "check_pack", by=both, outcome="complete")
    approve(task(deal, "check_pack"), by=clerk)

    assert open_codes(deal) == {"submit_application"}
    with pytest.raises(TaskGoneError, match="办完"):
        approve(row, by=clerk)


def test_the_database_itself_refuses_approval_by_the_same_person(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    row = task(deal, "receive_visit")

    with pytest.raises(Error, match="approval_by_another"), transaction.atomic():
        TaskApproval.objects.create(
            organisation_id=deal.organisation_id,
            task=row,
            finished_by=deal.advisor,
            is_approved=True,
            decided_at=LATER,
            decided_by=deal.advisor,
        )


def test_a_stipulation_goes_back_for_papers_and_counts_the_rounds(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    manager, clerk = user_with("manager"), user_with("back_office", "manager")
    advance_to(deal, "lender_decision", by=manager, second=clerk)

    finish(deal, "lender_decision", by=deal.advisor, outcome="stipulated")

    assert open_codes(deal) == {"collect_documents"}
    assert task(deal, "collect_documents").round == 2


def test_the_statutory_clock_runs_from_delivery(deal: Deal, user_with: Callable[..., User]) -> None:
    manager, clerk = user_with("manager"), user_with("back_office", "manager")
    advance_to(deal, "register_mortgage", by=manager, second=clerk)

    row = task(deal, "register_mortgage")
    # Delivered on Monday 23 November: ten days on is Thursday 3 December, 17:00.
    assert row.statutory_due_at is not None
    assert row.statutory_due_at.isoformat() == "2026-12-03T09:00:00+00:00"
    assert row.due_at == row.house_due_at < row.statutory_due_at


def test_everything_done_leaves_the_loan_asleep_until_it_is_settled_and_then_ends(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    manager, clerk = user_with("manager"), user_with("back_office", "manager")
    advance_to(deal, "early_watch", by=manager, second=clerk)
    while open_codes(deal):
        finish(deal, min(open_codes(deal)), by=manager)
    run = run_of(deal)
    assert run is not None
    assert run.ended_at is None

    signal(deal=deal, name="loan_settled", by=manager, at=LATER)
    assert open_codes(deal) == {"settlement_certificate"}
    while open_codes(deal):
        finish(deal, min(open_codes(deal)), by=manager)

    run.refresh_from_db()
    assert run.end_reason == "全部任务已完成"


def test_waiting_for_somebody_says_for_what_and_when_we_ask_again(deal: Deal) -> None:
    row = task(deal, "receive_visit")
    ask_again = MOMENT + timedelta(minutes=40)

    with pytest.raises(ReasonRequiredError, match="在等什么"):
        wait_for(task=row, move="customer", reason=" ", follow_up_at=None,
                 recorded_by=deal.advisor, recorded_at=LATER)  # fmt: skip
    wait_for(task=row, move="customer", reason="回家取驾驶证", follow_up_at=ask_again,
             recorded_by=deal.advisor, recorded_at=LATER)  # fmt: skip

    row.refresh_from_db()
    assert (row.move, row.waiting_reason, row.act_at) == ("customer", "回家取驾驶证", ask_again)
    wait_for(task=row, move="us", reason="", follow_up_at=None,
             recorded_by=deal.advisor, recorded_at=LATER)  # fmt: skip
    row.refresh_from_db()
    assert (row.move, row.waiting_reason, row.act_at) == ("us", "", row.due_at)


def test_the_history_of_a_process_cannot_be_changed(deal: Deal) -> None:
    with pytest.raises(Error, match="history"), transaction.atomic():
        ProcessDefinition.objects.update(version=9)
    with pytest.raises(Error, match="history"), transaction.atomic():
        ProcessEvent.objects.filter(deal=deal).update(kind="done")
    with pytest.raises(Error, match="history"), transaction.atomic():
        ProcessEvent.objects.filter(deal=deal).delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_finishing_at_once_one_wins(organisation: Organisation) -> None:
    store = make_store(organisation)
    people = [make_user(organisation, "advisor", store=store) for _ in range(2)]
    with acting_for(organisation.pk):
        deal = opened(people[0])
        row = task(deal, "receive_visit")
    gate = Barrier(2)

    def race(person: User) -> str:
        try:
            with acting_for(organisation.pk):
                gate.wait()
                finish_task(task=row, outcome="done", note="", settle_key=uuid4(),
                            finished_by=person, finished_at=LATER)  # fmt: skip
                return "won"
        except TaskGoneError:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(race, people))

    assert results == ["told", "won"]
    with acting_for(organisation.pk):
        assert ProcessEvent.objects.filter(deal=deal, kind="done").count() == 1
        assert open_codes(deal) == {"confirm_need"}
