"""Numbers as they are spoken: 一万五, 15万8, 2k5, 十五六万, 大几千, 万把块.

Written here rather than taken from a library: the libraries read full numerals
(一万五千), while customers leave the last unit out (一万五), say two digits for a
range (七八万) and mix digits with hanzi (15万8). Text is expected normalised
(``chedai.needs.reading.normalising``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Form = Literal["unit", "bare", "vague_unit"]

DIGIT: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNIT: Final = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "百": 100}
_TO_HANZI: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_PLAIN_UNIT: Final = {"十": 10, "百": 100, "千": 1_000}
TENTH: Final = Fraction(1, 10)

_D = "[一二两三四五六七八九]"
PAIR: Final = "一二|一两|两三|二三|三四|四五|五六|六七|七八|八九|三五"
# What follows a digit and makes it the start of another word: 五万|三年, 五万|一起, 十万|二手.
_OTHER_WORD = (
    "(?:月(?!供)|"
    "[年期天个套笔成百千十万wk号台辆部下起共次点定直样分周折档人口座门些种款手厢驱寸家会半星礼%岁])"
)
_ARABIC = r"\d{1,3}(?:,\d{3})+(?![\d.])|\d{1,9}(?:\.\d{1,4})?(?!\d)"
_COEFFICIENT = (
    rf"(?P<arabic>{_ARABIC})"
    rf"|(?P<teens>{_D}?十几)"
    rf"|(?P<ten_pair>[二三四五六七八九]?十(?:{PAIR}))"
    rf"|(?P<pair_ten>(?:{PAIR})十)"
    rf"|(?P<pair>{PAIR})"
    r"|(?P<several>大几)"
    rf"|(?P<plain>{_D}百(?:零{_D}|{_D}十{_D}?)?(?=万)|{_D}?十{_D}?|{_D})"
)
_TAIL = (
    rf"(?P<full>零?{_D}千(?:零?{_D}百)?(?:零?{_D}十)?(?:{_D}(?!{_OTHER_WORD}))?"
    rf"|零?{_D}百(?:{_D}十{_D}?|{_D}(?!十|{_OTHER_WORD}))?|零{_D}十{_D}?|零{_D}(?!{_OTHER_WORD})|\d千(?:\d百|\d(?![\d.]|{_OTHER_WORD}))?|\d百)"
    rf"|(?P<digits>\d{{3,4}}(?![\d.]|{_OTHER_WORD}))"
    rf"|(?P<tail_pair>{PAIR})(?P<tail_unit>[千百]?)(?!{_OTHER_WORD})"
    r"|(?P<tail_several>大几)"
    rf"|(?P<last>[一二三四五六七八九]|\d)(?![\d.]|{_OTHER_WORD})"
)
_NUMBER = re.compile(
    rf"(?:{_COEFFICIENT})(?P<vague>[来多](?=[万千百块个]))?(?:\s?(?P<unit>[万千百]|[wk](?![a-z]))\s?(?:{_TAIL})?)?"
)
_ABOUT_ONE = re.compile(r"(?P<unit>[万千百])把(?=块|元|$|[^握])|(?P<eight>千儿八百|万儿八千)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One spoken number; equal ends unless it was said as a range.

    ``last_unit`` is what one step of the last spoken digit is worth (多 adds it);
    ``form`` tells whether a unit (万, 千, 百) was said.
    """

    start: int
    end: int
    low: Fraction
    high: Fraction
    last_unit: Fraction
    form: Form
    is_vague: bool = False


def numeral_at(text: str, start: int) -> Numeral | None:
    """Read the number that begins exactly at ``start``; None if there is none."""
    if about := _ABOUT_ONE.match(text, start):
        return _about_one(about)
    m = _NUMBER.match(text, start)
    if m is None:
        return None
    low, high, step = _coefficient(m)
    unit = m["unit"]
    if unit is None and m["arabic"] is None and m["several"]:
        return None
    scale = Fraction(UNIT[unit]) if unit else Fraction(1)
    is_vague = low != high
    if unit:
        low = low * scale
        high, step = high * scale if is_vague else low, step * scale
    if m["vague"]:
        low, high, is_vague = *_around(m, low, step), True
    if unit:
        added_low, added_high, tail_step = _tail(m, scale)
        is_vague = is_vague or added_low != added_high
        low, high, step = low + added_low, high + added_high, tail_step or step
    end = m.end()
    while text[end - 1] == " ":
        end -= 1
    return Numeral(start, end, low, high, step, "unit" if unit else "bare", is_vague)


