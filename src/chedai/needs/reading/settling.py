"""After all readers: what outweighs what, one chip a slot, and the sentence's own words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from chedai.needs.chips import Chip
from chedai.needs.reading.choices import are_alternatives
from chedai.needs.reading.clauses import clause_at
from chedai.needs.reading.sentence import Sentence
from chedai.needs.slots import REPEATABLE

_WAVERING: Final = re.compile("(?:还)?(?:没想好|没定|没决定|没考虑好|拿不准|不确定)|纠结|犹豫")
_SUMS: Final = frozenset({"down_payment", "monthly_target", "monthly_max", "down_payment_ratio"})
_OTHER_SUM: Final = re.compile(
    r"[\d一二两三四五六七八九十][万千百成]?[\d一二三四五六七八九]?(?:其实|我看|我觉得)?也(?:行|可以|成|能接受)"
)
_BESIDE: Final = re.compile(r"\s?(?:的)?(?:和|跟|与|或者?|还是|要么|、|/)\s?")
_AND_THEN: Final = re.compile(r"\s?的?呢(?!,)")
_DECIDED: Final = re.compile(
    r"(?:现在|后来|今天)(?:我)?(?:想|要|看|就|改)+(?:要|看|买|选)?\s?$|还是(?:想|就|觉得|喜欢|倾向|选|要|买|看上|定)(?:要|买|选|定|于)?\s?$|(?:最后|最终|后来)[^,。]{0,4}(?:定|选|看中|看上)了?\s?$"
)
_PRICES = ("vehicle_price", "on_road_price", "total_budget")
_NUMBERS = frozenset({"money", "ratio", "months", "days", "rate"})


def settled(sentence: Sentence, chips: list[Chip], text: str) -> tuple[Chip, ...]:
    """Order the chips, drop what others outweigh, and quote ``text`` as it was typed."""
    chips = sorted(chips, key=lambda c: (c.start, c.end))
    chips = _one_price(chips)
    chips = _one_down_payment(chips)
    chips = _one_trade_in(chips)
    chips = _one_absence(chips)
    chips = _one_settlement(chips)
    chips = _one_aim(chips)
    chips = [_undecided(sentence, c) for c in _last_said(sentence.text, chips)]
    chips = _cars(sentence, chips)
    return tuple(
        replace(c, text=text[c.start : c.end]) for c in sorted(chips, key=lambda c: c.start)
    )


def _one_price(chips: list[Chip]) -> list[Chip]:
    """A bare price beside a price with a name is something else."""
    named = [c for c in chips if c.slot in _PRICES and c.certainty != "ambiguous"]
    if not named:
        return chips
    return [c for c in chips if not (c.slot == "vehicle_price" and c.certainty == "ambiguous")]


def _one_down_payment(chips: list[Chip]) -> list[Chip]:
    """Money in hand beside a down payment with a name is not the down payment."""
    slots = {"down_payment", "down_payment_ratio"}
    named = [c for c in chips if c.slot in slots and c.certainty != "ambiguous"]
    if named:
        return [c for c in chips if c.slot not in slots or c.certainty != "ambiguous"]
    return chips


def _one_trade_in(chips: list[Chip]) -> list[Chip]:
    old_car = [c for c in chips if c.slot == "trade_in"]
    if len(old_car) < 2:
        return chips
    worth = [c for c in old_car if c.low is not None or c.high is not None]
    clear = [c for c in old_car if c.certainty != "ambiguous"]
    kept = (worth or clear or old_car)[0]
    return [c for c in chips if c.slot != "trade_in" or c is kept]


def _one_settlement(chips: list[Chip]) -> list[Chip]:
    """过两年一次性结清 is early repayment, not cash."""
    early = [c for c in chips if c.slot == "prepayment_month"]
    return [
        c
        for c in chips
        if not (c.slot == "cash_only" and any(e.start <= c.start < e.end for e in early))
    ]


def _one_absence(chips: list[Chip]) -> list[Chip]:
    """没信用卡没贷款 tells of no record, not of a debt of nothing."""
    owes = any(c.slot == "debt_monthly" and c.high != 0 for c in chips)
    if owes:
        chips = [c for c in chips if c.slot != "debt_monthly" or c.high != 0]
    thin = [c for c in chips if c.value == "thin"]
    return [
        c
        for c in chips
        if not (c.slot == "debt_monthly" and any(t.start <= c.start < t.end for t in thin))
    ]


def _undecided(sentence: Sentence, chip: Chip) -> Chip:
    """纠结, 还没想好: what was named may yet become something else."""
    at = clause_at(sentence.clauses, chip.start)
    following = sentence.clauses[at + 1].text if at + 1 < len(sentence.clauses) else ""
    is_open = _WAVERING.search(sentence.clauses[at].text) or _WAVERING.match(following.strip())
    is_doubted = chip.slot in _SUMS and bool(_OTHER_SUM.search(following))
    return replace(chip, certainty="ambiguous") if is_open or is_doubted else chip


def _one_aim(chips: list[Chip]) -> list[Chip]:
    """A month of early repayment says it better than the wish to be flexible."""
    has_month = any(c.slot == "prepayment_month" for c in chips)
    return [
        c
        for c in chips
        if not (has_month and c.value == "most_flexible" and not re.search("随时|违约金", c.text))
    ]


def _last_said(text: str, chips: list[Chip]) -> list[Chip]:
    kept: list[Chip] = []
    for chip in chips:
        same = [c for c in kept if c.slot == chip.slot]
        if not same or chip.slot in REPEATABLE or chip.low is chip.high is None:
            kept.append(chip)
            continue
        held = same[-1]
        if held.high is chip.low is None and held.low is not None and chip.high is not None:
            kept = [replace(c, high=chip.high, end=chip.end) if c is held else c for c in kept]
            continue
        if both := _either(text, held, chip):
            kept = [both if c is held else c for c in kept]
            continue
        if (held.low, held.high) != (chip.low, chip.high):
            kept = [c for c in kept if c is not held]
            kept.append(chip)
    return kept


def _either(text: str, first: Chip, second: Chip) -> Chip | None:
    """三成首付和五成首付, 贷四年多少,三年呢: two values are asked about side by side."""
    ends = [e for e in (first.low, first.high, second.low, second.high) if e is not None]
    if len(ends) < len(("low", "high")) * 2 or first.slot in _PRICES:
        return None
    is_side_by_side = _BESIDE.fullmatch(text[first.end : second.start]) or (
        _AND_THEN.match(text[second.end :]) and "不" not in text[first.end : second.start]
    )
    if not is_side_by_side:
        return None
    return replace(first, low=min(ends), high=max(ends), end=second.end, certainty="ambiguous")


def _cars(sentence: Sentence, chips: list[Chip]) -> list[Chip]:
    cars = [c for c in chips if c.slot == "brand_model"]
    if len(cars) < 2:
        return chips
    if chosen := _chosen(sentence.text, cars):
        return [c for c in chips if c.slot != "brand_model" or c is chosen]
    values: dict[str, Chip] = {}
    for car in cars:
        values.setdefault(str(car.value), car)
    certainty = "ambiguous" if len(values) > 1 else "said"
    kept = [replace(c, certainty=certainty) for c in values.values()]  # type: ignore[arg-type]
    if len(kept) > 1 and not are_alternatives(sentence.text, kept):
        kept = [replace(c, certainty="ambiguous") for c in kept]
    return [c for c in chips if c.slot != "brand_model"] + kept


def _chosen(text: str, cars: list[Chip]) -> Chip | None:
    """比较了一圈,还是想要问界: the last named, by its fullest name, is the one."""
    last = cars[-1]
    if not _DECIDED.search(text[cars[-2].end : last.start]):
        return None
    fuller = [c for c in cars[:-1] if str(c.value).startswith(str(last.value))]
    return fuller[0] if fuller else last
