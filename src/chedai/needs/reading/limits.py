"""How exactly an amount was meant: 左右, 出头, 不到, 别超过, 至少, 尽量.

The table of fuzzy words is the one of the design's need interview; README.md of the
corpus repeats it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from chedai.needs.amounts import Amount

_TENTH: Final = Fraction(1, 10)
_CEILING_BEFORE: Final = re.compile(
    r"(?:别|不|不能|不要|不得|不想|不可以|千万别|最好别|甭|莫)(?:让它|要)?(?:超过?|高过|高于|多于|大于|突?破|冒过|过\s?$)|超不过|不过\s?$|最多|顶多|至多|上限|顶天|到顶|压到|压在|压低到|[降减]到|降至|控制到?在?|封顶|最高|最长(?!的)|顶(?:破|了)天|卡(?:死)?在|锁死?在|死线|红线|(?:底线|极限|上限)(?:就?是|在|为)?|撑死|满打满算|低于|少于|(?<!不)超过"
)
_NOT_CEILING: Final = re.compile(r"(?:不|别|不能|不得|不会|不要)(?:低于|少于)")
_CEILING_AFTER: Final = re.compile(
    r"\s?(?:块钱?)?(?:左右|的样子)?(?:以内|以里|之内|以下|之下|封顶|最多(?=了|$|[,。吧])|(?:已经|就)?(?:是)?(?:到头|顶天)|打住|为止|往下|上限|内(?!饰|衣|部)|里头|(?:就)?到顶|(?:就?是)?(?:我|我们|我家|我能接受|最大)?的?(?:上限|极限|底线|天花板)|到极限)"
)
_FLOOR_BEFORE: Final = re.compile(
    r"至少|起码|最少|最低(?!还)|最短(?!的)|(?:不|别|不能|不得|不会)(?:低于|少于)|少说"
)
_FLOOR_AFTER: Final = re.compile(r"\s?(?:以上|起步|起(?=[,。吧]|$)|打底|往上|朝上|开外)")
_SOFT: Final = re.compile(
    r"尽量|最好(?!的)|尽可能|争取|希望能?(?=.{0,6}(?:以内|之内|以下|控制|不超|别超))|(?:可以|能)出到|可以到|能给到|可以给到|可以加到|能加到"
)
_OUT_TO: Final = re.compile(r"可以到|(?:可以|能)(?:出|给|加|拿|掏)到")
_ABOUT_BEFORE: Final = re.compile(
    r"大概齐?|大约|差不多|估计|估摸|(?<![预网])约(?!车)|也就(?=.{0,3}$)|(?<!尽)可能(?=\s?$)|大致|大体"
)
_ABOUT_AFTER: Final = re.compile(
    r"\s?(?:块钱?)?(?:的)?(?:左右|上下|的?样子|差不多|前后|(?:这|那)样)"
)
_BIT_OVER_AFTER: Final = re.compile(r"\s?(?:块钱?)?(?:出头|冒头|冒尖|挂零|多一点点)")
_BIT_UNDER_BEFORE: Final = re.compile(
    r"(?:不到|将近|接近|(?<![尽越赶])快|小|不足|近|差点)\s?(?:个)?$"
)
_BIT_UNDER_AFTER: Final = re.compile(r"\s?(?:块钱?)?(?:不到|还不到|差一?点|弱)")
_PREFIX_WORDS: Final = (
    "大概齐|大概|大约|差不多|估计|估摸着?|约|大致|不到|将近|接近|不足|小|快|近|至少|起码|最少|最低|最多|顶多|至多|上限|尽量|最好|"
    "控制在|控制到|控制|压到|压在|封顶|最高|最长|别超过|别超|不超过|不超|不能超过|不能超|不要超过|不要超|不低于|不能低于|不能少于|不少于|"
    "不高于|撑死|能出到|可以出到|就|也就|个|在|是|给|出|拿|付|的|有"
)
_PREFIX: Final = re.compile(rf"(?:(?:{_PREFIX_WORDS})\s?){{1,5}}$")
_WINDOW: Final = 16
_BOUND_AFTER: Final = re.compile(
    "以内|之内|以下|左右|上下|封顶|以上|打底|起步|到头|顶天|打住|内(?!饰|部)"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """An amount after its fuzzy and limit words: what it spans and what it leaves open."""

    start: int
    end: int
    low: Fraction | None
    high: Fraction | None
    is_vague: bool
    is_soft: bool
    limit: Literal["ceiling", "floor"] | None


def bounds_of(
    text: str, amount: Amount, *, before_from: int, after_to: int, skip_to: int | None = None
) -> Bounds:
    """Read the words from ``before_from`` to the amount and from it up to ``after_to``.

    A role word that follows the amount (25万预算以内) ends at ``skip_to``.
    """
    before = text[max(before_from, amount.start - _WINDOW) : amount.start]
    after = text[amount.end : min(after_to, amount.end + _WINDOW)]
    end = amount.end
    if skip_to is not None and _BOUND_AFTER.match(text, skip_to, after_to):
        after, end = text[skip_to : min(after_to, skip_to + _WINDOW)], skip_to
    at = end
    low, high, is_vague, end = _fuzzy(amount, before, after, end)
    limit, end = _limit(before, after, at, end)
    if limit == "ceiling":
        low, high = None, amount.high
    elif limit == "floor":
        low, high = amount.low, None
    start = amount.start - len(m[0]) if (m := _PREFIX.search(before)) else amount.start
    return Bounds(start, end, low, high, is_vague, _is_soft(before, after), limit)


def _is_soft(before: str, after: str) -> bool:
    return bool(_SOFT.search(before) or re.match(r"(?:以内|之内|左右|以下|内)\s?最好", after))


def _limit(
    before: str, after: str, amount_end: int, end: int
) -> tuple[Literal["ceiling", "floor"] | None, int]:
    if m := _CEILING_AFTER.match(after):
        return "ceiling", max(end, amount_end + m.end())
    if m := _FLOOR_AFTER.match(after):
        return "floor", max(end, amount_end + m.end())
    if _FLOOR_BEFORE.search(before):
        return "floor", end
    if (_CEILING_BEFORE.search(before) and not _NOT_CEILING.search(before)) or _OUT_TO.search(
        before
    ):
        return "ceiling", end
    return None, end


def _fuzzy(
    amount: Amount, before: str, after: str, end: int
) -> tuple[Fraction | None, Fraction | None, bool, int]:
    low, high = amount.low, amount.high
    if low is None or high is None:
        return low, high, amount.is_vague, end
    is_single = low == high
    if m := _BIT_OVER_AFTER.match(after):
        return low, high * (1 + _TENTH), True, end + m.end()
    under_after = _BIT_UNDER_AFTER.match(after)
    if _BIT_UNDER_BEFORE.search(before) or under_after:
        end += under_after.end() if under_after else 0
        return (low * (1 - _TENTH) if is_single else low), high, True, end
    about_after = _ABOUT_AFTER.match(after)
    if about_after or _ABOUT_BEFORE.search(before):
        end += about_after.end() if about_after else 0
        if is_single:
            return low * (1 - _TENTH), high * (1 + _TENTH), True, end
        return low, high, True, end
    return low, high, amount.is_vague, end
