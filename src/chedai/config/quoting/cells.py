"""What stands in a cell, as a value: money to whole fen, rates to ratios, words to codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from chedai.config.quoting.faults import CellError, has_unseen, shown
from chedai.core.loans.methods import METHOD_LABELS
from chedai.core.loans.terms import RateSegment
from chedai.core.money import MoneyError, fen_from_yuan

RATE_TYPED_MAX: Final = 1
"""100 % a year: nobody lends on a car above it; a percent sign or a decimal point was lost."""
DECIMAL_PLACES_MAX: Final = 18
TEN_THOUSAND: Final = 10_000
NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,2})?", re.I)
# A file says the same rates, months and words again and again.
remembered = lru_cache(maxsize=4096)
SEGMENT = re.compile(r"(\d{1,4})[x*×](.+)")
ID_LENGTH_MAX: Final = 64

_METHODS: Final[Mapping[str, str]] = {
    **{code: code for code in METHOD_LABELS},
    **{label: code for code, label in METHOD_LABELS.items()},
    **{re.sub(r"（.*", "", label): code for code, label in METHOD_LABELS.items()},
    "气球贷": "balloon",
    "等本等息": "flat_fee",
    "融资租赁": "lease_rent",
}
_TIMINGS: Final = {"spread": "spread", "分摊": "spread", "upfront": "upfront", "一次性": "upfront"}
_RENTS: Final = {"arrears": "arrears", "期末": "arrears", "advance": "advance", "期初": "advance"}
_BASES: Final = {
    "outstanding": "outstanding",
    "剩余本金": "outstanding",
    "segment_start": "segment_start",
    "段初本金": "segment_start",
    "original": "original",
    "原始本金": "original",
}


def fen(text: str) -> int:
    """Read yuan (``120000``, ``12万``, ``¥120,000.00``) as whole fen.

    Raises
    ------
    CellError
        Not an amount, negative, less than a fen in it, or beyond a hundred billion yuan.
    """
    amount_text = _narrow(text).removeprefix("¥").removesuffix("元").replace(",", "")
    times = 1
    if amount_text.endswith("万"):
        amount_text, times = amount_text[:-1], TEN_THOUSAND
    amount = _decimal(amount_text, text, "金额，请填数字，例如 120000 或 12万") * times
    if amount < 0:
        raise CellError(f"金额 {shown(text)} 不能是负数")
    try:
        return fen_from_yuan(amount)
    except MoneyError as error:
        raise CellError(str(error)) from error


@remembered
def rate(text: str) -> Decimal:
    """Read ``5.88%`` or ``0.0588`` as a ratio.

    Raises
    ------
    CellError
        Not a number, negative, or above 100 % a year.
    """
    number = _narrow(text)
    is_percent = number.endswith("%")
    ratio = _decimal(number.rstrip("%"), text, "利率，请写 5.88% 或 0.0588")
    ratio = ratio.scaleb(-2) if is_percent else ratio
    if ratio < 0:
        raise CellError(f"利率 {shown(text)} 不能是负数")
    if ratio > RATE_TYPED_MAX:
        raise CellError(
            f"利率 {shown(text)} 高于 100%，请核对。百分数要带 %（5.88%），小数写 0.0588"
        )
    return ratio


@remembered
def months(text: str) -> int:
    """Read a number of months, ``36`` or ``36期``.

    Raises
    ------
    CellError
        Not a whole number.
    """
    number = re.sub(r"(?:个月|期|月)$", "", _narrow(text)).removesuffix(".0")
    if not re.fullmatch(r"\d{1,6}", number):
        raise CellError(f"{shown(text)} 不是月数，请填整数，例如 36")
    return int(number)


def segments(text: str) -> tuple[RateSegment, ...]:
    """Read ``12x3.99%+24x5.99%``: months and their yearly rate, in turn.

    Raises
    ------
    CellError
        Not of this form, or a rate is refused.
    """
    found = [SEGMENT.fullmatch(part) for part in _narrow(text).split("+")]
    pairs = [match.groups() for match in found if match]
    if len(pairs) != len(found):
        raise CellError(f"{shown(text)} 不是分段利率，请写“月数x年利率”，例如 12x3.99%+24x5.99%")
    return tuple(
        RateSegment(months=int(length), nominal_rate_annual=rate(part)) for length, part in pairs
    )


def slack_months(text: str) -> tuple[int, ...]:
    """Read months of the year: ``6+7``; refused like ``months``."""
    return tuple(months(part) for part in _narrow(text).split("+"))


def name(text: str) -> str:
    """Read what the row is called by.

    Raises
    ------
    CellError
        Too long, or with characters that cannot be seen.
    """
    called = text.strip()
    if len(called) > ID_LENGTH_MAX:
        raise CellError(f"编号最长 {ID_LENGTH_MAX} 个字")
    if has_unseen(called):
        raise CellError("编号里有看不见的控制字符，请删去")
    return called


def _narrow(text: str) -> str:
    """Full-width digits and signs as narrow ones, without blanks."""
    narrow = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(narrow.split())


def word_of(known: Mapping[str, str]) -> Callable[[str], str]:
    """Make a reader that takes one of some words, Chinese or English."""
    by_word = {_narrow(word): code for word, code in known.items()}

    @remembered
    def read(text: str) -> str:
        code = by_word.get(_narrow(text).lower())
        if code is None:
            raise CellError(f"不认识 {shown(text)}，可以写 {'、'.join(known)}")
        return code

    return read


method = word_of(_METHODS)
flat_fee_timing = word_of(_TIMINGS)
rent_timing = word_of(_RENTS)
segment_base = word_of(_BASES)


def _decimal(number: str, text: str, wanted: str) -> Decimal:
    if not NUMBER.fullmatch(number):
        raise CellError(f"{shown(text)} 不是{wanted}")
    value = Decimal(number)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMAL_PLACES_MAX:
        raise CellError(f"{shown(text)} 的小数位太多，最多 {DECIMAL_PLACES_MAX} 位")
    return value
