"""What changed: between two days of the book, and since a decision was stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from chedai.policy.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chedai.policy.book import PolicyBook
    from chedai.policy.dated import DatedValue


@dataclass(frozen=True, kw_only=True)
class Change:
    """One number that a stored decision saw otherwise; values as JSON knows them."""

    id: str
    label: str
    was: object
    now: object


def begun_between(book: PolicyBook, *, after: date, until: date) -> tuple[DatedValue, ...]:
    """Return every value that began after the one day and not after the other."""
    found = [
        value
        for parameter_id in book.parameters
        for value in book.all_values(parameter_id)
        if after < value.in_force_from <= until
    ]
    return tuple(sorted(found, key=lambda value: (value.in_force_from, value.id)))


def ended_between(book: PolicyBook, *, after: date, until: date) -> tuple[DatedValue, ...]:
    """Return every value whose first day out of force lies in the stretch."""
    found = [
        value
        for parameter_id in book.parameters
        for value in book.all_values(parameter_id)
        if value.in_force_until is not None
        and after < value.in_force_until + timedelta(days=1) <= until
    ]
    return tuple(sorted(found, key=lambda value: (value.in_force_from, value.id)))


def changes_since(record: Mapping[str, Any], *, book: PolicyBook, day: date) -> tuple[Change, ...]:
    """Put the questions of a stored decision again, on another day or to another book.

    ``record`` is what ``PolicyDay.as_record`` or ``Review.as_record`` gave, perhaps
    read back from JSON. Clauses are skipped; numbers the book no longer has are absent.
    """
    policy = book.on(day, scope=Scope(**record["scope"]))
    changes = []
    for asked in record["consulted"]:
        if "value" not in asked:
            continue
        known = asked["id"] in book.parameters
        found = policy.value_or_none(asked["id"]) if known else None
        now = None if found is None else found.as_record()["value"]
        if now != asked["value"]:
            label = str(asked.get("label") or (found.label if found else asked["id"]))
            changes.append(Change(id=asked["id"], label=label, was=asked["value"], now=now))
    return tuple(changes)
