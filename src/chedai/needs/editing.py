"""Chips by hand: what an advisor types into a chip, and how a new sentence joins the need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from chedai.needs import lexicon
from chedai.needs.amounts import Amount, amounts_in
from chedai.needs.chips import Chip, Strength
from chedai.needs.reading.limits import Bounds, bounds_of
from chedai.needs.reading.normalising import normalised
from chedai.needs.slots import REPEATABLE, SLOTS

TYPED_CHARS_MAX: Final = 60
MONEY_FEN_MAX: Final = 100_000_000 * 100
MONTHS_MAX: Final = 120
DAYS_MAX: Final = 365
BASIS: Final = 10_000
RATE_BP_MAX: Final = BASIS * 36 // 100 * 2

FAMILIES: Final = (
    frozenset({"down_payment", "down_payment_ratio"}),
    frozenset({"vehicle_price", "on_road_price", "total_budget"}),
    frozenset({"monthly_max", "monthly_target"}),
)
_CEILINGS: Final = frozenset({"monthly_max", "delivery_within_days"})
_EXAMPLES: Final = {
    "money": "5万、50000 或 3000以内",
    "ratio": "三成 或 30%",
    "rate": "3.5%",
    "months": "3年 或 36期",
    "days": "7天 或 一周",
}
_COST: Final = ((",不含税费保险", "excluding_cost"), (",含税费保险", "including_cost"))
_SOFT_NOTE: Final = "(可松一点)"
_HARD_NOTE: Final = "(不能超)"
_IN_PERIODS: Final = re.compile(r"\(\d+ ?期\)")
_NEVER: Final = frozenset({"不提前还", "不提前", "不会", "不会提前还", "不打算提前还"})
_BESIDE: Final = re.compile(
    r"(?:大概|大约|差不多|估计|约|不到|将近|接近|快|小|至少|起码|最少|最多|顶多|上限|尽量|最好|控制在|别超过?|不超过?|不能超过?|不要超过?|不低于|"
    r"左右|上下|以内|之内|以下|内|封顶|以上|起步|出头|到头|之间|的|吧|块|元|钱|每月|一个月|月供|首付|贷|分|\s)*"
)


class ChipInputError(ValueError):
    """What was typed cannot be the value of this slot; the chip stays as it was."""


def chip_from_input(slot: str, typed: str) -> Chip:
    """Make a confirmed chip of what was typed into the field of ``slot``.

    Accepts the words the chip itself is shown with, so an unchanged field changes nothing.

    Raises
    ------
    ChipInputError
        Unknown slot; empty, impossible or unreadable input. The message says what to type.
    """
    if slot not in SLOTS:
        msg = f"没有“{slot}”这一项。"
        raise ChipInputError(msg)
    text = typed.strip()
    if not text:
        msg = f"{SLOTS[slot].label}还没填;不需要这一项请删除。"
        raise ChipInputError(msg)
    if len(text) > TYPED_CHARS_MAX or any(_is_picture(c) for c in text):
        raise ChipInputError(_unreadable(slot))
    kind = SLOTS[slot].kind
    if kind == "choice":
        return _choice(slot, text)
    if kind == "words":
        return _words(slot, text)
    return _number(slot, text)


def merge(old: Sequence[Chip], heard: Sequence[Chip]) -> tuple[Chip, ...]:
    """Let a new sentence join the need: the latest said stands, repeatable slots add.

    A down payment in yuan and one as a share replace each other, so do the three
    prices and the two instalments.
    """
    replaced = {slot for chip in heard for slot in _replaced_by(chip)}
    repeated = {_identity(chip) for chip in heard}
    kept = [c for c in old if c.slot not in replaced and _identity(c) not in repeated]
    return (*kept, *heard)


def _replaced_by(chip: Chip) -> frozenset[str]:
    if chip.slot == "debt_monthly" and chip.low == chip.high == 0:
        return frozenset({chip.slot})
    if chip.slot in REPEATABLE:
        return frozenset()
    return next((f for f in FAMILIES if chip.slot in f), frozenset({chip.slot}))


def _identity(chip: Chip) -> tuple[str, str | None, int | None, int | None]:
    return chip.slot, chip.value, chip.low, chip.high


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Cs", "Co", "Cn", "Cc", "Sk"}


def _unreadable(slot: str) -> str:
    kind = SLOTS[slot].kind
    if kind == "choice":
        return f"{SLOTS[slot].label}请选:{'、'.join(SLOTS[slot].choices.values())}。"
    if kind == "words":
        return f"{SLOTS[slot].label}请用文字填写,不超过 {TYPED_CHARS_MAX} 字。"
    return f"{SLOTS[slot].label}没读懂,请写成 {_EXAMPLES[kind]}。"


def _choice(slot: str, text: str) -> Chip:
    said = normalised(text).replace(" ", "")
    for key, label in SLOTS[slot].choices.items():
        if said in {key, normalised(label).replace(" ", "")}:
            return _confirmed(slot, label, value=key)
    for phrase in lexicon.phrases()[slot]:
        if phrase.value and phrase.pattern.fullmatch(said):
            return _confirmed(slot, text, value=phrase.value)
    raise ChipInputError(_unreadable(slot))


def _words(slot: str, text: str) -> Chip:
    if not any(c.isalnum() for c in text):
        raise ChipInputError(_unreadable(slot))
    return _confirmed(slot, text, value=text)


def _number(slot: str, text: str) -> Chip:
    said, value, strength = _without_notes(slot, normalised(text))
    if slot == "prepayment_month" and said in _NEVER:
        return _confirmed(slot, text)
    if re.search(
        r"(?:^|[^\d万千年期成%元块w~到])\s?-\s?[\d一二两三四五六七八九十]|负",
        f" {said}".replace("  ", " "),
    ):
        msg = f"{SLOTS[slot].label}不能是负数。"
        raise ChipInputError(msg)
    if re.search(r"\d{10,}|亿", said.replace(",", "")):
        raise ChipInputError(_too_much(slot))
    amount = _only_amount(slot, said)
    bounds = bounds_of(said, amount, before_from=0, after_to=len(said))
    scale = _scale(slot, amount)
    low, high = (
        None if end is None else _whole(slot, end * scale) for end in (bounds.low, bounds.high)
    )
    if slot in _CEILINGS and low == high:
        low = None
    _check(slot, low, high)
    chip = _confirmed(slot, text, value=value, low=low, high=high)
    return replace(chip, strength=strength or _strength(bounds))


def _strength(bounds: Bounds) -> Strength:
    return "soft" if bounds.is_soft else "hard"


def _without_notes(slot: str, said: str) -> tuple[str, str | None, Strength | None]:
    """Take off what wording adds to a value: (不能超), ,含税费保险, (36 期)."""
    strength: Strength | None = None
    if said.endswith(_SOFT_NOTE):
        said, strength = said.removesuffix(_SOFT_NOTE), "soft"
    elif said.endswith(_HARD_NOTE):
        said, strength = said.removesuffix(_HARD_NOTE), "hard"
    value = None
    if slot == "down_payment":
        for note, key in _COST:
            if said.endswith(note):
                said, value = said.removesuffix(note), key
                break
    return _IN_PERIODS.sub("", said).strip(), value, strength


def _only_amount(slot: str, said: str) -> Amount:
    if re.fullmatch("[零〇]", said):
        said = "0"
    amounts = amounts_in(said)
    if len(amounts) != 1:
        raise ChipInputError(_unreadable(slot))
    amount = amounts[0]
    beside = said[: amount.start] + " " + said[amount.end :]
    if not _BESIDE.fullmatch(beside):
        raise ChipInputError(_unreadable(slot))
    return amount


def _scale(slot: str, amount: Amount) -> Fraction:
    """Give what one counted unit of ``amount`` is worth in the unit of the slot.

    Raises
    ------
    ChipInputError
        The unit does not fit the slot, or is missing where it matters.
    """
    kind = SLOTS[slot].kind
    is_bare = amount.kind == "money" and amount.form == "bare"
    size = amount.high or Fraction(0)
    if kind == "money" and amount.kind == "money":
        return _money_scale(slot, amount)
    if kind == "months" and (amount.kind == "months" or (is_bare and size >= 6)):
        return Fraction(1)
    if kind == "days" and (amount.kind == "days" or is_bare):
        return Fraction(1)
    if kind in {"ratio", "rate"} and amount.kind in {"ratio", "percent", "points"}:
        return Fraction(BASIS)
    if kind == "rate" and is_bare:
        return Fraction(BASIS, 100)
    if kind == "ratio" and is_bare:
        return _ratio_scale(size)
    raise ChipInputError(_unreadable(slot))


def _money_scale(slot: str, amount: Amount) -> Fraction:
    size = amount.high or Fraction(0)
    if amount.form == "vague_unit" or (amount.form == "bare" and 0 < size < 100):
        msg = f"{SLOTS[slot].label}请写明单位,如 {_EXAMPLES['money']}。"
        raise ChipInputError(msg)
    return Fraction(100)


def _ratio_scale(size: Fraction) -> Fraction:
    """0.3 is a ratio, 3 counts tenths, 30 counts per cent."""
    if size < 1:
        return Fraction(BASIS)
    return Fraction(BASIS, 10) if size < 10 else Fraction(BASIS, 100)


def _whole(slot: str, end: Fraction) -> int:
    is_money = SLOTS[slot].kind == "money"
    return round(end / 100) * 100 if is_money else round(end)


def _check(slot: str, low: int | None, high: int | None) -> None:
    most = max(end for end in (low, high) if end is not None)
    least = min(end for end in (low, high) if end is not None)
    ceilings = {
        "money": MONEY_FEN_MAX,
        "months": MONTHS_MAX,
        "days": DAYS_MAX,
        "ratio": BASIS,
        "rate": RATE_BP_MAX,
    }
    if most > ceilings[SLOTS[slot].kind]:
        raise ChipInputError(_too_much(slot))
    may_be_zero = slot in {
        "down_payment",
        "down_payment_ratio",
        "debt_monthly",
        "income_monthly",
        "delivery_within_days",
        "competitor_rate",
    }
    if least < 0 or (most == 0 and not may_be_zero):
        msg = f"{SLOTS[slot].label}要大于 0。"
        raise ChipInputError(msg)


def _too_much(slot: str) -> str:
    ceiling = {
        "money": "1 亿元",
        "months": f"{MONTHS_MAX} 期",
        "days": f"{DAYS_MAX} 天",
        "ratio": "10 成",
        "rate": f"{RATE_BP_MAX // 100}%",
    }[SLOTS[slot].kind]
    return f"{SLOTS[slot].label}不能超过 {ceiling},请核对。"


def _confirmed(
    slot: str,
    text: str,
    *,
    value: str | None = None,
    low: int | None = None,
    high: int | None = None,
) -> Chip:
    return Chip(slot, text, low=low, high=high, value=value, certainty="confirmed")
