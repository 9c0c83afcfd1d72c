"""What the documents tell people to type works: make targets, settings, commands."""

from __future__ import annotations

import re

from tests.house.test_docs import GUIDES
from tests.house.tree import ROOT, SRC, files_in, report, shown, text_of

TARGET = re.compile(r"^([a-z][a-z-]*):", re.M)
TOLD_TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.M)
SETTING = re.compile(r"\b(CHEDAI_[A-Z_]+|DATABASE_URL)\b")
SCRIPT = re.compile(r"\b(?:python3? )(scripts/[\w.]+|manage\.py)")


def unknown_targets(text: str, makefile: str) -> list[str]:
    """List the targets a document names that the Makefile lacks."""
    known = set(TARGET.findall(makefile))
    return [target for target in TOLD_TARGET.findall(text) if target not in known]


def unknown_settings(text: str, code: str) -> list[str]:
    """List the environment variables a document names that nothing reads."""
    return [name for name in SETTING.findall(text) if name not in code]


def test_every_make_target_that_is_told_exists():
    makefile = text_of(ROOT / "Makefile")
    found = [
        f"{shown(guide)}: make {target}"
        for guide in GUIDES
        for target in unknown_targets(text_of(guide), makefile)
    ]

    assert not found, report(found, "Add the target or correct the document:")


def test_every_setting_that_is_told_is_read():
    code = "\n".join(text_of(path) for path in files_in(SRC, ".py"))
    found = [
        f"{shown(guide)}: {name}"
        for guide in GUIDES
        for name in unknown_settings(text_of(guide), code)
    ]

    assert not found, report(found, "Read the variable or correct the document:")


def test_every_script_that_is_told_exists():
    told = [(guide, name) for guide in GUIDES for name in SCRIPT.findall(text_of(guide))]
    found = [f"{shown(guide)}: {name}" for guide, name in told if not (ROOT / name).is_file()]

    assert told
    assert not found, report(found, "Correct the document:")


def test_unknown_targets_and_settings_are_found():
    text = "make run\n`make check` and `make coffee`; CHEDAI_DEMO=1 CHEDAI_COFFEE=1 DATABASE_URL"

    assert unknown_targets(text, "run: assets\ncheck: dev\n") == ["coffee"]
    assert unknown_settings(text, "CHEDAI_DEMO DATABASE_URL") == ["CHEDAI_COFFEE"]
