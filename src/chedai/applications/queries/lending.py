"""What came back from a lender, as the advisor reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chedai.applications.models import OutboxMessage, Submission, SubmissionEvent

KIND_LABELS: Final[Mapping[str, str]] = {
    "received": "资金方已收到",
    "in_review": "审批中",
    "stipulated": "要补件",
    "approved": "批了",
    "countered": "批了，但条件变了",
    "refused": "没有批",
    "disclosed": "费用明示表已出",
    "contract_ready": "合同已出，等签",
    "disbursed": "已放款",
    "withdrawn": "已撤回",
}
NEXT_STEPS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "approved": (("accept", "客户接受"),),
    "countered": (("accept", "客户接受变更"),),
    "disclosed": (("confirm_disclosure", "客户已签明示表"),),
    "contract_ready": (("confirm_signing", "合同已签，条件齐备"),),
}
WITHDRAWABLE: Final = frozenset(
    {
        "received",
        "in_review",
        "stipulated",
        "approved",
        "countered",
        "disclosed",
        "contract_ready",
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure as applied for and as decided; fen, months or a ratio, in words."""

    label: str
    applied: str
    decided: str

    @property
    def is_changed(self) -> bool:
        """Whether the lender decided otherwise."""
        return self.applied != self.decided


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the lender asked for, and whether it was sent."""

    code: str
    text: str
    due_on: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One submission with everything the lender said, ready to be read."""

    submission: Submission
    events: tuple[SubmissionEvent, ...]
    state: str
    state_label: str
    waiting: tuple[OutboxMessage, ...]
    given_up: tuple[OutboxMessage, ...]
    asked: tuple[Asked, ...]
    differences: tuple[Difference, ...]
    fees: tuple[Mapping[str, Any], ...]
    reasons: tuple[Mapping[str, str], ...]
    retry_on: str
    disclosure: Mapping[str, Any] | None
    steps: tuple[tuple[str, str], ...]
    may_withdraw: bool


def told(submission: Submission, *, now: datetime) -> Told:  # noqa: ARG001 - clocks come with the process table
    """Read one submission; uses its prefetched events and messages."""
    events = tuple(sorted(submission.events.all(), key=lambda each: each.sequence))
    messages = sorted(submission.messages.all(), key=lambda each: each.pk)
    latest = events[-1] if events else None
    state = latest.kind if latest else ""
    waiting = tuple(m for m in messages if m.done_at is None and m.given_up_at is None)
    offer = _latest(events, "offer")
    refusal = _latest(events, "refusal") if state == "refused" else None
    return Told(
        submission=submission,
        events=events,
        state=state,
        state_label=KIND_LABELS.get(state, "正在送出"),
        waiting=waiting,
        given_up=tuple(m for m in messages if m.given_up_at is not None),
        asked=tuple(_asked(events, messages)) if state not in ("refused", "withdrawn") else (),
        differences=_differences(submission, offer) if offer else (),
        fees=tuple(offer["fees"]) if offer else (),
        reasons=tuple(refusal["reasons"]) if refusal else (),
        retry_on=str(refusal["retry_on"] or "") if refusal else "",
        disclosure=_latest(events, "disclosure"),
        steps=() if waiting else NEXT_STEPS.get(state, ()),
        may_withdraw=state in WITHDRAWABLE and not waiting,
    )


def _latest(events: tuple[SubmissionEvent, ...], part: str) -> dict[str, Any] | None:
    return next((each.body[part] for each in reversed(events) if each.body.get(part)), None)


def _asked(events: tuple[SubmissionEvent, ...], messages: list[OutboxMessage]) -> list[Asked]:
    answered = {m.body.get("code") for m in messages if m.act == OutboxMessage.Act.ANSWER}
    return [
        Asked(item["code"], item["text"], item["due_on"] or "", item["code"] in answered)
        for event in events
        for item in event.body["stipulations"]
    ]


def _differences(submission: Submission, offer: Mapping[str, Any]) -> tuple[Difference, ...]:
    return (
        Difference("贷款额", _yuan(submission.principal_fen), _yuan(offer["principal_fen"])),
        Difference("期数", f"{submission.term_months} 期", f"{offer['term_months']} 期"),
        Difference(
            "年利率",
            _percent(submission.nominal_rate_annual),
            _percent(offer["nominal_rate_annual"]),
        ),
        Difference(
            "月供", _yuan(submission.monthly_payment_fen), _yuan(offer["monthly_payment_fen"])
        ),
    )


def _yuan(fen: int) -> str:
    whole, part = divmod(fen, 100)
    return f"¥{whole:,}" + (f".{part:02d}" if part else "")


def _percent(ratio: Any) -> str:
    return f"{float(ratio) * 100:.2f}%"
