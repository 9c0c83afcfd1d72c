"""Money as people type it."""

from __future__ import annotations

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from chedai.web.fields import YuanField, fen_from_text


class Budget(forms.Form):
    """A form of one amount."""

    amount = YuanField(required=False)


NOT_MONEY = "看不懂这个金额，请填数字，例如 50000 或 5万"


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("0", 0),
        ("50000", 50_000_00),
        ("50,000", 50_000_00),
        ("50，000", 50_000_00),  # typed with a Chinese keyboard
        ("５００００", 50_000_00),
        ("５万", 50_000_00),
        ("5万", 50_000_00),
        ("5 万 元", 50_000_00),
        ("5w", 50_000_00),
        ("5W", 50_000_00),
        ("3k", 3_000_00),
        ("3千", 3_000_00),
        ("12.58万", 125_800_00),
        ("¥2600", 2_600_00),
        ("￥2600", 2_600_00),
        ("2600元", 2_600_00),
        ("2600块", 2_600_00),
        ("2600块钱", 2_600_00),
        ("2600.5", 2_600_50),
        ("2600.55", 2_600_55),
        ("+2600", 2_600_00),
        ("0.0001万", 1_00),
        (" 2600 ", 2_600_00),
    ],
)
def test_an_amount_is_read_to_the_fen(typed: str, fen: int) -> None:
    assert fen_from_text(typed) == fen
    assert YuanField().clean(typed) == fen


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "请填金额，例如 50000 或 5万"),
        ("   ", "请填金额，例如 50000 或 5万"),
        ("五万", NOT_MONEY),
        ("万", NOT_MONEY),
        ("5万5", NOT_MONEY),
        ("1e5", NOT_MONEY),
        ("NaN", NOT_MONEY),
        ("Infinity", NOT_MONEY),
        ("5.5.5", NOT_MONEY),
        ("--5", NOT_MONEY),
        ("5-6万", NOT_MONEY),
        ("🚗", NOT_MONEY),
        ("<script>", NOT_MONEY),
        ("5美元", NOT_MONEY),
        ("0.001", "金额最多到分，小数点后两位"),
        ("-1", "金额不能小于 0 元"),
        ("-5万", "金额不能小于 0 元"),
        ("1000000000000", "金额超过 100,000,000 元，请检查是不是多打了零"),
        ("100000000.01", "金额超过 100,000,000 元，请检查是不是多打了零"),
        ("1" * 25, "金额太长了，请只填数字，例如 50000 或 5万"),
        ("5" * 100_000, "金额太长了，请只填数字，例如 50000 或 5万"),
    ],
)
def test_what_is_no_amount_is_refused_with_what_to_do(typed: str, message: str) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        YuanField().clean(typed)

    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    ("typed", "is_taken"), [("999.99", False), ("1000", True), ("2000", True), ("2000.01", False)]
)
def test_the_bounds_themselves_are_allowed(typed: str, is_taken: bool) -> None:
    field = YuanField(min_fen=1_000_00, max_fen=2_000_00)

    if is_taken:
        assert field.clean(typed) == int(float(typed) * 100)
    else:
        with pytest.raises(forms.ValidationError, match=r"1,000|2,000"):
            field.clean(typed)


def test_an_optional_amount_left_empty_is_none() -> None:
    assert YuanField(required=False).clean("") is None


@given(st.integers(0, 100_000_000_00))
def test_whatever_the_desk_writes_it_reads_again(fen: int) -> None:
    assert fen_from_text(f"{fen // 100}.{fen % 100:02d}") == fen
    assert fen_from_text(f"{fen // 100:,}.{fen % 100:02d}") == fen


@given(st.text(max_size=30))
def test_any_text_is_whole_fen_or_refused_in_words(typed: str) -> None:
    form = Budget({"amount": typed})

    if form.is_valid():
        fen = form.cleaned_data["amount"]
        assert fen is None or 0 <= fen <= 100_000_000_00
    else:
        assert all(form.errors["amount"])
