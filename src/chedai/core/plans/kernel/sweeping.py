"""Which rows no other equals or beats, one after the other (compiled)."""

from collections.abc import Callable

import numpy as np

from chedai.core.plans.kernel.columns import Ints
from chedai.core.plans.kernel.compiling import compiled, compiled_entry

Sweep = Callable[[Ints, Ints, Ints], int]


@compiled
def _beats(better: Ints, one: int, other: Ints, another: int) -> bool:
    """Whether a row of the first is as good as a row of the second on everything."""
    width = other.shape[1]
    column = 0
    while column < width and better[one, column] <= other[another, column]:
        column += 1
    return bool(column == width)


@compiled
def _move(rows: Ints, source: int, place: int) -> None:
    for column in range(rows.shape[1]):
        rows[place, column] = rows[source, column]


@compiled
def _is_beaten(relevant: Ints, count: int, ranked: Ints, row: int) -> bool:
    """Ask the rows that matter; what beats one row moves forward, for it often beats the next."""
    width = ranked.shape[1]
    for place in range(count):
        if _beats(relevant, place, ranked, row):
            forward = place // 2
            for column in range(width):
                moved = relevant[place, column]
                relevant[place, column] = relevant[forward, column]
                relevant[forward, column] = moved
            return True
    return False


@compiled
def _take(relevant: Ints, count: int, ranked: Ints, row: int) -> int:
    """Let a row matter, and no longer those it beats; say how many matter now."""
    place = 0
    for former in range(count):
        if not _beats(ranked, row, relevant, former):
            _move(relevant, former, place)
            place += 1
    for column in range(ranked.shape[1]):
        relevant[place, column] = ranked[row, column]
    return place + 1


@compiled_entry
def sweep(fingerprint: str) -> Sweep:
    """Close over what was compiled; the function returned does the work."""

    def run(ranked: Ints, order: Ints, kept: Ints) -> int:
        """Write into ``kept`` the numbers of the rows that stay; say how many.

        ``ranked`` holds what is left to compare once rows are sorted by the swept attribute, so
        that no row beats an earlier one; ``order`` their numbers.
        """
        _ = fingerprint
        relevant = np.empty_like(ranked)
        count = 0
        found = 0
        for row in range(len(ranked)):
            if not _is_beaten(relevant, count, ranked, row):
                kept[found] = order[row]
                found += 1
                count = _take(relevant, count, ranked, row)
        return found

    return run
