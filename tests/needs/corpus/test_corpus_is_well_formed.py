from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from chedai.needs.slots import SLOTS

HERE = Path(__file__).parent
SENTENCES_MIN = {
    "held_out.yaml": 190,
    "tuning.yaml": 260,
    "tuning_more.yaml": 140,
    "tuning_third.yaml": 250,
}
ID_PREFIX = {
    "held_out.yaml": "k",
    "tuning.yaml": "t",
    "tuning_more.yaml": "h",
    "tuning_third.yaml": "g",
}

NUMBER_SLOTS = {
    "down_payment": (0, 1_000_000),
    "down_payment_ratio": (0, 1),
    "monthly_max": (500, 50_000),
    "monthly_target": (500, 50_000),
    "vehicle_price": (10_000, 2_000_000),
    "on_road_price": (10_000, 2_000_000),
    "total_budget": (10_000, 2_000_000),
    "term_months": (6, 84),
    "income_monthly": (1_000, 500_000),
    "debt_monthly": (0, 100_000),
    "prepayment_month": (1, 84),
    "delivery_within_days": (0, 90),
    "competitor_monthly": (500, 50_000),
    "competitor_rate": (0, 0.36),
    "competitor_term_months": (6, 84),
}
VALUE_SLOTS = {
    "body_type": {"suv", "sedan", "mpv", "pickup", "hatchback", "van"},
    "power": {
        "combustion",
        "battery_electric",
        "plug_in_hybrid",
        "range_extender",
        "new_energy",
    },
    "vehicle_condition": {"new", "used"},
    "vehicle_use": {"private", "ride_hailing", "commercial"},
    "trade_in": {"yes", "scrap"},
    "credit_history": {
        "clean",
        "many_inquiries",
        "past_overdue",
        "current_overdue",
        "thin",
        "blacklisted_self",
        "severe_overdue",
        "online_loans",
    },
    "income_kind": {"salary", "business", "gig", "retired", "none"},
    "objective": {"lowest_total", "lowest_monthly", "most_flexible", "fastest", "lowest_cash"},
    "refusal": {"gps", "lease", "bundled_insurance", "mortgage", "service_fee"},
    "co_borrower": {"spouse", "parent", "other"},
    "cash_only": {"yes"},
}
WORD_SLOTS = {"brand_model", "delivery_time", "plate_city"}
KEYS = {"slot", "low", "high", "value", "certainty", "strength", "span"}


def sentences(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


BY_FILE = [pytest.param(sentences(name), id=name) for name in SENTENCES_MIN]


@pytest.mark.parametrize("name", SENTENCES_MIN)
def test_file_holds_enough_sentences_with_ids_of_its_own(name: str) -> None:
    ids = [s["id"] for s in sentences(name)]
    assert len(ids) >= SENTENCES_MIN[name]
    assert all(i.startswith(ID_PREFIX[name]) for i in ids)


def test_no_id_and_no_sentence_is_written_twice() -> None:
    everything = [s for name in SENTENCES_MIN for s in sentences(name)]
    for key in ("id", "text"):
        twice = [v for v, n in Counter(s[key] for s in everything).items() if n > 1]
        assert twice == []


def test_closed_lists_are_those_of_the_need() -> None:
    assert set(SLOTS) == {*NUMBER_SLOTS, *VALUE_SLOTS, *WORD_SLOTS}
    assert {name: set(SLOTS[name].choices) for name in VALUE_SLOTS} == VALUE_SLOTS


@pytest.mark.parametrize("name", SENTENCES_MIN)
def test_every_slot_is_heard_in_each_file(name: str) -> None:
    heard = {chip["slot"] for s in sentences(name) for chip in s["chips"]}
    assert heard == {*NUMBER_SLOTS, *VALUE_SLOTS, *WORD_SLOTS}


@pytest.mark.parametrize("read", BY_FILE)
def test_chips_mark_words_of_the_sentence_and_stay_in_the_closed_lists(
    read: list[dict[str, Any]],
) -> None:
    for sentence in read:
        for chip in sentence["chips"]:
            assert chip["span"], sentence["id"]
            assert chip["span"] in sentence["text"], sentence["id"]
            assert set(chip) <= KEYS, sentence["id"]
            assert chip["certainty"] in {"said", "roughly", "ambiguous"}, sentence["id"]
            assert chip.get("strength", "hard") in {"hard", "soft"}, sentence["id"]
            assert_value_is_of_its_slot(chip)


@pytest.mark.parametrize("read", BY_FILE)
def test_open_ended_numbers_say_how_hard_they_are(read: list[dict[str, Any]]) -> None:
    for sentence in read:
        for chip in sentence["chips"]:
            if chip["slot"] in NUMBER_SLOTS and len({"low", "high"} & set(chip)) == 1:
                assert "strength" in chip, sentence["id"]
            elif "strength" in chip:
                assert chip["strength"] == "soft", sentence["id"]


@pytest.mark.parametrize("read", BY_FILE)
def test_one_sentence_never_marks_the_same_chip_twice(read: list[dict[str, Any]]) -> None:
    for sentence in read:
        marks = Counter(
            (c["slot"], c.get("value"), c.get("low"), c.get("high"), c["span"])
            for c in sentence["chips"]
        )
        assert [m for m, n in marks.items() if n > 1] == [], sentence["id"]


def assert_value_is_of_its_slot(chip: dict[str, Any]) -> None:
    if chip["slot"] in NUMBER_SLOTS:
        assert "value" not in chip
        assert_numbers_are_plausible(chip)
    elif chip["slot"] in VALUE_SLOTS:
        assert chip["value"] in VALUE_SLOTS[chip["slot"]]
    else:
        assert chip["slot"] in WORD_SLOTS
        assert chip["value"] in chip["span"]


def assert_numbers_are_plausible(chip: dict[str, Any]) -> None:
    floor, ceiling = NUMBER_SLOTS[chip["slot"]]
    ends = [chip[key] for key in ("low", "high") if key in chip]
    assert ends
    assert ends == sorted(ends)
    assert all(floor <= end <= ceiling for end in ends)
    if chip["slot"] not in {"down_payment_ratio", "competitor_rate"}:
        assert all(isinstance(end, int) for end in ends)
    else:
        assert all(Decimal(str(end)) == round(Decimal(str(end)), 4) for end in ends)
