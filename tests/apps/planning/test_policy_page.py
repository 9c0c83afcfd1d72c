"""The policy book on its page: what held on the day asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.apps.planning.dom import read_dom

from chedai.planning.queries.policy import policy_rows, value_in_words
from chedai.policy.units import Band, ByWord, RatioByMonths
from chedai.reception.queries.scenes import policy_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from chedai.staff.models import User


@pytest.fixture
def client(client_of: Callable[[User], Client], advisor: User, still_clock: None) -> Client:
    return client_of(advisor)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def values_on(day: date, label: str) -> set[str]:
    return {row.value for row in policy_rows(policy_book(), on=day) if label in row.label}


def test_the_relief_of_purchase_tax_is_the_one_of_its_year() -> None:
    # Free of tax to the end of 2025, half of it in 2026 and 2027.
    assert values_on(date(2025, 6, 1), "购置税减免") != values_on(date(2026, 6, 1), "购置税减免")
    assert "100%" in values_on(date(2025, 6, 1), "购置税减免")
    assert "50%" in values_on(date(2026, 6, 1), "购置税减免")


def test_a_number_is_shown_from_its_own_day_on_and_not_the_day_before() -> None:
    for day, is_there in ((date(2025, 12, 31), False), (date(2026, 1, 1), True)):
        since = {row.since for row in policy_rows(policy_book(), on=day)}
        assert (date(2026, 1, 1) in since) is is_there
        assert max(since) <= day


@pytest.mark.django_db
def test_the_page_shows_the_day_asked_for(client: Client) -> None:
    shown = {
        day: read_dom(text_of(client.get("/policy/", {"on": day}))).text
        for day in ("2025-06-01", "2026-06-01")
    }

    assert shown["2025-06-01"] != shown["2026-06-01"]
    for day, text in shown.items():
        rows = policy_rows(policy_book(), on=date.fromisoformat(day))
        assert all(row.label.replace(" ", "") in text for row in rows)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "on", ["yesterday", "2025-13-01", "2025-02-30", "2025/06/01", "<script>", "🚗", "9" * 100_000]
)
def test_a_day_that_is_none_is_refused_with_how_to_write_it(client: Client, on: str) -> None:
    answer = client.get("/policy/", {"on": on})

    assert answer.status_code == 422
    assert "日期要写成 2025-06-01 这样" in text_of(answer)
    assert "<script>alert" not in text_of(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("on", ["", "0001-01-01", "9999-12-31", "2026-11-23"])
def test_every_day_of_the_calendar_has_a_page(client: Client, on: str) -> None:
    assert client.get("/policy/", {"on": on}).status_code == 200


class Stored:
    """A dated value as far as its words go."""

    def __init__(self, value: Any, unit: str) -> None:
        self.value, self.unit = value, unit


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Decimal("0.80"), "ratio", "80%"),
        (Decimal("1"), "ratio", "100%"),
        (Decimal("0.0588"), "ratio_annual", "5.88%"),
        (Decimal("4"), "multiple", "4 倍"),
        (Decimal("1.50"), "multiple", "1.5 倍"),
        (True, "yes_no", "是"),
        (False, "yes_no", "否"),
        (30_000_00, "fen", "30,000 元"),
        (60, "months", "60 个月"),
        (30, "days", "30 天"),
        (7, "count", "7"),
        (date(2027, 12, 31), "date", "2027-12-31"),
        (("包过", "秒批"), "words", "包过、秒批"),
    ],
)
def test_a_value_is_said_with_its_unit(value: Any, unit: str, words: str) -> None:
    assert value_in_words(Stored(value, unit)) == words  # type: ignore[arg-type]


def test_ladders_and_bands_are_said_step_by_step() -> None:
    ladder = RatioByMonths(ratios=((12, Decimal("0.05")), (60, Decimal("0.15"))))
    bands = (
        Band(up_to=6, low_fen=950_00, high_fen=950_00),
        Band(up_to=None, low_fen=1_100_00, high_fen=1_200_00),
    )

    assert value_in_words(Stored(ladder, "ratio_by_months")) == "12 期 5%；60 期 15%"  # type: ignore[arg-type]
    by_word = ByWord(pairs=(("substandard", 90), ("loss", 360)))

    assert value_in_words(Stored(by_word, "days_by_word")) == "substandard 90 天；loss 360 天"  # type: ignore[arg-type]
    assert value_in_words(Stored(bands, "fen_by_band")) == (  # type: ignore[arg-type]
        "6 以内 950 元、以上 1,100–1,200 元"
    )


def test_every_number_of_the_book_can_be_said() -> None:
    for day in (date(2018, 1, 1), date(2025, 6, 1), date(2026, 11, 23)):
        for row in policy_rows(policy_book(), on=day):
            assert row.value
            assert row.source
            assert "Decimal" not in row.value
