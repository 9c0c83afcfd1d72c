"""Tests are found by path: src/chedai/core/x.py has tests/core/test_x.py."""

from __future__ import annotations

from pathlib import Path

from tests.house.tree import SRC, TESTS, report

MIRRORED = ("core", "policy", "needs", "portfolio")

# Files whose tests stand elsewhere, because they only mean something together.
TESTED_BY = {
    "core/early_warning/signals/": "core/early_warning/test_signals.py",
    "core/plans/bounds.py": "core/plans/test_search.py",
    "core/plans/plan.py": "core/plans/test_pricing.py",
    "needs/reading/": "needs/test_reading.py",  # a sentence is read as a whole
    "portfolio/expressions/": "portfolio/expressions/test_engines.py",  # engines agree as wholes
    "portfolio/kernel/": "portfolio/test_embedded.py",  # compared with the plain loop as a whole
    "policy/ceilings.py": "policy/rules/test_local_pact_cost.py",
    "policy/dated.py": "policy/test_book.py",
    "policy/day.py": "policy/test_book.py",
}


def untested(source: Path, tests: Path, *, elsewhere: dict[str, str]) -> list[str]:
    """List the source files whose test file is missing; ``elsewhere`` names the other place."""
    missing = []
    for path in sorted(source.rglob("*.py")):
        inner = path.relative_to(source)
        mirror = inner.with_name(f"test_{path.stem.strip('_')}.py")
        if path.name == "__init__.py" or "__pycache__" in inner.parts:
            continue
        place = elsewhere.get(inner.as_posix()) or elsewhere.get(f"{inner.parent.as_posix()}/")
        if not (tests / (place or mirror)).is_file():
            missing.append(mirror.as_posix())
    return missing


def test_every_pure_module_has_its_test_at_the_mirrored_path():
    found = []
    for package in MIRRORED:
        inside = {
            path.removeprefix(f"{package}/"): test.removeprefix(f"{package}/")
            for path, test in TESTED_BY.items()
            if path.startswith(f"{package}/")
        }
        found += [
            f"tests/{package}/{path}"
            for path in untested(SRC / package, TESTS / package, elsewhere=inside)
        ]

    assert not found, report(found, "Write the test (or name its place in TESTED_BY):")


def test_every_exception_from_the_mirror_still_is_one():
    found = [
        path
        for path in TESTED_BY
        if not (SRC / path).exists()
        or (TESTS / Path(path).with_name(f"test_{Path(path).name}")).is_file()
    ]

    assert not found, report(found, "Remove from TESTED_BY; the file is gone or has its own test:")


def test_a_module_without_a_test_is_found(tmp_path):
    source, tests = tmp_path / "core", tmp_path / "tests"
    files = ("loans/cost.py", "money.py", "dates.py", "reading/words.py", "odd/words.py")
    for path in (source / file for file in files):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    tests.mkdir()
    (tests / "test_money.py").touch()

    found = untested(
        source, tests, elsewhere={"dates.py": "test_money.py", "reading/": "test_money.py"}
    )

    assert found == ["loans/test_cost.py", "odd/test_words.py"]
