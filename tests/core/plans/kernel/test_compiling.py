import numba
import pytest

from chedai.core.plans.kernel import compiling
from chedai.core.plans.kernel.compiling import compiled, compiled_entry

FACTOR = 2


def doubled(number: int) -> int:
    return number * FACTOR


def make_entry(fingerprint: str):
    def entry(number: int) -> int:
        _ = fingerprint
        return number + 1

    return entry


def fingerprint_of(entry) -> str:
    return entry.py_func.__closure__[0].cell_contents


def test_compiled_code_answers_as_the_source():
    assert compiled(doubled)(21) == doubled(21) == 42
    assert compiled_entry(make_entry)(1) == 2


def test_a_changed_constant_changes_the_fingerprint_of_what_is_kept(monkeypatch):
    monkeypatch.setattr(compiling, "_sources", compiling.hashlib.sha256())
    compiled(doubled)
    before = fingerprint_of(compiled_entry(make_entry))

    monkeypatch.setattr(compiling, "_sources", compiling.hashlib.sha256())
    monkeypatch.setitem(doubled.__globals__, "FACTOR", 3)
    compiled(doubled)
    after = fingerprint_of(compiled_entry(make_entry))

    assert before != after


def test_without_a_folder_for_the_cache_it_compiles_all_the_same(monkeypatch):
    njit = numba.njit

    def refusing(**options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    monkeypatch.setattr(compiling.numba, "njit", refusing)

    assert compiled_entry(make_entry)(1) == 2


def test_an_error_in_the_source_is_not_swallowed():
    with pytest.raises(AttributeError):
        compiled(None)
