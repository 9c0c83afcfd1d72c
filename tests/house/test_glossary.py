"""One thing, one word: the glossary speaks of the identifiers the code has."""

from __future__ import annotations

import re

from tests.house.tree import DOCS, SRC, files_in, python_files, report, text_of

GLOSSARY = DOCS / "glossary.md"
ROW = re.compile(r"^\|(?!-)([^|]+)\|([^|]+)\|([^|]+)\|", re.M)
CODE_SPAN = re.compile(r"`([^`]+)`")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# Words that would be a second name for a thing of the glossary, and the name to use.
SYNONYMS = {
    "tenor": "term_months",
    "nper": "term_months",
    "emi": "instalment_fen",
    "monthly_pay": "instalment_fen",
    "bank_id": "lender_code",
    "funder": "lender",
    "case_no": "deal_number",
    "reply_time": "answered_at",
    "apr": "apr_simple or apr_compound",
    "irr": "irr_monthly",
}


def rows(text: str) -> list[tuple[list[str], str, str]]:
    """Return identifiers, Chinese and meaning of each row; headings have no code span."""
    found = [
        (CODE_SPAN.findall(row[1]), row[2].strip(), row[3].strip()) for row in ROW.finditer(text)
    ]
    return [row for row in found if row[0]]


def unknown_identifiers(text: str, words: set[str]) -> list[str]:
    """List the identifiers of the glossary that nothing in the code is called."""
    return [name for names, _, _ in rows(text) for name in names if name not in words]


def words_of_the_code() -> set[str]:
    """Return every word of our Python and YAML."""
    paths = python_files(SRC) + files_in(SRC, ".yaml")
    return {word for path in paths for word in WORD.findall(text_of(path))}


def test_every_identifier_of_the_glossary_is_in_the_code():
    found = unknown_identifiers(text_of(GLOSSARY), words_of_the_code())

    assert not found, report(found, "Use the word of the code, or remove the row:")


def test_every_row_has_a_chinese_word_and_a_meaning():
    listed = rows(text_of(GLOSSARY))
    found = [
        str(names)
        for names, chinese, meaning in listed
        if not CHINESE.search(chinese) or not meaning
    ]

    assert len(listed) > 40
    assert not found, report(found, "Say the Chinese word and what it means:")


def test_no_identifier_stands_in_the_glossary_twice():
    names = [name for row in rows(text_of(GLOSSARY)) for name in row[0]]

    assert sorted(names) == sorted(set(names))


def test_no_second_word_is_used_for_a_thing_of_the_glossary():
    found = [f"{word}: say {SYNONYMS[word]}" for word in sorted(SYNONYMS.keys() & words_of_names())]

    assert not found, report(found, "One thing, one word, everywhere:")


def words_of_names() -> set[str]:
    """Return every name our Python defines."""
    from tests.house.test_names import names_in
    from tests.house.tree import tree_of

    return {name for path in python_files(SRC) for name in names_in(tree_of(path))}


def test_a_word_nobody_uses_is_found():
    text = "| Identifier | 中文 | Meaning |\n|---|---|---|\n| `deal`, `ticket` | 单子 | one car |\n"

    assert unknown_identifiers(text, {"deal"}) == ["ticket"]
    assert rows(text) == [(["deal", "ticket"], "单子", "one car")]
