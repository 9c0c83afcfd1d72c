"""What the documents name exists: paths, links, how-tos, decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.house.tree import DOCS, ROOT, SRC, all_files, files_in, report, shown, text_of

GUIDES = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "ARCHITECTURE.md")),
    ROOT / "CONTRIBUTING.md",
    *files_in(DOCS, ".md"),
]
READMES = ("README.md", "README.zh-CN.md")

CODE_SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
ANCHORED = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
PATH = re.compile(r"\.?[\w.\-]+(?:/[\w.\-]+)*/?")
SUFFIX = re.compile(r"\.(py|md|yaml|toml|sql|typ|html|css|js|json|csv|sh|in)$")
DATA_SUFFIX = re.compile(r"\.(yaml|json|csv)$")
# Folders made when the program is installed or run.
MADE_LATER = (".venv", ".data", ".cache", "node_modules", "static-built")


def named_paths(text: str) -> list[str]:
    """Return the code spans that are paths: with a slash below a folder of ours, or a suffix."""
    spans = CODE_SPAN.findall(FENCE.sub("", text))
    return [span for span in spans if PATH.fullmatch(span) and _looks_like_a_path(span)]


def _looks_like_a_path(span: str) -> bool:
    head = span.split("/", maxsplit=1)[0]
    is_below = "/" in span and any((base / head).is_dir() for base in (ROOT, SRC))
    is_of_ours = "/" in span or not DATA_SUFFIX.search(span)  # `my_pack.yaml` is an example
    return bool(is_below or SUFFIX.search(span)) and is_of_ours and not span.startswith(MADE_LATER)


def is_there(path: str) -> bool:
    """Tell whether the path exists below the checkout, or is the end of the path of a file."""
    if any((base / path).exists() for base in (ROOT, SRC)):
        return True
    return any(file.as_posix().endswith(f"/{path.rstrip('/')}") for file in all_files())


def missing_paths(text: str) -> list[str]:
    """List the paths a document names that do not exist."""
    return [path for path in named_paths(text) if not is_there(path)]


def broken_links(text: str, folder: Path) -> list[str]:
    """List the relative links that lead nowhere: no such file, or no such heading in it."""
    targets = [t for t in ANCHORED.findall(FENCE.sub("", text)) if "://" not in t[0]]
    return [
        f"{file}{anchor}"
        for file, anchor in targets
        if not (folder / file).exists()
        or (anchor and anchor[1:] not in anchors(text_of(folder / file)))
    ]


def anchors(text: str) -> set[str]:
    """Return what the headings of a page are linked by."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("guide", GUIDES, ids=shown)
def test_every_path_a_guide_names_exists(guide):
    found = missing_paths(text_of(guide))

    assert not found, report(found, f"{shown(guide)}: correct the path or remove the sentence:")


@pytest.mark.parametrize("guide", GUIDES, ids=shown)
def test_every_link_of_a_guide_leads_somewhere(guide):
    found = broken_links(text_of(guide), guide.parent)

    assert not found, report(found, f"{shown(guide)}: correct or remove the link:")


@pytest.mark.parametrize("name", READMES)
def test_every_how_to_is_listed_in_the_readme(name):
    linked = set(LINK.findall(text_of(ROOT / name)))
    howtos = [shown(path) for path in files_in(DOCS / "howto", ".md")]

    found = [path for path in howtos if path not in linked]

    assert not found, report(found, f"{name}: add a row to “where do I put…” or a link:")


@pytest.mark.parametrize("name", READMES)
def test_every_extension_point_has_its_how_to(name):
    rows = extension_points(text_of(ROOT / name))
    found = [row for row in rows if not LINK.search(row.rsplit("|", 2)[-2])]

    assert len(rows) > 8
    assert not found, report(found, f"{name}: link the how-to in the last column:")


def extension_points(text: str) -> list[str]:
    """Return the rows of the table “where do I put…”: the only one of five columns."""
    lines = [line for line in text.splitlines() if line.count("|") == 6]
    return [line for line in lines[1:] if not line.startswith("|---")]


def test_every_document_the_code_speaks_of_exists():
    places = [*files_in(ROOT / "src", ".py", ".html"), *files_in(ROOT / "scripts", ".sh", ".py")]
    found = [
        f"{shown(path)}: {name}"
        for path in places
        for name in re.findall(r"\bdocs/[\w/]+\.md\b", text_of(path))
        if not (ROOT / name).is_file()
    ]

    assert places
    assert not found, report(found, "Write the document or correct the path:")


def test_both_readmes_offer_the_same_links_and_sections():
    english, chinese = (text_of(ROOT / name) for name in READMES)

    def links(text):
        return sorted(set(LINK.findall(text)) - set(READMES))

    def headings(text):
        return [line.split(" ")[0] for line in text.splitlines() if line.startswith("#")]

    assert links(english) == links(chinese)
    assert headings(english) == headings(chinese)


def test_every_decision_has_a_number_of_its_own_and_says_why():
    records = files_in(DOCS / "decisions", ".md")
    numbers = [int(path.name[:4]) for path in records]
    found = [
        shown(path)
        for path in records
        if not all(f"\n## {part}" in text_of(path) for part in ("Context", "Decision", "Price"))
        or len(text_of(path).splitlines()) > 60
    ]

    assert numbers == list(range(1, len(records) + 1))
    assert not found, report(found, "Half a page: Context, Decision, Price:")


def test_missing_paths_and_links_are_found_and_examples_left_alone():
    text = (
        "`src/chedai/core/money.py` `core/money.py` `money.py` `GET /deals/` `a/b` `tests/`\n"
        "`src/chedai/core/gone.py` `nowhere.py` `new_lender.yaml` \n"
        "`policy/rules/gone.py` `.venv/bin/pytest`\n"
        "```\n`src/in_a_fence.py`\n```\n"
        "[good](money.py) [bad](gone.md#part) [worse](money.py#no-such-part)\n"
        "[far](https://example.org/x.md)\n"
    )

    assert missing_paths(text) == ["src/chedai/core/gone.py", "nowhere.py", "policy/rules/gone.py"]
    assert broken_links(text, SRC / "core") == ["gone.md#part", "money.py#no-such-part"]
    assert anchors("# Where do I put…?\n") == {"where-do-i-put"}
