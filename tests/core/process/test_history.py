"""Bottlenecks against logs made from their answers: what was put in must come out."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chedai.core.process.history import (
    Happening,
    bottlenecks,
    nearest_rank,
    path_of,
    stage_spells,
    waiting_spells,
)

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
UNTIL = START + timedelta(days=400)


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def told(*lines: tuple[float, str, str, str, int, str], deal_id: int = 1) -> list[Happening]:
    return [
        Happening(
            deal_id=deal_id, at=hour(at), kind=kind, task_code=task, stage_code=stage,
            round=number, move=move,
        )
        for at, kind, task, stage, number, move in lines
    ]  # fmt: skip


# Papers are asked for (0–4), sent (4–5), the lender wants more (5–15), papers again (15–18) …
LOOP = told(
    (0, "opened", "papers", "collect", 1, "customer"),
    (3, "moved", "papers", "collect", 1, "us"),
    (4, "done", "papers", "collect", 1, ""),
    (4, "opened", "send", "apply", 1, "us"),
    (5, "done", "send", "apply", 1, ""),
    (5, "opened", "answer", "decide", 1, "lender"),
    (15, "done", "answer", "decide", 1, ""),
    (15, "dropped", "papers", "collect", 1, ""),
    (15, "dropped", "send", "apply", 1, ""),
    (15, "dropped", "answer", "decide", 1, ""),
    (15, "went_back", "papers", "collect", 0, ""),
    (15, "opened", "papers", "collect", 2, "customer"),
    (18, "done", "papers", "collect", 2, ""),
    (18, "opened", "send", "apply", 2, "us"),
    (20, "done", "send", "apply", 2, ""),
    (20, "opened", "answer", "decide", 2, "lender"),
)


def test_a_stage_lasts_from_its_first_opening_to_its_latest_settling() -> None:
    spells = {spell.code: spell.hours for spell in stage_spells(LOOP)}

    # "decide" is open again, so it has no length yet.
    assert spells == {"collect": 18, "apply": 16}


def test_waits_go_to_the_party_whose_move_it_was_and_what_is_open_waits_on() -> None:
    waits: Counter[str] = Counter()
    for spell in waiting_spells(LOOP, until=hour(30)):
        waits[spell.code] += int(spell.hours)

    assert waits == {"customer": 3 + 3, "us": 1 + 1 + 2, "lender": 10 + 10}


def test_the_path_tells_each_return() -> None:
    assert path_of(LOOP) == ("collect", "apply", "decide", "collect", "apply", "decide")


def test_loops_rework_and_edges_name_their_deals() -> None:
    found = bottlenecks(LOOP, until=hour(30))

    assert found.loops == {"papers": (1,)}
    assert found.rework == (1,)
    assert found.edges["decide", "collect"] == (1,)
    assert found.edges["collect", "apply"] == (1, 1)
    assert found.variants == ((path_of(LOOP), (1,)),)


def test_two_tasks_side_by_side_are_one_visit_to_their_stage() -> None:
    log = told(
        (0, "opened", "tax", "buy", 1, "us"),
        (0, "opened", "insure", "buy", 1, "customer"),
        (2, "done", "tax", "buy", 1, ""),
        (3, "opened", "plate", "road", 1, "registry"),
        (7, "done", "insure", "buy", 1, ""),
    )

    assert path_of(log) == ("buy", "road")
    assert [(spell.code, spell.hours) for spell in stage_spells(log)] == [("buy", 7)]


@pytest.mark.parametrize(
    ("values", "percent", "found"),
    [
        ([], 50, 0.0),
        ([3.0], 90, 3.0),
        ([1.0, 2.0], 50, 1.0),
        ([1.0, 2.0, 3.0], 50, 2.0),
        ([float(n) for n in range(1, 11)], 90, 9.0),  # exactly nine of ten
        ([float(n) for n in range(1, 12)], 90, 10.0),  # nine of eleven are too few
    ],
)
def test_a_percentile_is_the_smallest_value_enough_do_not_exceed(values, percent, found) -> None:
    assert nearest_rank(values, percent) == found


STAGES = ("collect", "apply", "decide", "sign")
PARTIES = ("customer", "us", "lender", "us")


def generated(deals: int, *, seed: int) -> tuple[list[Happening], dict[str, list[int]], Counter]:
    """Make a log out of chosen durations and loops; return the log, the durations, the loops."""
    chance = random.Random(seed)
    log: list[Happening] = []
    lasted: dict[str, list[int]] = {stage: [] for stage in STAGES}
    loops: Counter = Counter()
    for deal_id in range(deals):
        at, number = chance.randrange(1000), 1
        first: dict[str, int] = {}
        place = 0
        while place < len(STAGES):
            stage = STAGES[place]
            took = chance.randrange(1, 90)
            first.setdefault(stage, at)
            log += told((at, "opened", stage, stage, number, PARTIES[place]), deal_id=deal_id)
            at += took
            log += told((at, "done", stage, stage, number, ""), deal_id=deal_id)
            if stage == "decide" and number < 4 and chance.random() < 0.3:
                loops["collect"] += 1
                log += told((at, "went_back", "collect", "collect", 0, ""), deal_id=deal_id)
                place, number = 0, number + 1
                continue
            if place == 2:
                lasted["decide"].append(at - first["decide"])
            elif place == 3:
                lasted["sign"].append(took)
            place += 1
        closing = {e.stage_code: e.at for e in log if e.deal_id == deal_id and e.kind == "done"}
        for stage in ("collect", "apply"):
            lasted[stage].append(int((closing[stage] - hour(first[stage])) / timedelta(hours=1)))
    return log, lasted, loops


@pytest.mark.parametrize("seed", range(5))
def test_what_a_generated_log_was_made_of_is_found_again(seed: int) -> None:
    log, lasted, loops = generated(60, seed=seed)

    found = bottlenecks(log, until=UNTIL)

    assert found.deal_count == 60
    assert {code: len(ids) for code, ids in found.loops.items()} == dict(loops)
    for stage in STAGES:
        # An independent count of the same percentiles: sort, and count from below.
        ordered = sorted(lasted[stage])
        assert found.stages[stage].p50_hours == statistics.median_low(ordered)
        assert found.stages[stage].p90_hours == next(
            value for n, value in enumerate(ordered, start=1) if n >= 0.9 * len(ordered)
        )
    assert sum(len(ids) for _, ids in found.variants) == 60
    assert len(found.rework) == len({e.deal_id for e in log if e.round > 1})


@given(
    cuts=st.lists(st.integers(1, 500), min_size=1, max_size=8),
    moves=st.lists(
        st.sampled_from(["us", "customer", "lender", "registry"]), min_size=9, max_size=9
    ),
)
def test_however_often_it_moves_the_waits_of_one_task_add_up_to_its_time(cuts, moves) -> None:
    ends = [sum(cuts[:n]) for n in range(1, len(cuts) + 1)]
    log = told((0, "opened", "only", "only", 1, moves[0]))
    for n, at in enumerate(ends[:-1], start=1):
        log += told((at, "moved", "only", "only", 1, moves[n]))
    log += told((ends[-1], "done", "only", "only", 1, ""))

    waits = bottlenecks(log, until=UNTIL).waits

    assert sum(stretch.total_hours for stretch in waits.values()) == pytest.approx(ends[-1])
