"""Chips and facts in plain Chinese: on the sheet, in the read-back, in a diff."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from chedai.needs.chips import Chip
from chedai.needs.slots import SLOTS

Writer = Callable[[int], str]
FEN_PER_YUAN: Final = 100
YUAN_PER_WAN: Final = 10_000
MONTHS_PER_YEAR: Final = 12
LIMITS: Final = frozenset({"monthly_max"})


def chip_in_words(chip: Chip) -> tuple[str, str]:
    """Give the label and the value of a chip: ``("月供上限", "3,000 元以内")``."""
    slot = SLOTS[chip.slot]
    if slot.kind == "choice":
        return slot.label, slot.choices.get(chip.value or "", chip.text)
    if slot.kind == "words":
        return slot.label, chip.value or chip.text
    words = _range_in_words(chip, _WRITERS[slot.kind])
    if chip.slot == "down_payment" and chip.value in _COST_WORDS:
        words += _COST_WORDS[chip.value]
    if chip.slot == "monthly_max":
        words += "（不能超）" if chip.strength == "hard" else "（可松一点）"
    return slot.label, words


def read_back(chips: Iterable[Chip]) -> str:
    """Say the whole need back to the customer in one breath."""
    said = [
        f"{label}{'' if words[:1].isdigit() else ' '}{words}"
        for label, words in map(chip_in_words, chips)
    ]
    return "我复述一遍，您看对不对：" + "，".join(said) + "。"


_COST_WORDS: Final = {"including_cost": "，含税费保险", "excluding_cost": "，不含税费保险"}


def _range_in_words(chip: Chip, write: Writer) -> str:
    low, high = chip.low, chip.high
    if low is None and high is None:
        return chip.text
    if low is None:
        return f"{write(high or 0)}以内"
    if high is None:
        return f"{write(low)}以上"
    return write(low) if low == high else f"{write(low)}到{write(high)}"


def _money(fen: int) -> str:
    yuan = fen // FEN_PER_YUAN
    if yuan >= YUAN_PER_WAN and yuan % 100 == 0:
        return f"{yuan / YUAN_PER_WAN:g} 万"
    return f"{yuan:,} 元"


def _ratio(bp: int) -> str:
    return f"{bp / 1000:g} 成"


def _rate(bp: int) -> str:
    return f"{bp / 100:g}%"


def _months(months: int) -> str:
    if months % MONTHS_PER_YEAR == 0:
        return f"{months // MONTHS_PER_YEAR} 年（{months} 期）"
    return f"{months} 期"


def _days(days: int) -> str:
    return f"{days} 天"


_WRITERS: Final = {
    "money": _money,
    "ratio": _ratio,
    "rate": _rate,
    "months": _months,
    "days": _days,
}
