"""The customers of the demo, read from paper, and how each need grew while they talked.

One line of ``packs/customers/*.yaml`` is one visit. ``end`` says how far it went; ``answers``
and ``more`` are what was asked and said before the need was read back, ``then`` what changed
after the proposal was printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from chedai.needs.editing import merge
from chedai.needs.facts import facts_from
from chedai.needs.questions import QUESTIONS
from chedai.needs.reading import read_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chedai.needs.chips import Chip

# Each end includes what comes before it in this list, up to the proposal that is sent.
STAGES: Final = ("opened", "confirmed", "desk", "pinned", "proposed", "sent")
# … and these are ends of a proposal that was sent.
AFTER_SENDING: Final = ("looked", "revoked", "expired", "stale")


@dataclass(frozen=True, kw_only=True)
class PinOnPaper:
    """A plan the advisor will put on the table, by the product's code."""

    product: str
    months: int
    why: str


@dataclass(frozen=True, kw_only=True)
class CustomerOnPaper:
    """One visit as it is to be; ``other`` is a competitor's offer as typed, in yuan."""

    who: str
    says: str
    end: str
    by: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    then: str = ""
    car: str = ""
    pins: tuple[PinOnPaper, ...] = ()
    other: Mapping[str, Any] = field(default_factory=dict)
    contact: str = ""
    left: str = ""

    def goes_to(self, stage: str) -> bool:
        """Whether the visit got as far as this stage."""
        if self.end in AFTER_SENDING:
            return True
        assert self.end in STAGES, self.end
        return STAGES.index(stage) <= STAGES.index(self.end)


@dataclass(frozen=True, kw_only=True)
class NeedDraft:
    """One version of a need before it is stored."""

    sentence: str
    chips: tuple[Chip, ...]
    answered: tuple[str, ...]


def customers_in(folder: Path) -> list[CustomerOnPaper]:
    """Read every visit, from the earliest to the latest."""
    return [
        _customer(line)
        for path in sorted(folder.glob("*.yaml"))
        for line in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def drafts_of(customer: CustomerOnPaper) -> list[NeedDraft]:
    """Give the versions of the need up to its reading back; answers to closed questions drop."""
    drafts = [NeedDraft(sentence=customer.says, chips=read_sentence(customer.says), answered=())]
    for said in customer.more:
        drafts.append(with_sentence(drafts[-1], said))
    for key, answer_key in customer.answers.items():
        question, held = QUESTIONS[key], drafts[-1]
        if question.is_open(facts_from(held.chips)):
            [answer] = [answer for answer in question.answers if answer.key == answer_key]
            drafts.append(
                replace(held, chips=answer.apply(held.chips), answered=(*held.answered, key))
            )
    return drafts


def with_sentence(draft: NeedDraft, said: str) -> NeedDraft:
    """Let the customer say one more sentence."""
    before = f"{draft.sentence}\n"
    heard = [
        chip
        if chip.start < 0
        else replace(chip, start=chip.start + len(before), end=chip.end + len(before))
        for chip in read_sentence(said)
    ]
    return replace(draft, sentence=before + said, chips=merge(draft.chips, heard))


def _customer(line: dict[str, Any]) -> CustomerOnPaper:
    pins = tuple(PinOnPaper(**pin) for pin in line.pop("pins", ()))
    return CustomerOnPaper(**line | {"pins": pins, "more": tuple(line.get("more", ()))})
