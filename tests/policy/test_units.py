from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chedai.policy.units import (
    UNITS,
    Band,
    ByWord,
    PolicyUnitError,
    RatioByMonths,
    band_for,
    jsonable,
)

BANDS = [
    {"up_to": 1000, "low_fen": 100, "high_fen": 200},
    {"up_to": None, "low_fen": 300, "high_fen": 300},
]


@pytest.mark.parametrize(
    ("unit", "raw", "value"),
    [
        ("ratio", "0.70", Decimal("0.70")),
        ("ratio", "1", Decimal(1)),
        ("multiple", "4", Decimal(4)),
        ("fen", 0, 0),
        ("months", 60, 60),
        ("truth", False, False),
        ("day", date(2026, 1, 1), date(2026, 1, 1)),
        ("words", ["以租代购"], ("以租代购",)),
        (
            "fen_bands",
            BANDS,
            (
                Band(up_to=1000, low_fen=100, high_fen=200),
                Band(up_to=None, low_fen=300, high_fen=300),
            ),
        ),
        (
            "ratio_by_months",
            {24: "0.06", 12: "0.03"},
            RatioByMonths(ratios=((12, Decimal("0.03")), (24, Decimal("0.06")))),
        ),
        ("days_by_word", {"substandard": 90}, ByWord(pairs=(("substandard", 90),))),
        ("ratio_by_word", {"M1": "0.05"}, ByWord(pairs=(("M1", Decimal("0.05")),))),
    ],
)
def test_a_value_in_the_form_of_its_unit_is_taken(unit, raw, value):
    assert UNITS[unit](raw) == value


@pytest.mark.parametrize(
    ("unit", "raw"),
    [
        ("ratio", 0.7),  # a float has already lost the digits
        ("ratio", "70%"),
        ("ratio", "1.0001"),
        ("ratio", "-0.01"),
        ("ratio", "NaN"),
        ("multiple", "Infinity"),
        ("fen", 1.5),
        ("fen", -1),
        ("fen", True),
        ("months", "60"),
        ("truth", "yes"),
        ("truth", 1),
        ("day", "2026-01-01"),
        ("day", datetime(2026, 1, 1, tzinfo=UTC)),  # a moment is no day
        ("words", []),
        ("words", "以租代购"),
        ("words", [""]),
        ("fen_bands", []),
        ("fen_bands", BANDS[:1]),
        ("fen_bands", [BANDS[1], BANDS[0]]),
        ("fen_bands", [BANDS[0], BANDS[0], BANDS[1]]),
        ("fen_bands", [{"up_to": None, "low_fen": 2, "high_fen": 1}]),
        ("fen_bands", [{"up_to": None, "low_fen": 2}]),
        ("ratio_by_months", {}),
        ("ratio_by_months", {"12": "0.03"}),
        ("ratio_by_months", {12: 0.03}),
        ("days_by_word", {}),
        ("days_by_word", {"loss": "360"}),
        ("days_by_word", {1: 90}),
        ("ratio_by_word", {"M1": 0.05}),
        ("ratio_by_word", {"M1": "5"}),
    ],
)
def test_a_value_in_another_form_is_refused(unit, raw):
    with pytest.raises(PolicyUnitError):
        UNITS[unit](raw)


@pytest.mark.parametrize(("measure", "low_fen"), [(1, 100), (1000, 100), (1001, 300)])
def test_a_band_holds_its_upper_edge(measure, low_fen):
    assert band_for(UNITS["fen_bands"](BANDS), measure).low_fen == low_fen


@pytest.mark.parametrize(
    ("term_months", "ratio"),
    [(1, "0.03"), (12, "0.03"), (13, "0.06"), (24, "0.06"), (25, None)],
)
def test_a_ladder_answers_with_the_next_listed_term(term_months, ratio):
    ladder = UNITS["ratio_by_months"]({12: "0.03", 24: "0.06"})

    assert ladder.for_term(term_months) == (None if ratio is None else Decimal(ratio))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("0.70"), "0.70"),
        (60, 60),
        (True, True),
        (date(2026, 8, 1), "2026-08-01"),
        (("以租代购",), ["以租代购"]),
        (
            (Band(up_to=None, low_fen=1, high_fen=2),),
            [{"up_to": None, "low_fen": 1, "high_fen": 2}],
        ),
        (RatioByMonths(ratios=((12, Decimal("0.03")),)), {"12": "0.03"}),
        (ByWord(pairs=(("M1", Decimal("0.05")), ("loss", 360))), {"M1": "0.05", "loss": 360}),
    ],
)
def test_a_value_becomes_json_without_losing_digits(value, plain):
    assert jsonable(value) == plain
