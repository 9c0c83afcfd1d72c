"""Which question to ask next: the one whose answer would change the plans most.

Generic: a slot is anything with alternatives (both ends of a vague amount, every choice of a list),
and the caller says which plans an assignment leads to.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

QUESTIONS_MAX: Final = 8
TOP: Final = 3

Assignment = Mapping[str, object]


@dataclass(frozen=True)
class OpenSlot:
    """A slot not yet settled; the first alternative is the one assumed for the time being."""

    key: str
    alternatives: tuple[object, ...]


@dataclass(frozen=True)
class PlansFound:
    """What an assignment leads to: products that can make a plan, and plans in their order."""

    feasible: frozenset[Hashable]
    ranking: tuple[Hashable, ...]


PlansOf = Callable[[Assignment], PlansFound]


@dataclass(frozen=True)
class SlotImpact:
    """How much the answer may change, 0 (nothing) to 2 (everything), averaged over the answers."""

    key: str
    impact: float
    changes_top: bool


@dataclass(frozen=True)
class NextQuestion:
    """What to ask, or why to stop.

    ``left_count`` is how many questions would still change the three plans, at most what is left
    of the eight.
    """

    ask: str | None
    stop: Literal["stable", "enough_asked", ""]
    impacts: tuple[SlotImpact, ...]
    left_count: int


def next_question(
    *, slots: Sequence[OpenSlot], plans_of: PlansOf, asked_count: int = 0
) -> NextQuestion:
    """Choose the slot with the largest expected change; stop when the three plans are stable.

    Ties go to the slot that comes first in ``slots``.
    """
    impacts = rank_slots(slots=slots, plans_of=plans_of)
    open_count = sum(impact.changes_top for impact in impacts)
    left_count = min(open_count, max(QUESTIONS_MAX - asked_count, 0))
    if asked_count >= QUESTIONS_MAX:
        return NextQuestion(None, "enough_asked", impacts, 0)
    if open_count == 0:
        return NextQuestion(None, "stable", impacts, 0)
    ask = next(impact.key for impact in impacts if impact.changes_top)
    return NextQuestion(ask, "", impacts, left_count)


def rank_slots(*, slots: Sequence[OpenSlot], plans_of: PlansOf) -> tuple[SlotImpact, ...]:
    """Rank open slots by expected change of feasible products and of the top three plans."""
    assumed = {slot.key: slot.alternatives[0] for slot in slots if slot.alternatives}
    base = plans_of(assumed)
    impacts = [_impact(slot, assumed, base, plans_of) for slot in slots if slot.alternatives]
    return tuple(sorted(impacts, key=lambda impact: -impact.impact))


def _impact(
    slot: OpenSlot, assumed: Mapping[str, object], base: PlansFound, plans_of: PlansOf
) -> SlotImpact:
    others = [plans_of({**assumed, slot.key: other}) for other in slot.alternatives[1:]]
    changes = [change(base, other) for other in others]
    return SlotImpact(
        key=slot.key,
        # The answer assumed changes nothing and is as likely as any other.
        impact=sum(changes) / len(slot.alternatives),
        changes_top=any(other.ranking[:TOP] != base.ranking[:TOP] for other in others),
    )


def change(before: PlansFound, after: PlansFound) -> float:
    """Distance of two results: feasible sets (Jaccard) plus the top three, place by place."""
    union = before.feasible | after.feasible
    shared = before.feasible & after.feasible
    of_sets = 1 - len(shared) / len(union) if union else 0.0
    places = max(len(before.ranking[:TOP]), len(after.ranking[:TOP]))
    kept = sum(
        mine == theirs
        for mine, theirs in zip(before.ranking[:TOP], after.ranking[:TOP], strict=False)
    )
    of_ranking = 1 - kept / places if places else 0.0
    return of_sets + of_ranking
