"""Which launcher has a data folder, and what it started there.

The lock is the kernel's and ends with its holder, however that ends. The state file only says
what to look for; every process in it is recognised by number and start before it is touched.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from chedai.config.launch.folders import DataFolder
from chedai.config.launch.processes import ProcessMark, end_group_members, stop_group

LEFTOVER_PATIENCE_SECONDS = 10


@dataclass(slots=True)
class RunningState:
    """What a launcher tells the next one."""

    address: str = ""
    database_port: int = 0
    children: dict[str, ProcessMark] = field(default_factory=dict)


def take_lock(folder: DataFolder) -> IO[str] | None:
    """Take the folder; nothing when another launcher has it."""
    stream = folder.lock.open("a", encoding="ascii")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        return None
    return stream


def read_state(folder: DataFolder) -> RunningState:
    """Read what was last written; an empty state when nothing legible is there."""
    try:
        content = json.loads(folder.state.read_text(encoding="utf-8"))
        children = {name: ProcessMark(**mark) for name, mark in content["children"].items()}
        return RunningState(
            address=content["address"], database_port=content["database_port"], children=children
        )
    except (OSError, ValueError, KeyError, TypeError):
        return RunningState()


def write_state(folder: DataFolder, state: RunningState) -> None:
    unfinished = _beside(folder.state)
    unfinished.write_text(json.dumps(asdict(state)), encoding="utf-8")
    unfinished.replace(folder.state)


def stop_leftovers(folder: DataFolder) -> list[str]:
    """Stop what a killed launcher left running; give the names of what was found."""
    children = read_state(folder).children
    found = [name for name, mark in children.items() if mark.is_alive]
    for name, mark in children.items():
        if name in found:
            stop_group(mark, patience_seconds=LEFTOVER_PATIENCE_SECONDS)
            end_group_members(mark.pid)
    folder.state.unlink(missing_ok=True)
    return found


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.{os.getpid()}")
