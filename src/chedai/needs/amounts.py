"""Amounts in a sentence: what each number counts, and how exactly it was meant.

Works on normalised text; knows nothing of slots. Whether ``首付8`` is eight
thousand or eighty thousand is not decided here: such an amount keeps the form ``bare``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from chedai.needs.numerals import Form, Numeral, numeral_at

AmountKind = Literal["money", "ratio", "percent", "points", "months", "days"]


@dataclass(frozen=True, slots=True)
class Amount:
    """One number with its unit.

    Money counts yuan, ratio is a fraction (三成 = 3/10), ``percent`` and
    ``points`` (3个点) are fractions too but may be a rate; months and days are counts.
    None on one side means that side is open.
    """

    kind: AmountKind
    start: int
    end: int
    low: Fraction | None
    high: Fraction | None
    form: Form
    is_vague: bool = False
    is_soft: bool = False
    last_unit: Fraction = Fraction(1)
    is_choice: bool = False
    unit_word: str = ""


_START: Final = re.compile(
    r"(?<![a-z.\d第])(?<!\d:)\d|(?<!第)(?:大几|百分之|半(?=年|个月)|一半|零(?=\s?首付)|(?<!乱)[一二两三四五六七八九十]|[万千百]把|万儿八|千儿八)"
)
_AFTER_YEAR = r"(?![级款代份检审轻])"
_UNITS: Final[tuple[tuple[AmountKind, re.Pattern[str], Fraction], ...]] = (
    ("points", re.compile(r"\s?个百?分?点(?![半儿])"), Fraction(1, 100)),
    ("percent", re.compile(r"\s?%"), Fraction(1, 100)),
    ("ratio", re.compile(r"\s?成(?![交品])"), Fraction(1, 10)),
    ("months", re.compile(r"\s?年" + _AFTER_YEAR), Fraction(12)),
    ("months", re.compile(r"\s?期(?!货)"), Fraction(1)),
    ("months", re.compile(r"\s?个(?:半)?月"), Fraction(1)),
    ("days", re.compile(r"\s?(?:天|日(?=[之以]?内))"), Fraction(1)),
    (
        "days",
        re.compile(r"\s?(?:周(?![年岁边末])|个?星期|个?礼拜)(?![一二三四五六日天末])"),
        Fraction(7),
    ),
)
_YUAN: Final = re.compile(r"\s?(?:块钱?|元钱?|圆)")
_PIECES: Final = re.compile(r"\s?个(?![贷网房车信消月点人半小多礼星孩次油百大字月朋])")
# Words after a unitless number which make it something else than money or a count of months.
_NOT_MONEY: Final = re.compile(
    r"\s?(?:款|座|寸|号|门|t(?![a-z])|点|:\d|度|公里|km|里|次|岁|平|人|口|升|l(?![a-z])|马力|匹|级|速|楼|栋|室|天|年|月|日|"
    r"期|折|档|缸|手|后|前|分(?!\d|期|[一二两三四五六七八九十]+[年期])|时|秒|斤|吨|米|方|台|辆|家|位|只|件|张|部|驱|厢|代|险|金|厘|笔|趟|套|回|条|顿|块板|单|股|万?公里|[a-z]|下|些|样|起|直|定|共|般|边|会|家|半|切|大|/(?!\s?月)|-\d+-)"
)
_WAN_OTHER: Final = re.compile(r"\s?(?:多|来)?(?:公里|km|里程|里|次|人|台|辆|粉)")
_JOIN: Final = re.compile(r"\s?(?:到|至|-|~|—{1,2}|–|或者|或|、|还是)\s?(?:是|贷|首付|分)?\s?")
_EXTRA: Final[
    tuple[tuple[re.Pattern[str], Callable[[Numeral], tuple[Fraction, Fraction]]], ...]
] = (
    (re.compile(r"多(?:点|一点)?(?![少久长大了])"), lambda n: (n.low, n.high + n.last_unit)),
    (
        re.compile(r"大几(?![万千])"),
        lambda n: (n.low + 6 * n.last_unit / 10, n.high + 9 * n.last_unit / 10),
    ),
    (
        re.compile(r"来(?=[块元个%成年期])"),
        lambda n: (n.low * Fraction(9, 10), n.high * Fraction(11, 10)),
    ),
)


_WORTH: Final = {
    "年": Fraction(12),
    "期": Fraction(1),
    "个月": Fraction(1),
    "成": Fraction(1, 10),
}


def amounts_in(text: str) -> list[Amount]:
    """List the amounts of normalised ``text`` in the order they were said."""
    return list(_scan(text))


def _scan(text: str) -> Iterator[Amount]:
    at = 0
    while m := _START.search(text, at):
        found = _one(text, m.start())
        if found is None:
            at = _past_number(text, m.start())
            continue
        found = _joined(text, found)
        at = max(found.end, m.start() + 1)
        yield found


def _past_number(text: str, start: int) -> int:
    at = start + 1
    if text[start].isdigit():
        while at < len(text) and (text[at].isdigit() or text[at] == "."):
            at += 1
    return at


def _one(text: str, start: int) -> Amount | None:
    if fixed := _fixed(text, start):
        return fixed
    n = numeral_at(text, start)
    if n is None:
        return None
    n, has_extra = _with_extra(text, n)
    if n.form == "bare" and (counted := _counted(text, n)):
        return counted
    return _money(text, n, has_extra=has_extra)


def _fixed(text: str, start: int) -> Amount | None:
    if m := re.compile(r"百分之\s?").match(text, start):
        n = numeral_at(text, m.end())
        return _amount("percent", n, start, n.end, Fraction(1, 100)) if n else None
    if text.startswith("零", start):
        return Amount("money", start, start + 1, Fraction(0), Fraction(0), "bare")
    if text.startswith("一半", start):
        half = Fraction(1, 2)
        return Amount("ratio", start, start + 2, half, half, "unit", unit_word="一半")
    if m := re.compile(r"(?:半年|(?<!个)半个月)").match(text, start):
        is_year = m[0] == "半年"
        count = Fraction(6 if is_year else 15)
        return Amount(
            "months" if is_year else "days", start, m.end(), count, count, "unit", unit_word=m[0]
        )
    return None


def _with_extra(text: str, n: Numeral) -> tuple[Numeral, bool]:
    for pattern, ends in _EXTRA:
        if m := pattern.match(text, n.end):
            low, high = ends(n)
            return replace(n, low=low, high=high, end=m.end(), is_vague=True), True
    return n, False


def _counted(text: str, n: Numeral) -> Amount | None:
    for kind, pattern, worth in _UNITS:
        if m := pattern.match(text, n.end):
            return _with_half(text, n, kind, m, worth)
    return None


def _with_half(
    text: str, n: Numeral, kind: AmountKind, m: re.Match[str], worth: Fraction
) -> Amount | None:
    word, end, more = m[0].strip(), m.end(), Fraction(0)
    if kind == "months" and word == "年" and n.low >= 16:
        return None
    if text.startswith("半", end) and word in {"成", "年"}:
        more, end = worth / 2, end + 1
    elif word == "个半月":
        more = Fraction(1, 2)
    elif word == "成" and (five := re.compile("五(?![年期万千])").match(text, end)):
        more, end = worth / 2, five.end()
    found = _amount(kind, n, n.start, end, worth)
    if extra := re.compile(r"多(?!少|久)").match(text, end):
        return replace(
            found,
            high=(n.high + n.last_unit) * worth,
            end=extra.end(),
            is_vague=True,
            unit_word=word,
        )
    low = found.low + more if found.low is not None else None
    high = found.high + more if found.high is not None else None
    return replace(found, low=low, high=high, unit_word=word)


def _money(text: str, n: Numeral, *, has_extra: bool) -> Amount | None:
    if n.form == "unit":
        return None if _WAN_OTHER.match(text, n.end) else _yuan(text, n, has_extra=has_extra)
    if _YUAN.match(text, n.end):
        return _yuan(text, replace(n, form="unit"), has_extra=has_extra)
    if m := _PIECES.match(text, n.end):
        return replace(_amount("money", n, n.start, m.end()), form="vague_unit")
    if _NOT_MONEY.match(text, n.end) or (has_extra and n.high < 500):
        return None
    if text[n.start : n.end] in {"一", "两"}:
        return None
    return _amount("money", n, n.start, n.end)


def _yuan(text: str, n: Numeral, *, has_extra: bool) -> Amount:
    end = n.end
    if m := _YUAN.match(text, end):
        end = m.end()
    found = _amount("money", n, n.start, end)
    if not has_extra and (m := re.compile(r"多(?:点|一点)?(?![少久了])").match(text, end)):
        return replace(found, high=n.high + n.last_unit, end=m.end(), is_vague=True)
    return found


def _amount(
    kind: AmountKind, n: Numeral, start: int, end: int, worth: Fraction = Fraction(1)
) -> Amount:
    if worth == 1:
        return Amount(kind, start, end, n.low, n.high, n.form, n.is_vague, last_unit=n.last_unit)
    return Amount(
        kind,
        start,
        end,
        n.low * worth,
        n.high * worth,
        n.form,
        n.is_vague,
        last_unit=n.last_unit * worth,
    )


def _joined(text: str, first: Amount) -> Amount:
    """15到18万, 5万或者6万, 三到五年: one amount with both ends."""
    m = _JOIN.match(text, first.end)
    second = _one(text, m.end()) if m else _touching(text, first)
    ends = _ends(first, second) if second else None
    if second is None or ends is None or ends[0] >= ends[1]:
        return first
    is_vague = first.is_vague or second.is_vague
    unit = first if second.form == "bare" and first.form == "unit" else second
    return replace(
        unit,
        start=first.start,
        end=second.end,
        low=ends[0],
        high=ends[1],
        is_vague=is_vague,
        is_choice="还是" in text[first.end : second.start],
    )


def _touching(text: str, first: Amount) -> Amount | None:
    """四千五千, 三年五年: said in one breath they are a range."""
    second = _one(text, first.end) if _START.match(text, first.end) else None
    if second is None or (second.kind, second.form) != (first.kind, first.form):
        return None
    is_whole = second.form == "unit" or second.kind != "money"
    return second if is_whole and second.unit_word == first.unit_word else None


def _ends(first: Amount, second: Amount) -> tuple[Fraction, Fraction] | None:
    low, high = first.low, second.high
    if low is None or high is None or first.high is None:
        return None
    if first.kind == second.kind and first.form == second.form:
        return low, high
    if first.kind == "money" and first.form == "bare":
        borrowed = _borrowed(first, second)
        return None if borrowed is None else (borrowed, high)
    is_wan = first.kind == second.kind == "money" and first.form == "unit"
    if is_wan and second.form == "bare" and high < 1_000:
        return low, high * (10_000 if first.high >= 10_000 else 1_000)
    return None


def _borrowed(first: Amount, second: Amount) -> Fraction | None:
    """In 15到18万 and 三到五年 the first number takes the unit of the second."""
    if first.low is None or second.low is None:
        return None
    if second.kind != "money":
        worth = _WORTH.get(second.unit_word)
        if second.kind in {"percent", "points"}:
            worth = Fraction(1, 100)
        return first.low * worth if worth else None
    if first.low >= 1_000:
        return first.low
    return first.low * next(scale for scale in (10_000, 1_000, 1) if second.low >= scale)
