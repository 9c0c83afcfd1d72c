"""How money, rates and days are written: never less than what is paid."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from chedai.web import formats

AMOUNTS = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0"),
        (1, "0.01"),
        (10, "0.10"),
        (100, "1"),
        (294_727, "2,947.27"),
        (100_000_000_00, "100,000,000"),
        (-5, "-0.05"),
        (-294_727, "-2,947.27"),
        (None, "--"),
    ],
)
def test_yuan_is_exact_to_the_fen(fen: int | None, written: str) -> None:
    assert formats.yuan(fen) == written


@given(AMOUNTS)
def test_yuan_loses_nothing(fen: int) -> None:
    assert Decimal(formats.yuan(fen).replace(",", "")) * 100 == fen


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0"),
        (1, "1"),
        (100, "1"),
        (101, "2"),
        (294_701, "2,948"),
        (-150, "-1"),
        (-1, "0"),
        (None, "--"),
    ],
)
def test_whole_yuan_are_never_below_the_true_amount(fen: int | None, written: str) -> None:
    assert formats.yuan_up(fen) == written


@given(AMOUNTS)
def test_a_payment_is_never_rounded_down_and_never_by_a_yuan(fen: int) -> None:
    shown_fen = int(formats.yuan_up(fen).replace(",", "")) * 100

    assert 0 <= shown_fen - fen < 100


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "¥0"), (294_727, "¥2,947.27"), (-294_727, "-¥2,947.27"), (None, "--")],
)
def test_money_has_its_sign_before_the_currency(fen: int | None, written: str) -> None:
    assert formats.money(fen) == written


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (150_000_00, "15 万"),
        (100_000_00, "10 万"),
        (1_000_000_00, "100 万"),
        (152_500_00, "15.25 万"),
        (152_555_00, "15.26 万"),
        (49_00, "0 万"),
        (50_00, "0.01 万"),
        (0, "0 万"),
        (-1, "0 万"),
        (-150_000_00, "-15 万"),
        (None, "--"),
    ],
)
def test_ten_thousands_have_two_decimals_at_most(fen: int | None, written: str) -> None:
    assert formats.wan(fen) == written


@pytest.mark.parametrize(
    ("ratio", "digits", "written"),
    [
        (0.0388, 2, "3.88%"),
        (Decimal("0.03885"), 2, "3.89%"),
        (0.07, 2, "7.00%"),
        (1, 0, "100%"),
        (2, 0, "200%"),
        (0.333, 0, "33%"),
        (-0.0123, 2, "-1.23%"),
        (-0.000001, 2, "0.00%"),
        (0, 2, "0.00%"),
        (None, 2, "--"),
    ],
)
def test_a_ratio_is_written_in_percent(ratio: Any, digits: int, written: str) -> None:
    assert formats.percent(ratio, digits) == written


LATE_IN_LONDON = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 23), "2026-11-23"),
        (LATE_IN_LONDON, "2026-11-23"),
        ("2026-11-23T10:00:00", "2026-11-23"),
        (None, "--"),
    ],
)
def test_a_day_is_the_day_in_shanghai(value: Any, written: str) -> None:
    assert formats.day(value) == written


def test_a_moment_and_a_month_are_those_of_shanghai() -> None:
    assert formats.moment(LATE_IN_LONDON) == "2026-11-23 04:05"
    assert formats.moment(None) == "--"
    assert formats.year_month(date(2029, 11, 10)) == "2029-11"
    assert formats.year_month(None) == "--"


# --- What goes into HTML ----------------------------------------------------------------------

HOSTILE = "</script><script>alert('1')</script>&\"quoted\" it's 王先生 🚗"


class Attributes(HTMLParser):
    """What a browser reads from the tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(dict(attrs))


@pytest.mark.parametrize("value", [HOSTILE, {"a": HOSTILE}, [HOSTILE], {HOSTILE: 1}])
def test_json_in_an_attribute_reads_back_as_it_was(value: Any) -> None:
    html = f"<div hx-vals='{formats.to_json(value)}'></div>"

    [attributes] = Attributes(html).found

    assert list(attributes) == ["hx-vals"]
    assert json.loads(attributes["hx-vals"] or "") == value


def test_json_cannot_close_the_script_it_stands_in() -> None:
    written = formats.to_json({"a": HOSTILE, "on": date(2026, 11, 23)})

    assert not set("<>&'") & set(written)
    assert json.loads(written) == {"a": HOSTILE, "on": "2026-11-23"}


@given(
    st.text(alphabet="<>&'\"首付5万a\n🚗", max_size=30),
    st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(0, 30), st.sampled_from(["said", '"><script>', "x y"])
        ),
        max_size=6,
    ),
)
def test_highlighting_marks_and_escapes_whatever_was_said(
    text: str, spans: list[tuple[int, int, str]]
) -> None:
    spans = [(min(a, b), max(a, b), css) for a, b, css in spans]

    html = formats.highlight(text, spans)

    assert _text_of(str(html)) == text
    assert "<script" not in html


def _text_of(html: str) -> str:
    class Reader(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    reader = Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return reader.said


def test_overlapping_stretches_are_marked_once() -> None:
    html = formats.highlight("首付5万左右", [(0, 4, "said"), (2, 6, "roughly"), (4, 6, "roughly")])

    assert html == ('<mark class="span-said">首付5万</mark><mark class="span-roughly">左右</mark>')


def test_every_format_is_a_filter_of_the_templates() -> None:
    env = Environment(autoescape=True)
    env.filters.update(formats.FILTERS)

    written = env.from_string("{{ 294701|yuan_up }} {{ 'a<b'|highlight([]) }}").render()

    assert written == "2,948 a&lt;b"
