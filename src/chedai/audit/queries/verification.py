"""Tell whether the chain of an organisation is what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from chedai.audit.models import AuditCheckpoint, AuditEvent
from chedai.audit.queries.canonical import canonical, microseconds
from chedai.audit.queries.chain import Fault, FaultKind, Head, chain_faults


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification read, and what it found."""

    event_count: int
    checkpoint_count: int
    faults: tuple[Fault, ...]
    # None: from the first event; otherwise only after this checkpoint.
    since_checkpoint: int | None

    @property
    def is_intact(self) -> bool:
        return not self.faults


def verify_chain(
    organisation_id: int,
    *,
    kept_digests: Collection[str] = (),
    since_checkpoint: int | None = None,
) -> Verification:
    """Recompute the organisation's chain and compare it with its checkpoints.

    Parameters
    ----------
    kept_digests
        Digests (hexadecimal) of checkpoints that were kept outside of the database.
        Each must still be there: whoever owns the database can cut the chain short
        and patch it up, but cannot make the kept digest come out again.
    since_checkpoint
        Number of a checkpoint; events it covers are not read again.
    """
    checkpoints = list(
        AuditCheckpoint.objects.filter(organisation_id=organisation_id).order_by("number")
    )
    faults = [*_checkpoint_faults(checkpoints), *_kept_faults(checkpoints, kept_digests)]
    trusted = next((point for point in checkpoints if point.number == since_checkpoint), None)
    heads = None if trusted is None else _heads(trusted)
    event_count, lane_faults = chain_faults(organisation_id, since=heads)
    return Verification(
        event_count=event_count,
        checkpoint_count=len(checkpoints),
        faults=(*lane_faults, *faults),
        since_checkpoint=None if trusted is None else trusted.number,
    )


def latest_checkpoint(organisation_id: int) -> AuditCheckpoint | None:
    """Give the newest checkpoint."""
    points = AuditCheckpoint.objects.filter(organisation_id=organisation_id)
    return points.order_by("-number").first()


def _checkpoint_faults(checkpoints: list[AuditCheckpoint]) -> Iterator[Fault]:
    latest_digest = b""
    for place, point in enumerate(checkpoints, start=1):
        if point.number != place:
            yield _fault(place, f"第 {place} 个检查点被删除")
            return
        if _digest(point, latest_digest) != bytes(point.digest):
            yield _fault(place, f"第 {place} 个检查点被改写")
            return
        latest_digest = bytes(point.digest)
        for lane, head in sorted(_heads(point).items()):
            held = AuditEvent.objects.filter(
                organisation_id=point.organisation_id, lane=lane, seq=head.seq
            ).values_list("hash", flat=True)
            if [bytes(found) for found in held] != [head.hash]:
                message = (
                    f"通道 {lane} 第 {head.seq} 条与第 {place} 个检查点不符："
                    "之后被删除或改写，头也跟着改过"
                )
                yield Fault(FaultKind.CHECKPOINT, lane, head.seq, message)
                return


def _kept_faults(checkpoints: list[AuditCheckpoint], kept: Collection[str]) -> Iterator[Fault]:
    known = {bytes(point.digest).hex() for point in checkpoints}
    for digest in kept:
        if digest.lower() not in known:
            yield _fault(0, f"数据库里没有您保存的检查点 {digest[:16]}…：链条被截短或替换过")


def _fault(number: int, message: str) -> Fault:
    return Fault(FaultKind.CHECKPOINT, -1, number, message)


def _heads(point: AuditCheckpoint) -> dict[int, Head]:
    return {
        int(lane): Head(int(seq), bytes.fromhex(digest))
        for lane, (seq, digest) in point.heads.items()
    }


def _digest(point: AuditCheckpoint, latest_digest: bytes) -> bytes:
    lines = "\n".join(
        f"{lane} {head.seq} {head.hash.hex()}" for lane, head in sorted(_heads(point).items())
    )
    text = canonical(
        str(point.organisation_id), str(point.number), str(microseconds(point.at)), lines
    )
    return hashlib.sha256(latest_digest + text.encode()).digest()
