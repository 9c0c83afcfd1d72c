"""Sending a deal to a lender: what must be there before, and that it counts exactly once."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chedai.applications.models import (
    LenderConnection,
    LenderConsent,
    OutboxMessage,
    Submission,
    SubmissionEvent,
)
from chedai.applications.operations import deliveries
from chedai.applications.operations.sheets import (
    ConsentPeriodError,
    FileRefusedError,
    keep_file,
    withdraw_consent,
)
from chedai.applications.operations.submissions import (
    NotItsTurnError,
    NotReadyError,
    SameDayReapplicationError,
    StillOpenError,
    answer_stipulation,
    take_step,
    try_again,
)
from chedai.applications.queries.lending import told
from chedai.applications.queries.sheets import files_of, latest_sheet, submissions_of
from chedai.lenders.port import AnswerUnreadableError, LenderEvent, LenderUnavailableError
from chedai.lenders.sandbox.faults import order

if TYPE_CHECKING:
    from tests.apps.applications.lending import Lending

pytestmark = pytest.mark.django_db


def kinds(submission: Submission) -> list[str]:
    events = SubmissionEvent.objects.filter(submission=submission).order_by("sequence")
    return [event.kind for event in events]


def sent(lending: Lending, **changes: Any) -> Submission:
    lending.make_ready()
    submission = lending.submit(**changes)
    assert lending.deliver(lending.message(submission))
    return submission


# --- What must be there before anything leaves --------------------------------------------


def test_everything_that_is_missing_is_named_at_once(lending: Lending) -> None:
    with pytest.raises(NotReadyError) as refused:
        lending.submit()

    said = str(refused.value)
    for word in (
        "姓名",
        "月收入",
        "身份证（正反面）",
        "征信授权书",
        "征信查询授权书",
        "资料提供同意书",
    ):
        assert word in said
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("kind", ["sharing", "credit"])
def test_without_one_of_the_two_consents_nothing_leaves(lending: Lending, kind: str) -> None:
    lending.fill()
    lending.hand_in()
    lending.consent(kind)

    with pytest.raises(NotReadyError):
        lending.submit()


def test_a_consent_taken_back_is_none(lending: Lending) -> None:
    lending.make_ready()
    consent = LenderConsent.objects.get(kind="credit")
    withdraw_consent(consent=consent, recorded_by=lending.by, recorded_at=lending.now())
    withdraw_consent(consent=consent, recorded_by=lending.by, recorded_at=lending.now())

    with pytest.raises(NotReadyError, match="征信查询授权书"):
        lending.submit()


def test_a_consent_that_ran_out_is_none(lending: Lending) -> None:
    lending.make_ready()
    lending.world.clock.pass_minutes(60 * 24 * 40)

    with pytest.raises(NotReadyError):
        lending.submit()


def test_a_consent_to_a_name_the_lender_no_longer_has_is_none(lending: Lending) -> None:
    lending.make_ready()
    lender = lending.connection.lender
    lender.legal_name = "改名后的公司（虚构）"
    lender.save()
    lending.connection = LenderConnection.objects.select_related("lender").get()

    with pytest.raises(NotReadyError):
        lending.submit()


@pytest.mark.parametrize(("signed_in_days", "lasts_days"), [(1, 30), (-40, 5), (0, -1)])
def test_an_impossible_period_of_a_consent_is_refused(
    lending: Lending, signed_in_days: int, lasts_days: int
) -> None:
    signed_on = lending.now().date() + timedelta(days=signed_in_days)

    with pytest.raises(ConsentPeriodError):
        lending.consent(
            "credit", signed_on=signed_on, expires_on=signed_on + timedelta(days=lasts_days)
        )


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("id_card", b"", "空的"),
        ("id_card", b"MZ\x90\x00 program", "只收"),
        ("id_card", b"PK\x03\x04 archive", "只收"),
        ("id_card", b"%PDF-" + b"x" * 5_000_000, "5 MB"),
        ("no_such_paper", b"%PDF-1.7", "种类"),
    ],
)
def test_what_is_no_paper_is_refused(
    lending: Lending, kind: str, content: bytes, said: str
) -> None:
    with pytest.raises(FileRefusedError, match=said):
        keep_file(
            deal=lending.deal,
            kind=kind,
            content=content,
            recorded_by=lending.by,
            recorded_at=lending.now(),
        )


def test_the_same_bytes_are_one_paper(lending: Lending) -> None:
    lending.hand_in("id_card")
    lending.hand_in("id_card")

    assert len(files_of(lending.deal)) == 1


def test_what_identifies_a_person_is_sealed_and_the_rest_is_not(lending: Lending) -> None:
    lending.fill()
    sheet = latest_sheet(lending.deal)

    assert sheet is not None
    assert {"name", "id_number", "phone"} <= set(sheet.sealed_names)
    assert not {"name", "id_number", "phone"} & set(sheet.values)
    assert "样本甲" not in str(sheet.sealed)


# --- Exactly once in effect ------------------------------------------------------------------


def test_an_application_sent_is_at_the_lender_and_its_story_comes_back(lending: Lending) -> None:
    submission = sent(lending)

    assert kinds(submission) == ["received"]
    assert lending.message(submission).done_at is not None


def test_the_same_form_is_one_submission(lending: Lending) -> None:
    lending.make_ready()
    key = uuid4()

    first, again = lending.submit(form_key=key), lending.submit(form_key=key)

    assert first == again
    assert OutboxMessage.objects.count() == 1


def test_an_answer_lost_on_the_way_is_asked_for_again_and_counted_once(lending: Lending) -> None:
    lending.make_ready()
    submission = lending.submit()
    lending.world.order(lost_answer=1)

    assert not lending.deliver(lending.message(submission))
    lending.world.clock.pass_minutes(2)
    assert lending.deliver(lending.message(submission))

    assert kinds(submission)[0] == "received"
    with lending.world.sandbox.store.transaction() as rows:
        assert rows.execute("SELECT COUNT(*) FROM application").fetchone()[0] == 1


@pytest.mark.parametrize("seed", range(12))
def test_whatever_fails_on_the_way_an_application_counts_once(lending: Lending, seed: int) -> None:
    """Killed between any two steps, answered wrongly, not at all, twice: one application."""
    chance = random.Random(seed)
    lending.make_ready()
    submission = lending.submit()
    for _ in range(30):
        message = lending.message(submission)
        if message.done_at:
            break
        if message.given_up_at:
            try_again(message=message, tried_by=lending.by, tried_at=lending.now())
            message.refresh_from_db()
        fault = chance.choice(["lost_answer", "server_error", "schema_drift", "slow", "kill", ""])
        if fault == "kill":
            # The process took the lease, reached the lender, and died before writing it down.
            deliveries._leased(message.pk, at=lending.now())
            pack = deliveries._application(submission, at=lending.now())
            with suppress(LenderUnavailableError, AnswerUnreadableError):
                lending.world.adapter("xinghe").submit(pack, key=message.key)
        elif fault:
            order(lending.world.sandbox.store, "xinghe", {fault: chance.randint(1, 2)})
            lending.deliver(message)
        else:
            lending.deliver(message)
        lending.world.clock.pass_minutes(10)

    assert lending.message(submission).done_at is not None
    with lending.world.sandbox.store.transaction() as rows:
        assert rows.execute("SELECT COUNT(*) FROM application").fetchone()[0] == 1
    sequences = SubmissionEvent.objects.filter(submission=submission).values_list(
        "sequence", flat=True
    )
    assert sorted(sequences) == list(range(1, len(sequences) + 1))


def test_two_processes_do_not_send_the_same_message_at_once(lending: Lending) -> None:
    lending.make_ready()
    message = lending.message(lending.submit())
    assert deliveries._leased(message.pk, at=lending.now()) is not None

    assert deliveries._leased(message.pk, at=lending.now()) is None
    later = lending.now() + timedelta(seconds=deliveries.LEASE_SECONDS)
    assert deliveries._leased(message.pk, at=later) is not None


def test_a_lender_that_stays_silent_is_left_in_peace_for_a_while(lending: Lending) -> None:
    lending.make_ready()
    message = lending.message(lending.submit())
    lending.world.order(server_error=deliveries.BREAKER_AFTER)
    for _ in range(deliveries.BREAKER_AFTER):
        assert not lending.deliver(message)
        message.refresh_from_db()
        lending.world.clock.at = message.next_try_at

    resting = LenderConnection.objects.get().resting_until
    assert resting is not None
    assert not lending.deliver(message) or lending.now() >= resting
    lending.world.clock.at = resting + timedelta(seconds=1)
    assert lending.deliver(message)
    assert LenderConnection.objects.get().failures_in_a_row == 0


def test_a_message_nobody_takes_is_given_up_with_its_reason_and_can_be_sent_again(
    lending: Lending,
) -> None:
    lending.make_ready()
    submission = lending.submit()
    message = lending.message(submission)
    lending.world.order(schema_drift=1)

    assert not lending.deliver(message)
    message.refresh_from_db()
    assert message.given_up_at is not None
    assert "约定" in message.last_trouble

    try_again(message=message, tried_by=lending.by, tried_at=lending.now())
    assert lending.deliver(message)
    assert kinds(submission) == ["received"]


# --- What comes back -------------------------------------------------------------------------


def event_of(submission: Submission, sequence: int, kind: str) -> LenderEvent:
    return LenderEvent.model_validate(
        {
            "event_id": f"E{sequence}",
            "application_ref": submission.reference,
            "lender_ref": "L1",
            "sequence": sequence,
            "kind": kind,
            "occurred_at": submission.created_at.isoformat(),
        }
    )


def test_events_out_of_order_and_twice_are_kept_once_in_the_lenders_order(
    lending: Lending,
) -> None:
    submission = sent(lending)
    late, early = event_of(submission, 3, "withdrawn"), event_of(submission, 2, "in_review")

    for event in (late, early, late, early):
        deliveries.take_in(submission=submission, events=[event], by="callback", at=lending.now())

    assert kinds(submission) == ["received", "in_review", "withdrawn"]


def test_a_step_before_its_turn_is_refused(lending: Lending) -> None:
    submission = sent(lending)

    for act in ("accept", "confirm_disclosure", "confirm_signing"):
        with pytest.raises(NotItsTurnError):
            take_step(submission=submission, act=act, taken_by=lending.by, taken_at=lending.now())


def test_a_running_application_keeps_another_to_the_same_lender_out(lending: Lending) -> None:
    sent(lending)

    with pytest.raises(StillOpenError):
        lending.submit()


def until(lending: Lending, submission: Submission, *wanted: str) -> str:
    for _ in range(12):
        state = kinds(submission)[-1]
        if state in wanted:
            return state
        status = lending.world.adapter("xinghe").status(submission.reference)
        deliveries.take_in(submission=submission, events=status.events, by="poll", at=lending.now())
        for ask in told(submissions_of(lending.deal)[0], now=lending.now()).asked:
            if not ask.is_answered:
                file = next(f for f in files_of(lending.deal) if f.type == "income_proof")
                message = answer_stipulation(
                    submission=submission,
                    code=ask.code,
                    file=file,
                    said_by=lending.by,
                    said_at=lending.now(),
                )
                assert lending.deliver(message)
        lending.world.clock.pass_minutes(60 * 12)
    return kinds(submission)[-1]


def test_from_the_application_to_the_money(lending: Lending) -> None:
    submission = sent(lending)
    assert until(lending, submission, "approved", "countered") in {"approved", "countered"}

    for act, then in (
        ("accept", "disclosed"),
        ("confirm_disclosure", "contract_ready"),
        ("confirm_signing", "disbursed"),
    ):
        message = take_step(
            submission=submission, act=act, taken_by=lending.by, taken_at=lending.now()
        )
        assert lending.deliver(message)
        assert until(lending, submission, then) == then

    story = told(submissions_of(lending.deal)[0], now=lending.now())
    assert story.state_label == "已放款"
    assert {line.label for line in story.differences} == {"贷款额", "期数", "年利率", "月供"}
    assert story.disclosure is not None
    assert not story.steps
    assert not story.may_withdraw


def test_after_a_refusal_the_same_day_needs_a_managers_note(lending: Lending) -> None:
    lending.make_ready()
    lending.fill(credit_history="current_overdue")
    submission = lending.submit()
    assert lending.deliver(lending.message(submission))
    lending.world.clock.pass_minutes(240)
    assert until(lending, submission, "refused") == "refused"
    refused_at = SubmissionEvent.objects.filter(submission=submission).latest("sequence")
    lending.world.clock.at = refused_at.received_at

    with pytest.raises(SameDayReapplicationError):
        lending.submit(reapplication_note="客户补了材料")

    lending.by.roles = ["advisor", "manager"]
    with pytest.raises(SameDayReapplicationError):
        lending.submit(reapplication_note=" ")
    assert lending.submit(reapplication_note="逾期已结清，凭证已收").pk
