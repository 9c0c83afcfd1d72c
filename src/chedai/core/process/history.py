"""Where time goes: durations, waits, loops, rework and variants out of an event log.

Pure arithmetic on what happened; how it is stored and shown is somebody else's matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

OPENINGS: Final = frozenset({"opened"})
CLOSINGS: Final = frozenset({"done", "skipped", "dropped"})
MOVINGS: Final = frozenset({"moved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of one deal.

    Attributes
    ----------
    kind
        ``opened``, ``moved``, ``done``, ``skipped``, ``dropped``, ``went_back`` …
    move
        Whose move it is from here on, where the event says so.
    """

    deal_id: int
    kind: str
    at: datetime
    task_code: str = ""
    stage_code: str = ""
    round: int = 0
    move: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A stretch of one task, or of one stage, of one deal."""

    deal_id: int
    code: str
    begun_at: datetime
    ended_at: datetime

    @property
    def hours(self) -> float:
        """Length in hours of the clock on the wall."""
        return (self.ended_at - self.begun_at) / timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """How long something takes: number of spells, median and 90th percentile in hours."""

    count: int
    p50_hours: float
    p90_hours: float
    total_hours: float
    deal_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottlenecks:
    """What a log says.

    Attributes
    ----------
    stages
        Time from a stage's first opening to its latest settling, stage by stage; a stage
        still open is not in it.
    waits
        Hours that open tasks spent with each party; parallel tasks each count.
    loops
        How often the process went back to a task, and the deals.
    rework
        Deals with at least one task done in a second round.
    variants
        Sequences of stages as they were entered, the most frequent first, and the deals.
    edges
        How often one stage followed another, the going back included, and the deals.
    """

    deal_count: int
    stages: Mapping[str, Stretch]
    waits: Mapping[str, Stretch]
    loops: Mapping[str, tuple[int, ...]]
    rework: tuple[int, ...]
    variants: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]
    edges: Mapping[tuple[str, str], tuple[int, ...]]


def bottlenecks(events: Iterable[Happening], *, until: datetime) -> Bottlenecks:
    """Read the log; events of one deal must come in the order in which they happened.

    Parameters
    ----------
    until
        What is still open has lasted until now; it counts as waiting, not as a stage's length.
    """
    logs: dict[int, list[Happening]] = defaultdict(list)
    for event in events:
        logs[event.deal_id].append(event)
    stages: dict[str, list[Spell]] = defaultdict(list)
    waits: dict[str, list[Spell]] = defaultdict(list)
    loops: dict[str, list[int]] = defaultdict(list)
    paths: dict[tuple[str, ...], list[int]] = defaultdict(list)
    edges: dict[tuple[str, str], list[int]] = defaultdict(list)
    rework = []
    for deal_id, log in logs.items():
        for spell in stage_spells(log):
            stages[spell.code].append(spell)
        for spell in waiting_spells(log, until=until):
            waits[spell.code].append(spell)
        for code in _returns(log):
            loops[code].append(deal_id)
        if any(event.kind == "done" and event.round > 1 for event in log):
            rework.append(deal_id)
        path = path_of(log)
        paths[path].append(deal_id)
        for step in pairwise(path):
            edges[step].append(deal_id)
    return Bottlenecks(
        deal_count=len(logs),
        stages={code: stretch_of(spells) for code, spells in stages.items()},
        waits={code: stretch_of(spells) for code, spells in waits.items()},
        loops={code: tuple(ids) for code, ids in loops.items()},
        rework=tuple(rework),
        variants=tuple(
            (path, tuple(ids))
            for path, ids in sorted(paths.items(), key=lambda p: (-len(p[1]), p[0]))
        ),
        edges={step: tuple(ids) for step, ids in edges.items()},
    )


def stage_spells(log: Sequence[Happening]) -> list[Spell]:
    """Give each stage's spell, first opening to latest settling, where all of it is settled."""
    begun: dict[str, datetime] = {}
    ended: dict[str, datetime] = {}
    is_open: Counter[str] = Counter()
    for event in log:
        if event.kind in OPENINGS:
            begun.setdefault(event.stage_code, event.at)
            is_open[event.stage_code] += 1
        elif event.kind in {"done", "skipped"} and event.stage_code in begun:
            ended[event.stage_code] = event.at
    closed = _closed(log)
    return [
        Spell(deal_id=log[0].deal_id, code=code, begun_at=start, ended_at=ended[code])
        for code, start in begun.items()
        if code in ended and closed[code] >= is_open[code]
    ]


def waiting_spells(log: Sequence[Happening], *, until: datetime) -> list[Spell]:
    """Give the spells for which each party had an open task before it."""
    since: dict[tuple[str, int], tuple[str, datetime]] = {}
    spells: list[Spell] = []

    def close(key: tuple[str, int], at: datetime) -> None:
        move, start = since.pop(key)
        if at > start:
            spells.append(Spell(deal_id=log[0].deal_id, code=move, begun_at=start, ended_at=at))

    for event in log:
        key = (event.task_code, event.round)
        if event.kind in OPENINGS or (event.kind in MOVINGS and key in since):
            if key in since:
                close(key, event.at)
            since[key] = (event.move, event.at)
        elif event.kind in CLOSINGS and key in since:
            close(key, event.at)
    for key in list(since):
        close(key, until)
    return spells


def path_of(log: Sequence[Happening]) -> tuple[str, ...]:
    """Give the stages in the order in which they were entered; entered again after others, again.

    Stages that run side by side are told in the order of their openings, each once for as
    long as something in it is open.
    """
    path: list[str] = []
    is_open: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for event in log:
        key = (event.task_code, event.round)
        if event.kind in OPENINGS:
            if not is_open[event.stage_code] and path[-1:] != [event.stage_code]:
                path.append(event.stage_code)
            is_open[event.stage_code].add(key)
        elif event.kind in CLOSINGS:
            is_open[event.stage_code].discard(key)
    return tuple(path)


def stretch_of(spells: Sequence[Spell]) -> Stretch:
    """Sum up spells; percentiles are those of the nearest rank, so that one deal has each."""
    hours = sorted(spell.hours for spell in spells)
    ids = [s.deal_id for s in sorted(spells, key=lambda s: (-s.hours, s.deal_id))]
    return Stretch(
        count=len(hours),
        p50_hours=nearest_rank(hours, 50),
        p90_hours=nearest_rank(hours, 90),
        total_hours=sum(hours),
        deal_ids=tuple(dict.fromkeys(ids)),
    )


def nearest_rank(ordered: Sequence[float], percent: int) -> float:
    """Give the smallest value that at least ``percent`` in a hundred do not exceed; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def _returns(log: Sequence[Happening]) -> list[str]:
    return [event.task_code for event in log if event.kind == "went_back"]


def _closed(log: Sequence[Happening]) -> Counter[str]:
    """Count the openings of each stage that have ended; what was done is not dropped as well."""
    ended: dict[tuple[str, int], str] = {}
    opened: set[tuple[str, int]] = set()
    for event in log:
        key = (event.task_code, event.round)
        if event.kind in OPENINGS:
            opened.add(key)
        elif event.kind in CLOSINGS and key in opened:
            ended[key] = event.stage_code
    return Counter(ended.values())
