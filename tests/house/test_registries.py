"""One case, one file, one line: every visible dict equals its folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from tests.house.tree import DOCS, SRC, report


@dataclass(frozen=True)
class Registry:
    """A dict or tuple in code, the folder whose files it lists, the how-to that says so."""

    name: str
    module: str
    folder: str
    suffix: str
    howto: str

    def keys(self) -> set[str]:
        """Return what the registry lists."""
        return set(getattr(import_module(self.module), self.name))


# A new registry is a new line here; its how-to then must exist.
REGISTRIES = (
    Registry(
        "REPAYMENT_METHODS",
        "chedai.core.loans.methods",
        "core/loans/methods",
        ".py",
        "add_a_repayment_method.md",
    ),
    Registry(
        "METHOD_LABELS",
        "chedai.core.loans.methods",
        "core/loans/methods",
        ".py",
        "add_a_repayment_method.md",
    ),
    Registry(
        "SIGNALS",
        "chedai.core.early_warning.signals",
        "core/early_warning/signals",
        ".py",
        "add_an_early_warning_signal.md",
    ),
    Registry("RULES", "chedai.policy.rules", "policy/rules", ".py", "add_a_policy_rule.md"),
)


def mismatches(folder: Path, suffix: str, keys: Iterable[str]) -> list[str]:
    """List files without a line and lines without a file."""
    stems = {path.stem for path in folder.glob(f"*{suffix}")} - {"__init__"}
    keys = set(keys)
    return [f"{stem}{suffix} has no line" for stem in sorted(stems - keys)] + [
        f"“{key}” has no file" for key in sorted(keys - stems)
    ]


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda r: r.name)
def test_every_registry_equals_its_folder(registry):
    found = mismatches(SRC / registry.folder, registry.suffix, registry.keys())

    assert not found, report(found, f"Make {registry.name} and {registry.folder}/ agree:")


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda r: r.name)
def test_every_registry_has_a_how_to_that_names_it(registry):
    howto = DOCS / "howto" / registry.howto

    assert howto.is_file(), f"Write docs/howto/{registry.howto} for {registry.name}"
    assert registry.name in howto.read_text("utf-8"), f"{registry.howto}: say {registry.name}"


def test_a_file_without_a_line_and_a_line_without_a_file_are_found(tmp_path):
    for name in ("__init__", "balloon", "forgotten"):
        (tmp_path / f"{name}.py").touch()

    found = mismatches(tmp_path, ".py", ["balloon", "vanished"])

    assert found == ["forgotten.py has no line", "“vanished” has no file"]
