from fractions import Fraction

import pytest

from chedai.needs.amounts import amounts_in


@pytest.mark.parametrize(
    ("said", "kind", "low", "high"),
    [
        ("三成", "ratio", Fraction(3, 10), Fraction(3, 10)),
        ("一成半", "ratio", Fraction(15, 100), Fraction(15, 100)),
        ("两三成", "ratio", Fraction(2, 10), Fraction(3, 10)),
        ("一半", "ratio", Fraction(1, 2), Fraction(1, 2)),
        ("30%", "percent", Fraction(3, 10), Fraction(3, 10)),
        ("百分之三十", "percent", Fraction(3, 10), Fraction(3, 10)),
        ("30个点", "points", Fraction(3, 10), Fraction(3, 10)),
        ("3年", "months", 36, 36),
        ("三年", "months", 36, 36),
        ("两年半", "months", 30, 30),
        ("半年", "months", 6, 6),
        ("36期", "months", 36, 36),
        ("48个月", "months", 48, 48),
        ("三到五年", "months", 36, 60),
        ("24期或者36期", "months", 24, 36),
        ("三年五年", "months", 36, 60),
        ("十天", "days", 10, 10),
        ("一周", "days", 7, 7),
        ("半个月", "days", 15, 15),
        ("15到18万", "money", 150_000, 180_000),
        ("15w-18w", "money", 150_000, 180_000),
        ("3500-4000", "money", 3_500, 4_000),
        ("5万或者6万", "money", 50_000, 60_000),
        ("两千五到三千", "money", 2_500, 3_000),
        ("5万多", "money", 50_000, 60_000),
        ("三千多块", "money", 3_000, 4_000),
        ("16万多点", "money", 160_000, 170_000),
        ("三千来块", "money", 2_700, 3_300),
        ("3000块", "money", 3_000, 3_000),
    ],
)
def test_a_number_with_its_unit_is_one_amount(
    said: str, kind: str, low: Fraction | int, high: Fraction | int
) -> None:
    (amount,) = amounts_in(said)
    assert (amount.kind, amount.low, amount.high) == (kind, low, high)
    assert (amount.start, amount.end) == (0, len(said))


@pytest.mark.parametrize(
    "said",
    [
        "13900000000",
        "2026款",
        "5座",
        "2.0t",
        "18寸",
        "3号门",
        "第3期",
        "下午3点半",
        "3:30",
        "8万公里",
        "2021年的",
        "a4l",
        "5月",
        "七座",
        "20岁",
        "五门",
    ],
)
def test_numbers_of_other_things_are_no_amounts(said: str) -> None:
    assert amounts_in(said) == []


def test_a_missing_unit_is_remembered() -> None:
    forms = [amount.form for amount in amounts_in("首付8,车价15个,预算20万")]
    assert forms == ["bare", "vague_unit", "unit"]


def test_a_choice_between_two_numbers_is_remembered() -> None:
    assert [a.is_choice for a in amounts_in("三年还是五年,两成或者三成")] == [True, False]
