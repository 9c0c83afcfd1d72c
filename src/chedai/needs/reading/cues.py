"""Where the sentence says what an amount is: 首付, 月供, 落地, 工资 …."""

from __future__ import annotations

from dataclasses import dataclass

from chedai.needs import lexicon


@dataclass(frozen=True, slots=True)
class Cue:
    """A role word and its place in the sentence."""

    role: str
    start: int
    end: int


def cues_in(text: str) -> list[Cue]:
    """List role words in order; of overlapping ones the first, then the longest stays."""
    found = [
        Cue(role, m.start(), m.end())
        for role, pattern in lexicon.cues().items()
        for m in pattern.finditer(text)
    ]
    found.sort(key=lambda cue: (cue.start, -cue.end))
    kept: list[Cue] = []
    for cue in found:
        if not kept or cue.start >= kept[-1].end:
            kept.append(cue)
    return kept
