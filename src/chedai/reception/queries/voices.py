"""Two people buying one car: what each said, side by side, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from chedai.deals.models import Deal
from chedai.needs.chips import Chip, chip_from_json
from chedai.needs.wording import chip_in_words
from chedai.reception.models import NeedVoice
from chedai.reception.queries.needs import NeedSheet

CUSTOMER: Final = NeedVoice.Speaker.CUSTOMER.value
PARTNER: Final = NeedVoice.Speaker.PARTNER.value
Agreement = Literal["same", "different", "one_side"]
AGREEMENT_LABELS: Final = {"same": "一致", "different": "说法不同", "one_side": "一人说过"}


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One thing talked about: in whose words, and what the need says of it now."""

    slot: str
    label: str
    customer: str
    partner: str
    settled: str

    @property
    def agreement(self) -> Agreement:
        """Whether both said the same; neither side is ever called right."""
        if not (self.customer and self.partner):
            return "one_side"
        return "same" if self.customer == self.partner else "different"

    @property
    def agreement_label(self) -> str:
        """The agreement as the advisor reads it."""
        return AGREEMENT_LABELS[self.agreement]

    @property
    def is_open(self) -> bool:
        """Whether the two still have to settle it: they differ, and the need takes no side."""
        return self.agreement == "different" and self.settled not in (self.customer, self.partner)


@dataclass(frozen=True, slots=True)
class Couple:
    """Both voices of a deal, as far as they were heard."""

    customer: NeedVoice | None
    partner: NeedVoice | None
    lines: tuple[VoiceLine, ...]

    @property
    def open_count(self) -> int:
        """How many lines the two still have to settle."""
        return sum(line.is_open for line in self.lines)


def couple_of(deal: Deal, sheet: NeedSheet) -> Couple:
    """Put the latest words of both speakers side by side, beside what the need says."""
    heard = {speaker: latest_voice(deal, speaker) for speaker in (CUSTOMER, PARTNER)}
    spoken = {speaker: _by_slot(chips_of(voice)) for speaker, voice in heard.items()}
    settled = _by_slot(sheet.chips)
    slots = dict.fromkeys(slot for said in spoken.values() for slot in said)
    lines = tuple(
        VoiceLine(
            slot=slot,
            label=(spoken[CUSTOMER].get(slot) or spoken[PARTNER][slot])[0],
            customer=spoken[CUSTOMER].get(slot, ("", ""))[1],
            partner=spoken[PARTNER].get(slot, ("", ""))[1],
            settled=settled.get(slot, ("", ""))[1],
        )
        for slot in slots
    )
    return Couple(heard[CUSTOMER], heard[PARTNER], lines)


def latest_voice(deal: Deal, speaker: str) -> NeedVoice | None:
    """Get the newest words of one speaker."""
    voices = NeedVoice.objects.filter(deal=deal, speaker=speaker).select_related("recorded_by")
    return voices.order_by("-pk").first()


def chips_of(voice: NeedVoice | None) -> tuple[Chip, ...]:
    """Read the chips of a voice; their places are in that voice's own sentence."""
    return tuple(chip_from_json(plain) for plain in voice.chips) if voice else ()


def taken_over(voice: NeedVoice | None, slot: str) -> tuple[Chip, ...]:
    """Give the chips of one slot as the need can hold them: without a place in its sentence."""
    return tuple(replace(c, start=-1, end=-1) for c in chips_of(voice) if c.slot == slot)


def agreed(couple: Couple) -> tuple[Chip, ...]:
    """Give the chips on which both agree, or that one said and the other did not contradict."""
    return tuple(
        chip
        for line in couple.lines
        if line.agreement != "different"
        for chip in taken_over(couple.customer if line.customer else couple.partner, line.slot)
    )


def _by_slot(chips: Sequence[Chip]) -> dict[str, tuple[str, str]]:
    words: dict[str, tuple[str, str]] = {}
    for chip in chips:
        label, text = chip_in_words(chip)
        earlier = words.get(chip.slot)
        words[chip.slot] = (label, f"{earlier[1]}、{text}" if earlier else text)
    return words
