"""Scores of the grammar on an annotated file: totals only, so that no sentence is shown."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from chedai.needs.chips import Chip
from chedai.needs.reading import read_sentence
from chedai.needs.slots import SLOTS

CORPUS = Path(__file__).parent / "corpus"
PER_UNIT = {"money": 100, "ratio": 10_000, "rate": 10_000, "months": 1, "days": 1, "choice": 100}


@dataclass
class Totals:
    found: int = 0
    given: int = 0
    expected: int = 0
    false_certain: int = 0
    same_certainty: int = 0
    same_strength: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.found / (self.given + self.expected)

    @property
    def false_certain_rate(self) -> float:
        return self.false_certain / self.given


def totals_of(name: str) -> Totals:
    totals = Totals()
    for sentence in yaml.safe_load((CORPUS / name).read_text(encoding="utf-8")):
        add_sentence(totals, sentence["text"], sentence["chips"])
    return totals


def add_sentence(totals: Totals, text: str, expected: list[dict[str, Any]]) -> None:
    given = list(read_sentence(text))
    totals.given += len(given)
    totals.expected += len(expected)
    left = list(given)
    for wanted in expected:
        hit = next((chip for chip in left if is_found(wanted, chip, text)), None)
        if hit is None:
            continue
        left.remove(hit)
        totals.found += 1
        totals.same_certainty += hit.certainty == wanted["certainty"]
        totals.same_strength += hit.strength == wanted.get("strength", "hard")
        totals.false_certain += hit.certainty == "said" and wanted["certainty"] == "ambiguous"
    totals.false_certain += sum(chip.certainty == "said" for chip in left)


def is_found(wanted: dict[str, Any], chip: Chip, text: str) -> bool:
    if wanted["slot"] != chip.slot or folded(wanted.get("value")) != folded(chip.value):
        return False
    if (in_units(wanted, "low"), in_units(wanted, "high")) != (chip.low, chip.high):
        return False
    return chip.low is chip.high is None or overlaps(text, wanted["span"], chip)


def in_units(wanted: dict[str, Any], end: str) -> int | None:
    if end not in wanted:
        return None
    return int(Decimal(str(wanted[end])) * PER_UNIT[SLOTS[wanted["slot"]].kind])


def folded(value: str | None) -> str | None:
    return None if value is None else value.lower().replace(" ", "")


def overlaps(text: str, span: str, chip: Chip) -> bool:
    starts = [at for at in range(len(text)) if text.startswith(span, at)]
    return any(at < chip.end and chip.start < at + len(span) for at in starts)
