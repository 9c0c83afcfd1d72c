"""What people write in cells is read as they mean it, or refused with what to write instead."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chedai.config.quoting import cells
from chedai.config.quoting.faults import CellError
from chedai.core.loans.terms import RateSegment


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("120000", 12_000_000),
        ("12万", 12_000_000),
        (" ¥120,000.00 ", 12_000_000),
        ("１２０，０００元", 12_000_000),
        ("1.2e5", 12_000_000),
        ("0.01", 1),
        ("0", 0),
        ("100000000000", 10**13),
    ],
)
def test_an_amount_is_read_to_the_fen(text, fen):
    assert cells.fen(text) == fen


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NaN", "不是金额"),
        ("Infinity", "不是金额"),
        ("1_000", "不是金额"),
        ("十二万", "不是金额"),
        ("0x10", "不是金额"),
        ("9" * 31, "不是金额"),
        ("1e999", "不是金额"),
        ("-1", "不能是负数"),
        ("0.001", "不足一分"),
        ("100000000000.01", "超出可处理范围"),
        ("1e20", "超出可处理范围"),
        ("0." + "1" * 19, "小数位太多"),
    ],
)
def test_what_is_no_amount_is_refused(text, said):
    with pytest.raises(CellError, match=said):
        cells.fen(text)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [("5.88%", "0.0588"), ("5.88％", "0.0588"), ("0.0588", "0.0588"), ("0", "0"), ("100%", "1")],
)
def test_a_rate_is_read_as_a_ratio(text, ratio):
    assert cells.rate(text) == Decimal(ratio)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("500%", "高于 100%"),
        ("5.88", "百分数要带 %"),
        ("1.01", "高于 100%"),
        ("-1%", "不能是负数"),
        ("NaN", "不是利率"),
        ("nan%", "不是利率"),
        ("", "不是利率"),
    ],
)
def test_what_is_no_rate_is_refused(text, said):
    with pytest.raises(CellError, match=said):
        cells.rate(text)


@pytest.mark.parametrize(
    ("text", "months"), [("36", 36), ("36期", 36), ("36 个月", 36), ("36.0", 36)]
)
def test_months_are_read(text, months):
    assert cells.months(text) == months


@pytest.mark.parametrize("text", ["36.5", "-1", "三年", "1e2", "9999999", "NaN"])
def test_what_is_no_number_of_months_is_refused(text):
    with pytest.raises(CellError, match="不是月数"):
        cells.months(text)


def test_segments_are_read_in_turn():
    assert cells.segments("12x3.99% + 24×0.0599") == (
        RateSegment(months=12, nominal_rate_annual=Decimal("0.0399")),
        RateSegment(months=24, nominal_rate_annual=Decimal("0.0599")),
    )


def test_segments_of_another_form_are_refused():
    with pytest.raises(CellError, match="月数x年利率"):
        cells.segments("12:3.99%")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("等额本息", "equal_instalment"),
        ("EQUAL_PRINCIPAL", "equal_principal"),
        ("手续费分期（等本等息）", "flat_fee"),
        ("手续费分期(等本等息)", "flat_fee"),
        ("尾款", "balloon"),
    ],
)
def test_a_method_has_its_code_and_its_chinese_names(text, code):
    assert cells.method(text) == code


def test_an_unknown_word_is_answered_with_the_known_ones():
    with pytest.raises(CellError, match="等额本息"):
        cells.method("等额")


@pytest.mark.parametrize(
    ("text", "said"), [("x" * 65, "最长 64"), ("a\x1b[31m", "控制字符"), ("a\ud800", "控制字符")]
)
def test_an_identifier_that_cannot_be_shown_is_refused(text, said):
    with pytest.raises(CellError, match=said):
        cells.name(text)
