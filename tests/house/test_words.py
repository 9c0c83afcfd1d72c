"""No word of praise or promise reaches a customer from our own text."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tests.house.tree import SRC, files_in, report, shown, text_of, tree_of

from chedai.core.plans.explanation import BANNED_WORDS, FREE_OF_INTEREST
from chedai.policy.book import PolicyBook

BANNED = (*BANNED_WORDS, FREE_OF_INTEREST)
# Modules whose strings customers read; templates of every kind are found by their suffix.
SPOKEN_MODULES = (
    "core/plans/explanation.py",
    "core/loans/derivation.py",
    "needs/questions.py",
    "needs/slots.py",
    "policy/later_money.py",
    "policy/purchase.py",
)
COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL),
    ".typ": re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL),
}


def words_in_template(text: str, suffix: str, banned: tuple[str, ...]) -> list[str]:
    """List the banned words a template shows, its comments left out."""
    said = COMMENTS[suffix].sub("", text)
    return [word for word in banned if word in said]


def words_in_strings(tree: ast.Module, banned: tuple[str, ...]) -> list[str]:
    """List the banned words in sentences; a list of banned words itself is no sentence."""
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node not in docstrings and node.value not in banned
    ]
    return [word for word in banned if any(word in string for string in strings)]


@pytest.mark.parametrize("suffix", [".html", ".typ"])
def test_no_template_praises_or_promises(suffix):
    paths = files_in(SRC, suffix)
    found = [
        f"{shown(path)}: {word}"
        for path in paths
        for word in words_in_template(text_of(path), suffix, BANNED)
    ]

    assert paths
    assert not found, report(found, "Say what it costs instead:")


def test_no_sentence_built_for_customers_praises_or_promises():
    found = [
        f"{name}: {word}"
        for name in SPOKEN_MODULES
        for word in words_in_strings(tree_of(SRC / name), BANNED)
    ]

    assert not found, report(found, "Say what it costs instead:")


def test_no_text_of_ours_calls_a_lease_a_loan_in_forbidden_words():
    entries = PolicyBook.load().parameters["lease_banned_words"].entries
    banned = tuple(word for entry in entries for word in entry.value)
    paths = [path for suffix in COMMENTS for path in files_in(SRC, suffix)]

    found = [
        f"{shown(path)}: {word}"
        for path in paths
        for word in words_in_template(text_of(path), path.suffix, banned)
    ]

    assert banned
    assert not found, report(found, "A lease is 融资租赁; these words may not be shown:")


def test_no_demo_product_has_a_name_that_a_proposal_would_refuse():
    packs = files_in(SRC / "demo" / "packs" / "products", ".yaml")
    found = [f"{shown(path)}: {word}" for path in packs for word in BANNED if word in text_of(path)]

    assert packs
    assert not found, report(found, "Name what it is; a rate of 0 is 零利率:")


def test_a_promise_is_found_and_a_comment_is_not():
    page = "{# never 秒批 #}<p>本店包过</p>"
    sheet = "// 推荐\n#text[免息]"
    module = ast.parse(
        'BANNED = ("包过",)\ndef say():\n    "秒批 is banned"\n    return f"{1} 元,最划算"'
    )

    assert words_in_template(page, ".html", BANNED) == ["包过"]
    assert words_in_template(sheet, ".typ", BANNED) == ["免息"]
    assert words_in_strings(module, BANNED) == ["最划算"]


@pytest.mark.parametrize("name", SPOKEN_MODULES)
def test_every_spoken_module_exists(name):
    assert Path(SRC / name).is_file(), f"Remove {name} from SPOKEN_MODULES"
