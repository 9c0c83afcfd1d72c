"""Nothing is left undone, skipped, or tied to one machine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import ROOT, SRC, TESTS, all_files, python_files, report, shown, text_of

THIS = Path(__file__).resolve()

UNDONE = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
SKIPPED = re.compile(r"(mark\.(skip|skipif|xfail)|pytest\.(skip|xfail|importorskip)|@skip)\b")
# A home folder, a working folder at the root, a neighbour beside the checkout, a drive.
MACHINE_PATH = re.compile(
    r"(?<![\w.}/\-])/(?:home|Users|root|work|workspace)/[\w.]"
    r"|(?<![\w./])\.\./(?!\.\./)shared\b|\b[A-Z]:\\\\"
)
DOWNLOAD_HOST = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|npmmirror\.com"
    r"|pypi\.tuna\.\w+|mirrors\.\w+\.\w+|conda\.anaconda\.org|proxy\.golang\.org)"
)
INDEX_OPTION = re.compile(r"^\s*(--index-url|--extra-index-url|--find-links|registry\s*=)", re.M)


def lines_with(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    """List the lines the pattern matches, each with its place."""
    return [
        f"{shown(path)}:{number}: {line.strip()[:80]}"
        for path in paths
        if path != THIS
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_is_left_to_be_done():
    found = lines_with(UNDONE, python_files(SRC, TESTS))

    assert not found, report(found, "Finish it, or leave it out and open an issue:")


def test_no_test_is_skipped_or_expected_to_fail():
    found = lines_with(SKIPPED, python_files(TESTS))

    assert not found, report(found, "Make it run or delete it; a skipped test protects nothing:")


def test_no_file_names_a_folder_of_one_machine():
    found = lines_with(MACHINE_PATH, all_files())

    assert not found, report(found, "Write a path inside the checkout, or take it as an option:")


def test_no_file_names_a_download_host():
    found = lines_with(DOWNLOAD_HOST, all_files()) + lines_with(INDEX_OPTION, all_files())

    assert not found, report(found, "Where packages come from is the machine's own setting:")


def test_leftovers_of_every_kind_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "def later(): raise NotImplementedError\n"
        "@pytest.mark.skip\n"
        "see /home/lin/chedai and ../shared/notes.md\n"
        "https://pypi.org/simple\n"
        "--index-url=somewhere\n"
        "POST /deals/D1/work/ answers 204\n"
    )

    lines = [
        [int(line.split(":")[1]) for line in lines_with(pattern, [page])]
        for pattern in (UNDONE, SKIPPED, MACHINE_PATH, DOWNLOAD_HOST, INDEX_OPTION)
    ]

    assert lines == [[1], [2], [3], [4], [5]]


def test_the_whole_checkout_is_read():
    assert ROOT / "pyproject.toml" in all_files()
