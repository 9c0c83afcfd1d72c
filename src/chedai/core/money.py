"""Money is whole fen inside and Decimal yuan at the edge; every rounding has a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

AMOUNT_FEN_MAX: Final = 10**13
"""One hundred billion yuan: above any car or store, still exact in a float64 lane."""

Rounding = Callable[[int, int], int]


class MoneyError(ValueError):
    """An amount cannot be taken as money."""


class NotAnAmountError(MoneyError):
    """The text is no finite number."""


class FractionOfFenError(MoneyError):
    """The amount has a part smaller than one fen."""


class AmountTooLargeError(MoneyError):
    """The amount is beyond any deal this program handles."""


def fen_from_yuan(yuan: Decimal | str) -> int:
    """Turn yuan into whole fen, exactly.

    Parameters
    ----------
    yuan
        A Decimal, or text; thousands separators and full-width digits are understood.

    Raises
    ------
    NotAnAmountError
        The text is not a number, or is NaN or infinite.
    FractionOfFenError
        There are more than two significant decimals.
    AmountTooLargeError
        The amount exceeds one hundred billion yuan in either direction.
    """
    amount = _decimal_from_text(yuan) if isinstance(yuan, str) else yuan
    if not amount.is_finite():
        raise NotAnAmountError(f"“{yuan}”不是金额，请填写数字")
    if abs(amount) > Decimal(AMOUNT_FEN_MAX).scaleb(-2):
        raise AmountTooLargeError("金额超出可处理范围，请核对单位是否为元")
    numerator, denominator = amount.as_integer_ratio() if _is_short(amount) else (1, 0)
    if denominator == 0 or (numerator * 100) % denominator:
        raise FractionOfFenError(f"金额 {yuan} 元含有不足一分的部分，请保留两位小数")
    return numerator * 100 // denominator


def yuan_from_fen(fen: int) -> Decimal:
    """Turn whole fen into yuan with two decimals, exactly."""
    return Decimal(f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}")


def round_ratio(amount_fen: int, ratio: Decimal, rounding: str = "half_up") -> int:
    """Return ``amount_fen × ratio`` rounded to whole fen by the named rounding."""
    numerator, denominator = ratio.as_integer_ratio()
    return ROUNDINGS[rounding](amount_fen * numerator, denominator)


def round_to_unit(numerator: int, denominator: int, *, unit_fen: int, rounding: str) -> int:
    """Round an exact fraction of fen to a multiple of ``unit_fen`` (1 fen, 10 fen, 1 yuan)."""
    return ROUNDINGS[rounding](numerator, denominator * unit_fen) * unit_fen


def format_yuan(fen: int, *, symbol: str = "¥", always_fen: bool = False) -> str:
    """Write an amount for people: ``¥2,947`` when whole, else ``¥2,947.27``."""
    yuan, rest = divmod(abs(fen), 100)
    decimals = f".{rest:02d}" if rest or always_fen else ""
    return f"{'-' if fen < 0 else ''}{symbol}{yuan:,}{decimals}"


_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_GROUPS: Final = ("", "万", "亿", "万亿")


def in_words(fen: int) -> str:
    """Write an amount in the capital characters of the payment settlement rules (大写金额).

    An amount ending in yuan closes with 整; one ending in jiao or fen does not. A zero before the
    jiao or fen is written once: 1,680.32 is 壹仟陆佰捌拾元零叁角贰分.
    """
    yuan, rest = divmod(abs(fen), 100)
    jiao, cent = divmod(rest, 10)
    sign = "负" if fen < 0 else ""
    whole = f"{_whole_in_words(yuan)}元" if yuan else ""
    if not rest:
        return f"{sign}{whole or '零元'}整"
    gap = "零" if yuan and (jiao == 0 or yuan % 10 == 0) else ""
    tail = (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[cent]}分" if cent else "")
    return f"{sign}{whole}{gap}{tail}"


def _whole_in_words(yuan: int) -> str:
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    words = ""
    skipped = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group:
            gap = "零" if words and (skipped or group < 1000) else ""
            words += gap + _group_in_words(group) + _GROUPS[index]
        skipped = group == 0
    return words


def _group_in_words(group: int) -> str:
    words = ""
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit != "0":
            words += _DIGITS[int(digit)] + place
        elif words and not words.endswith("零"):
            words += "零"
    return words.rstrip("零")


def _decimal_from_text(text: str) -> Decimal:
    try:
        return Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise NotAnAmountError(f"“{text}”不是金额，请填写数字") from None


def _is_short(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -30


def _half_up(numerator: int, denominator: int) -> int:
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def _half_even(numerator: int, denominator: int) -> int:
    quotient, rest = divmod(numerator, denominator)
    double = 2 * rest
    return quotient + (double > denominator or (double == denominator and quotient % 2 == 1))


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator) if numerator >= 0 else numerator // denominator


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


ROUNDINGS: Final[Mapping[str, Rounding]] = MappingProxyType(
    {
        "half_up": _half_up,  # 四舍五入, ties away from zero: what lenders' contracts say
        "half_even": _half_even,
        "up": _up,  # away from zero
        "down": _down,  # towards zero
    }
)
