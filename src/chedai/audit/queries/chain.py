"""Recomputing the chain, streaming, lane by lane."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Max, TextField
from django.db.models.functions import Cast

from chedai.audit.models import AuditEvent, AuditLane
from chedai.audit.queries.canonical import canonical, microseconds

LANE_COUNT: Final = 32
CHUNK_ROWS: Final = 5_000


class FaultKind(StrEnum):
    """What was done to the chain."""

    ALTERED = "altered"
    REMOVED = "removed"
    REORDERED = "reordered"
    HEAD = "head"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong in one lane (or one checkpoint), named for a person."""

    kind: FaultKind
    lane: int
    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a lane: position and hash of its latest event."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is stored, with what its hash covers."""

    lane: int
    seq: int
    prev_hash: bytes
    hash: bytes
    algorithm: str
    at: datetime
    fields: tuple[str | None, ...]

    def computed(self, organisation_id: int) -> bytes:
        """Hash the stored fields anew, exactly as ``audit_append`` does."""
        text = canonical(
            self.algorithm,
            str(organisation_id),
            str(self.lane),
            str(self.seq),
            str(microseconds(self.at)),
            *self.fields,
        )
        return hashlib.sha256(self.prev_hash + text.encode()).digest()


def genesis(organisation_id: int, lane: int) -> bytes:
    """Give the hash before the first event of a lane."""
    text = canonical("chedai", str(organisation_id), str(lane))
    return hashlib.sha256(text.encode()).digest()


def lane_heads(organisation_id: int) -> dict[int, Head]:
    """Give the head of every lane of the organisation."""
    rows = AuditLane.objects.filter(organisation_id=organisation_id)
    return {row.lane: Head(row.seq, bytes(row.hash)) for row in rows}


def lane_fault(
    organisation_id: int, lane: int, *, since: Head | None = None
) -> tuple[int, Fault | None]:
    """Recompute one lane; give how many events were read and the first fault.

    Parameters
    ----------
    since
        Trust the lane up to here; by default nothing is trusted.
    """
    # The highest row first, the head after it: a writer in between moves both at once,
    # so a head behind the highest row was put back by hand.
    highest = AuditEvent.objects.filter(organisation_id=organisation_id, lane=lane).aggregate(
        highest=Max("seq")
    )["highest"]
    head = lane_heads(organisation_id).get(lane)
    if head is None:
        return 0, _missing_head(lane, highest or 0)
    if highest is not None and highest > head.seq:
        message = f"通道 {lane} 的头停在第 {head.seq} 条，却有第 {highest} 条：头被改回去了"
        return 0, Fault(FaultKind.HEAD, lane, highest, message)
    start = since or Head(0, genesis(organisation_id, lane))
    latest, count = start, 0
    for link in _links(organisation_id, lane, after=start.seq, up_to=head.seq):
        count += 1
        fault = _link_fault(organisation_id, link, after=latest, head=head)
        if fault is not None:
            return count, fault
        latest = Head(link.seq, link.hash)
    return count, _head_fault(lane, latest, head)


def chain_faults(
    organisation_id: int, *, since: Mapping[int, Head] | None = None
) -> tuple[int, list[Fault]]:
    """Recompute every lane; give how many events were read and the first fault of each."""
    trusted = since or {}
    count, faults = 0, []
    for lane in _known_lanes(organisation_id, trusted):
        lane_count, fault = lane_fault(organisation_id, lane, since=trusted.get(lane))
        count += lane_count
        if fault is not None:
            faults.append(fault)
    return count, faults


def _known_lanes(organisation_id: int, trusted: Collection[int]) -> list[int]:
    # Lanes are made 32 at once: if there is any, there are all.
    of_organisation = {"organisation_id": organisation_id}
    has_any = (
        bool(trusted)
        or AuditLane.objects.filter(**of_organisation).exists()
        or AuditEvent.objects.filter(**of_organisation).exists()
    )
    return list(range(LANE_COUNT)) if has_any else []


def _links(organisation_id: int, lane: int, *, after: int, up_to: int) -> Iterator[Link]:
    rows = (
        AuditEvent.objects.filter(organisation_id=organisation_id, lane=lane, seq__lte=up_to)
        .annotate(detail_text=Cast("detail", TextField()))
        .order_by("seq")
        .values_list(
            *("seq", "prev_hash", "hash", "algorithm", "at", "actor_id", "actor_label", "action"),
            *("subject_type", "subject_id", "before_digest", "after_digest", "detail_text"),
        )
    )
    while True:
        chunk = list(rows.filter(seq__gt=after)[:CHUNK_ROWS])
        for seq, prev_hash, own_hash, algorithm, at, actor_id, *rest in chunk:
            label, action, subject_type, subject_id, before, after_digest, detail = rest
            yield Link(
                lane=lane,
                seq=seq,
                prev_hash=bytes(prev_hash),
                hash=bytes(own_hash),
                algorithm=algorithm,
                at=at,
                fields=(
                    *(None if actor_id is None else str(actor_id), label, action),
                    *(subject_type, subject_id, _hex(before), _hex(after_digest), detail),
                ),
            )
        if len(chunk) < CHUNK_ROWS:
            return
        after = chunk[-1][0]


def _link_fault(organisation_id: int, link: Link, *, after: Head, head: Head) -> Fault | None:
    lane, seq = link.lane, link.seq
    if seq != after.seq + 1:
        missing = f"第 {after.seq + 1} 条" + ("" if seq == after.seq + 2 else f"至第 {seq - 1} 条")
        message = f"通道 {lane} {missing}被删除（后面是第 {seq} 条）"
        return Fault(FaultKind.REMOVED, lane, after.seq + 1, message)
    if link.computed(organisation_id) != link.hash:
        return _own_fault(organisation_id, link, head=head)
    if link.prev_hash != after.hash:
        # This row agrees with itself, so the one before it is not what it was.
        message = f"通道 {lane} 第 {after.seq} 条被改写，并重算了它自己的摘要"
        return Fault(FaultKind.ALTERED, lane, after.seq, message)
    return None


def _own_fault(organisation_id: int, link: Link, *, head: Head) -> Fault:
    for seq in range(1, head.seq + 2):
        if replace(link, seq=seq).computed(organisation_id) == link.hash:
            message = f"通道 {link.lane} 第 {link.seq} 条原本是第 {seq} 条：顺序被调换"
            return Fault(FaultKind.REORDERED, link.lane, link.seq, message)
    message = f"通道 {link.lane} 第 {link.seq} 条的内容被改写"
    return Fault(FaultKind.ALTERED, link.lane, link.seq, message)


def _head_fault(lane: int, latest: Head, head: Head) -> Fault | None:
    if latest.seq < head.seq:
        message = f"通道 {lane} 末尾从第 {latest.seq + 1} 条起到第 {head.seq} 条被删除"
        return Fault(FaultKind.REMOVED, lane, latest.seq + 1, message)
    if latest.hash != head.hash:
        message = f"通道 {lane} 最后一条（第 {head.seq} 条）与通道的头不符：其中之一被改写"
        return Fault(FaultKind.HEAD, lane, head.seq, message)
    return None


def _missing_head(lane: int, highest: int) -> Fault:
    message = f"通道 {lane} 的头被删除" + (f"，留下 {highest} 条" if highest else "")
    return Fault(FaultKind.HEAD, lane, highest, message)


def _hex(digest: bytes | memoryview | None) -> str | None:
    return None if digest is None else bytes(digest).hex()
