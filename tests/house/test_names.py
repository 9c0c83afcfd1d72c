"""Names say what a thing is: no catch-alls, no Chinese identifiers, tests as sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import SRC, TESTS, python_files, report, shown, tree_of

EMPTY_FILE_NAMES = {"common", "helper", "helpers", "misc", "service", "services", "util", "utils"}
EMPTY_NAMES = re.compile(r"^_*(data|info|obj)$|_(data|info|obj|handler|helper|util)s?$")
EMPTY_CLASS_NAMES = re.compile(r"[a-z](Data|Info|Obj|Manager|Handler|Helper|Util)s?$")
TEST_WORDS_MIN = 3
# Names that are not ours to choose.
DEMANDED = {
    "UserManager": "Django's own word for the class behind `objects`",
    "info": "the name RFC 5869 gives to what a derived key is for",
    "obj": "the argument Django's fields are called with",
    "handle_data": "html.parser calls it",
    "data": "what html.parser hands to it",
}


def names_in(tree: ast.Module) -> Iterator[str]:
    """Yield every name the module defines or binds: functions, classes, arguments, variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname


def empty_names(tree: ast.Module) -> list[str]:
    """List the names that name nothing."""
    return sorted(
        {
            name
            for name in names_in(tree)
            if name not in DEMANDED and (EMPTY_NAMES.search(name) or EMPTY_CLASS_NAMES.search(name))
        }
    )


def foreign_names(tree: ast.Module) -> list[str]:
    """List the names that are not plain ASCII."""
    return sorted({name for name in names_in(tree) if not name.isascii()})


def short_test_names(tree: ast.Module) -> list[str]:
    """List the test functions whose names are no sentence."""
    functions = [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return [
        name
        for name in functions
        if name.startswith("test_") and len(name.split("_")) - 1 < TEST_WORDS_MIN
    ]


def with_names(check, paths: list[Path]) -> list[str]:
    return [f"{shown(path)}: {name}" for path in paths for name in check(tree_of(path))]


def test_no_file_is_named_after_nothing():
    paths = python_files()
    found = [shown(p) for p in paths if EMPTY_FILE_NAMES & {p.stem, *p.parent.parts[-3:]}]

    assert not found, report(found, "Name the file after what it holds:")


def test_no_identifier_ends_in_a_word_that_says_nothing():
    found = with_names(empty_names, python_files())

    assert not found, report(found, "Say what it is: `borrower`, not `borrower_info`:")


def test_no_identifier_is_written_in_chinese():
    found = with_names(foreign_names, python_files())

    assert not found, report(found, "Identifiers are English; Chinese goes into labels:")


def test_every_test_name_is_a_sentence():
    paths = [path for path in python_files(TESTS) if path.name.startswith("test_")]
    found = with_names(short_test_names, paths)

    assert not found, report(found, "Name the test after what holds, with a verb:")


def test_empty_foreign_and_short_names_are_found():
    tree = ast.parse(
        "class LoanManager: ...\n"
        "def test_plan_2(): ...\n"
        "def load(borrower_info, *, 月供): loan_data = 1\n"
        "store_manager = database = 1\n"
    )

    assert empty_names(tree) == ["LoanManager", "borrower_info", "loan_data"]
    assert foreign_names(tree) == ["月供"]
    assert short_test_names(tree) == ["test_plan_2"]


def test_the_source_is_read_at_all():
    assert SRC / "core" / "money.py" in python_files()
