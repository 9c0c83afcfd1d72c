"""Reading definitions and the standing of a deal in its process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from chedai.core.process.definition import Definition
from chedai.deals.models import Deal, ProcessDefinition, ProcessRun, TaskOccurrence
from chedai.policy.processes.reading import definition_from


def definition_of(row: ProcessDefinition) -> Definition:
    """Read a stored definition; each version is read once a process."""
    return _read(row.digest, _Content(row.content))


def latest_definition(code: str = "car_loan") -> ProcessDefinition | None:
    """Find the version new deals begin with; None before any was published."""
    return ProcessDefinition.objects.filter(code=code).order_by("-version").first()


def run_of(deal: Deal) -> ProcessRun | None:
    """Find the deal's process; None for a deal from before processes."""
    return ProcessRun.objects.select_related("definition").filter(deal=deal).first()


def standing_of(run: ProcessRun) -> dict[str, TaskOccurrence]:
    """Give the occurrence of each task that still counts."""
    return {
        row.task_code: row
        for row in TaskOccurrence.objects.filter(run=run, is_current=True).exclude(
            state=TaskOccurrence.State.DROPPED
        )
    }


class _Content:
    """Lets the cache go by the digest: two contents of one digest are the same."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _read(_digest: str, content: _Content) -> Definition:
    return definition_from(content.plain)
