"""Whoever owns the database can change the chain, but not unnoticed."""

import pytest
from tests.factories import MOMENT

from chedai.audit.operations import take_checkpoint
from chedai.audit.queries.chain import FaultKind
from chedai.audit.queries.verification import verify_chain

REHASH = """
    UPDATE audit_event SET hash = sha256(prev_hash || convert_to(audit_canonical(
        algorithm, organisation_id::text, lane::text, seq::text,
        (extract(epoch FROM at) * 1000000)::bigint::text, actor_id::text, actor_label, action,
        subject_type, subject_id, encode(before_digest, 'hex'), encode(after_digest, 'hex'),
        detail::text), 'UTF8'))
    WHERE seq = %s
"""


def faults(acting, **options):
    return [(fault.kind, fault.seq) for fault in verify_chain(acting.pk, **options).faults]


@pytest.mark.django_db
def test_a_chain_nobody_touched_is_intact(acting, append):
    append(before={"price_fen": 1}, after={"price_fen": 2}, detail={"原因": "客户改口", "n": 3})
    append()

    result = verify_chain(acting.pk)

    assert result.is_intact
    assert result.event_count == 2


@pytest.mark.django_db
def test_an_organisation_without_events_is_intact(acting):
    assert verify_chain(acting.pk).is_intact


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_label", "'别人'"),
        ("actor_id", "42"),
        ("at", "at + interval '1 microsecond'"),
        ("action", "'deal.withdraw'"),
        ("subject_id", "'D999999'"),
        ("before_digest", "'\\x00'"),
        ("detail", "'{\"number\": 9}'"),
        ("hash", "sha256('x')"),
    ],
)
def test_an_altered_event_is_named(acting, five_events, tamper, column, value):
    tamper(f"UPDATE audit_event SET {column} = {value} WHERE seq = 3")

    assert faults(acting) == [(FaultKind.ALTERED, 3)]


def test_an_altered_event_with_its_hash_made_anew_is_named(acting, five_events, tamper):
    tamper("UPDATE audit_event SET actor_label = '别人' WHERE seq = 3")
    tamper(REHASH, 3)

    assert faults(acting) == [(FaultKind.ALTERED, 3)]


def test_a_removed_event_is_named(acting, five_events, tamper):
    tamper("DELETE FROM audit_event WHERE seq = 2")

    [fault] = verify_chain(acting.pk).faults

    assert (fault.kind, fault.seq) == (FaultKind.REMOVED, 2)
    assert fault.message == "通道 0 第 2 条被删除（后面是第 3 条）"


def test_a_removed_event_whose_followers_moved_up_is_found(acting, five_events, tamper):
    tamper("DELETE FROM audit_event WHERE seq = 2")
    for seq in (3, 4, 5):
        tamper("UPDATE audit_event SET seq = seq - 1 WHERE seq = %s", seq)

    [fault] = verify_chain(acting.pk).faults

    assert (fault.kind, fault.seq) == (FaultKind.REORDERED, 2)
    assert fault.message == "通道 0 第 2 条原本是第 3 条：顺序被调换"


def test_two_events_changing_places_are_named(acting, five_events, tamper):
    tamper("UPDATE audit_event SET seq = 1000 WHERE seq = 2")
    tamper("UPDATE audit_event SET seq = 2 WHERE seq = 4")
    tamper("UPDATE audit_event SET seq = 4 WHERE seq = 1000")

    assert faults(acting) == [(FaultKind.REORDERED, 2)]


def test_a_tail_cut_off_is_named(acting, five_events, tamper):
    tamper("DELETE FROM audit_event WHERE seq >= 4")

    assert faults(acting) == [(FaultKind.REMOVED, 4)]


def test_a_head_put_back_is_named(acting, five_events, tamper):
    tamper("UPDATE audit_lane SET seq = 4 WHERE lane = 0")

    assert faults(acting) == [(FaultKind.HEAD, 5)]


def test_a_last_event_made_anew_disagrees_with_the_head(acting, five_events, tamper):
    tamper("UPDATE audit_event SET actor_label = '别人' WHERE seq = 5")
    tamper(REHASH, 5)

    assert faults(acting) == [(FaultKind.HEAD, 5)]


def test_a_lane_removed_as_a_whole_is_named(acting, five_events, tamper):
    tamper("DELETE FROM audit_event WHERE lane = 0")
    tamper("DELETE FROM audit_lane WHERE lane = 0")

    assert faults(acting) == [(FaultKind.HEAD, 0)]


def test_a_chain_cut_short_and_patched_up_is_found_by_its_checkpoint(acting, five_events, tamper):
    take_checkpoint(organisation_id=acting.pk, at=MOMENT)
    tamper(
        "UPDATE audit_lane SET seq = 3, hash = (SELECT hash FROM audit_event WHERE seq = 3) "
        "WHERE lane = 0"
    )
    tamper("DELETE FROM audit_event WHERE seq > 3")

    assert faults(acting) == [(FaultKind.CHECKPOINT, 5)]


def test_a_checkpoint_removed_too_is_found_by_the_digest_kept_outside(acting, five_events, tamper):
    kept = take_checkpoint(organisation_id=acting.pk, at=MOMENT).digest
    assert faults(acting, kept_digests=[kept]) == []

    tamper("DELETE FROM audit_checkpoint")
    tamper(
        "UPDATE audit_lane SET seq = 3, hash = (SELECT hash FROM audit_event WHERE seq = 3) "
        "WHERE lane = 0"
    )
    tamper("DELETE FROM audit_event WHERE seq > 3")

    assert faults(acting) == []
    assert faults(acting, kept_digests=[kept]) == [(FaultKind.CHECKPOINT, 0)]


def test_an_altered_checkpoint_is_named(acting, five_events, tamper):
    take_checkpoint(organisation_id=acting.pk, at=MOMENT)
    take_checkpoint(organisation_id=acting.pk, at=MOMENT)
    tamper("UPDATE audit_checkpoint SET heads = '{}' WHERE number = 2")

    assert faults(acting) == [(FaultKind.CHECKPOINT, 2)]


def test_events_before_a_checkpoint_need_not_be_read_again(acting, five_events, append):
    point = take_checkpoint(organisation_id=acting.pk, at=MOMENT)
    append()

    result = verify_chain(acting.pk, since_checkpoint=point.number)

    assert result.is_intact
    assert result.event_count == 1
