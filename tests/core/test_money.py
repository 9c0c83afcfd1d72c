"""Fen, yuan, roundings by name, and amounts in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.money import (
    AMOUNT_FEN_MAX,
    ROUNDINGS,
    AmountTooLargeError,
    FractionOfFenError,
    NotAnAmountError,
    fen_from_yuan,
    format_yuan,
    in_words,
    round_ratio,
    round_to_unit,
    yuan_from_fen,
)


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("0", 0),
        ("0.01", 1),
        ("1，234.50", 123_450),
        ("1.10", 110),
        ("1.100000", 110),
        ("-3.25", -325),
        ("150,000", 15_000_000),
        ("150,000.5", 15_000_050),
        ("123", 12_300),
        (Decimal("1E+3"), 100_000),
        ("100000000000", AMOUNT_FEN_MAX),
    ],
)
def test_yuan_becomes_whole_fen(yuan: str | Decimal, fen: int) -> None:
    assert fen_from_yuan(yuan) == fen


@pytest.mark.parametrize(
    ("yuan", "error", "message"),
    [
        ("十万", NotAnAmountError, "不是金额"),
        ("", NotAnAmountError, "不是金额"),
        ("NaN", NotAnAmountError, "不是金额"),
        ("Infinity", NotAnAmountError, "不是金额"),
        (Decimal("sNaN"), NotAnAmountError, "不是金额"),
        ("0.001", FractionOfFenError, "不足一分"),
        ("1E-999999", FractionOfFenError, "不足一分"),
        ("100000000000.01", AmountTooLargeError, "超出可处理范围"),
        ("1E+999999", AmountTooLargeError, "超出可处理范围"),
    ],
)
def test_what_is_no_amount_is_refused_by_name(
    yuan: str | Decimal, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        fen_from_yuan(yuan)


@given(st.integers(min_value=-AMOUNT_FEN_MAX, max_value=AMOUNT_FEN_MAX))
def test_fen_survive_the_way_to_yuan_and_back(fen: int) -> None:
    assert fen_from_yuan(yuan_from_fen(fen)) == fen


@pytest.mark.parametrize(
    ("name", "by_half"),
    # 5/2, 7/2, -5/2, 9/4, 11/4
    [
        ("half_up", (3, 4, -3, 2, 3)),
        ("half_even", (2, 4, -2, 2, 3)),
        ("up", (3, 4, -3, 3, 3)),
        ("down", (2, 3, -2, 2, 2)),
    ],
)
def test_each_rounding_does_what_its_name_says(name: str, by_half: tuple[int, ...]) -> None:
    fractions = ((5, 2), (7, 2), (-5, 2), (9, 4), (11, 4))

    assert tuple(ROUNDINGS[name](*fraction) for fraction in fractions) == by_half


@given(st.sampled_from(sorted(ROUNDINGS)), st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_no_rounding_moves_a_number_by_a_whole_unit(name: str, top: int, bottom: int) -> None:
    assert abs(ROUNDINGS[name](top, bottom) * bottom - top) < bottom


def test_a_ratio_of_an_amount_is_rounded_to_the_fen() -> None:
    # 100.01 yuan x 0.00588 = 0.5880588 yuan
    assert round_ratio(10_001, Decimal("0.00588")) == 59
    assert round_ratio(10_001, Decimal("0.00588"), "down") == 58


def test_an_instalment_can_be_rounded_to_whole_yuan() -> None:
    assert round_to_unit(294_727, 1, unit_fen=100, rounding="half_up") == 294_700
    assert round_to_unit(294_727, 1, unit_fen=100, rounding="up") == 294_800


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (5, "伍分"),
        (1_000_000_010, "壹仟万元零壹角"),
        (10_000_000, "壹拾万元整"),
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (10_000_500, "壹拾万零伍元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (1_000_100_000_000, "壹佰亿零壹佰万元整"),
        (0, "零元整"),
        (-100, "负壹元整"),
    ],
)
def test_an_amount_is_written_in_capital_characters(fen: int, words: str) -> None:
    assert in_words(fen) == words


@given(st.integers(min_value=1, max_value=AMOUNT_FEN_MAX))
def test_no_amount_in_words_doubles_a_zero_or_ends_in_one(fen: int) -> None:
    words = in_words(fen)

    assert "零零" not in words
    assert words.endswith("整") == (fen % 100 == 0)


def test_yuan_are_shown_with_separators_and_fen_only_when_there_are_some() -> None:
    assert format_yuan(294_700) == "¥2,947"
    assert format_yuan(294_727) == "¥2,947.27"
    assert format_yuan(294_700, always_fen=True) == "¥2,947.00"
    assert format_yuan(-15_000_005, symbol="") == "-150,000.05"
