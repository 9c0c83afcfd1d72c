"""The files of the house, as the house tests read them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SRC: Final = ROOT / "src" / "chedai"
TESTS: Final = ROOT / "tests"
DOCS: Final = ROOT / "docs"

# Made by tools or by running, never by us.
SKIPPED_FOLDERS: Final = {"__pycache__", "node_modules", "static-built", "build", "dist", "venv"}
KEPT_DOT_FOLDERS: Final = {".ci"}
SUFFIXES_OF_DATA: Final = (".csv", ".json", ".svg", ".toml", ".txt", ".yaml", ".in", ".ini", ".cfg")
SUFFIXES_OF_TEXT: Final = (".css", ".html", ".js", ".md", ".py", ".sh", ".sql", ".typ")


@cache
def all_files() -> tuple[Path, ...]:
    """Return every file of the checkout that is ours, in a stable order."""
    return tuple(sorted(_walk(ROOT)))


def _walk(top: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if _is_ours(name)]
        yield from (Path(folder) / name for name in names if _is_text(name))


def _is_ours(folder: str) -> bool:
    is_hidden = folder.startswith(".") and folder not in KEPT_DOT_FOLDERS
    return not (is_hidden or folder in SKIPPED_FOLDERS or folder.endswith(".egg-info"))


def _is_text(name: str) -> bool:
    suffix = Path(name).suffix
    return (not suffix and name != ".git") or suffix in SUFFIXES_OF_DATA + SUFFIXES_OF_TEXT


def files_in(top: Path, *suffixes: str) -> list[Path]:
    """Return our files under ``top`` with one of the suffixes."""
    return [p for p in all_files() if p.is_relative_to(top) and p.suffix in suffixes]


def shown(path: Path) -> str:
    """Return the path as a person types it at the top of the checkout."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


@cache
def text_of(path: Path) -> str:
    """Return the file's text."""
    return path.read_text("utf-8", errors="replace")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed Python file."""
    return ast.parse(text_of(path), filename=str(path))


def python_files(*tops: Path) -> list[Path]:
    """Return our Python files below the folders, migrations left out: Django writes them."""
    tops = tops or (SRC, TESTS)
    return [p for top in tops for p in files_in(top, ".py") if "migrations" not in p.parts]


def report(found: Iterable[str], fix: str) -> str:
    """Say what was found and what to do about it."""
    return "\n".join([fix, *(f"  - {line}" for line in found)])