def _about_one(m: re.Match[str]) -> Numeral:
    if m["eight"]:
        high = Fraction(1_000 if m["eight"][0] == "千" else 10_000)
        low = high * 8 * TENTH
    else:
        one = Fraction(UNIT[m["unit"]])
        low, high = one * 9 * TENTH, one * 11 * TENTH
    return Numeral(m.start(), m.end(), low, high, high, "unit", is_vague=True)


def _coefficient(m: re.Match[str]) -> tuple[Fraction, Fraction, Fraction]:
    """Give both ends and the worth of one step of the last digit."""
    if arabic := m["arabic"]:
        value = Fraction(arabic.replace(",", ""))
        return value, value, _arabic_step(arabic)
    if teens := m["teens"]:
        tens = 10 * (DIGIT.get(teens[0], 1))
        return Fraction(tens + 1), Fraction(tens + 9), Fraction(1)
    if said := m["ten_pair"]:
        tens = 10 * (DIGIT.get(said[0], 1))
        return Fraction(tens + DIGIT[said[-2]]), Fraction(tens + DIGIT[said[-1]]), Fraction(1)
    if said := m["pair_ten"]:
        return Fraction(10 * DIGIT[said[0]]), Fraction(10 * DIGIT[said[1]]), Fraction(10)
    if said := m["pair"]:
        return Fraction(DIGIT[said[0]]), Fraction(DIGIT[said[1]]), Fraction(1)
    if m["several"]:
        return Fraction(6), Fraction(9), Fraction(1)
    value, step = _plain(m["plain"])
    return value, value, step


def _arabic_step(arabic: str) -> Fraction:
    if "." in arabic:
        return Fraction(1, 10 ** len(arabic.split(".")[1]))
    trailing = len(arabic) - len(arabic.rstrip("0"))
    return Fraction(10**trailing)


def _plain(said: str) -> tuple[Fraction, Fraction]:
    value, digit, step, last = 0, 0, 1, 1
    for c in said:
        if c in _PLAIN_UNIT:
            step = _PLAIN_UNIT[c]
            value += (digit or 1) * step
            digit, last = 0, step // 10
        else:
            digit = DIGIT[c]
            last = last if digit else 1
    return Fraction(value + digit * last), Fraction(last if digit else step)


def _around(m: re.Match[str], low: Fraction, step: Fraction) -> tuple[Fraction, Fraction]:
    """十多万 is 10 to 20, 十来万 is 10 to 13, 二十来万 is ten per cent either side."""
    if m["vague"] == "多":
        return low, low + step
    if m["plain"] == "十" or m["arabic"] == "10":
        return low, low * Fraction(13, 10)
    return low * 9 * TENTH, low * 11 * TENTH


def _tail(m: re.Match[str], scale: Fraction) -> tuple[Fraction, Fraction, Fraction | None]:
    """Read what follows 万 or 千: 五 in 一万五 is five thousand."""
    tenth = scale / 10
    if full := m["full"]:
        value, step = _full_tail(full)
        return value, value, step
    if digits := m["digits"]:
        return Fraction(digits), Fraction(digits), _arabic_step(digits)
    if pair := m["tail_pair"]:
        worth = Fraction(UNIT[m["tail_unit"]]) if m["tail_unit"] else tenth
        return DIGIT[pair[0]] * worth, DIGIT[pair[1]] * worth, worth
    if m["tail_several"]:
        return 6 * tenth, 9 * tenth, tenth
    if last := m["last"]:
        return int(DIGIT.get(last, last)) * tenth, int(DIGIT.get(last, last)) * tenth, tenth
    return Fraction(0), Fraction(0), None


def _full_tail(said: str) -> tuple[Fraction, Fraction]:
    return _plain(said.translate(_TO_HANZI))
