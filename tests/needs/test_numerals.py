from fractions import Fraction

import pytest

from chedai.needs.numerals import numeral_at


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("5万", 50_000),
        ("5w", 50_000),
        ("五万", 50_000),
        ("一万五", 15_000),
        ("1万5", 15_000),
        ("1.5万", 15_000),
        ("1万5千", 15_000),
        ("15万8", 158_000),
        ("十五万八", 158_000),
        ("14.98万", 149_800),
        ("5万3000", 53_000),
        ("三万五千六", 35_600),
        ("3万6千8", 36_800),
        ("一百二十万", 1_200_000),
        ("一万零五百", 10_500),
        ("两千八", 2_800),
        ("2k5", 2_500),
        ("2.8k", 2_800),
        ("九百", 900),
        ("50000", 50_000),
        ("2,600", 2_600),
        ("三十", 30),
        ("十二", 12),
        ("七", 7),
    ],
)
def test_a_spoken_number_has_one_value(said: str, value: int) -> None:
    numeral = numeral_at(said, 0)
    assert numeral is not None
    assert (numeral.low, numeral.high, numeral.end) == (value, value, len(said))
    assert not numeral.is_vague


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("十五六万", 150_000, 160_000),
        ("二三十万", 200_000, 300_000),
        ("七八万", 70_000, 80_000),
        ("一两千", 1_000, 2_000),
        ("三五千", 3_000, 5_000),
        ("两千四五", 2_400, 2_500),
        ("一万二三", 12_000, 13_000),
        ("大几万", 60_000, 90_000),
        ("三千大几", 3_600, 3_900),
        ("十来万", 100_000, 130_000),
        ("十几万", 110_000, 190_000),
        ("二十来万", 180_000, 220_000),
        ("十多万", 100_000, 200_000),
        ("万把块", 9_000, 11_000),
        ("千把块", 900, 1_100),
    ],
)
def test_a_vague_number_keeps_both_ends(said: str, low: int, high: int) -> None:
    numeral = numeral_at(said, 0)
    assert numeral is not None
    assert (numeral.low, numeral.high) == (low, high)
    assert numeral.is_vague


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("五万三年", 2),
        ("5万36期", 2),
        ("十万二手", 2),
        ("五万一起", 2),
        ("五万三厢", 2),
        ("5万2026款", 2),
        ("三千一个月", 2),
    ],
)
def test_the_next_words_number_is_not_swallowed(said: str, end: int) -> None:
    numeral = numeral_at(said, 0)
    assert numeral is not None
    assert numeral.end == end


@pytest.mark.parametrize(("said", "unit"), [("5万", 10_000), ("16万", 10_000), ("1.5万", 1_000)])
def test_the_last_digits_worth_is_known(said: str, unit: int) -> None:
    numeral = numeral_at(said, 0)
    assert numeral is not None
    assert numeral.last_unit == Fraction(unit)


@pytest.mark.parametrize("said", ["", "万", "车", "大几", "点5"])
def test_what_is_no_number_gives_none(said: str) -> None:
    assert numeral_at(said, 0) is None
