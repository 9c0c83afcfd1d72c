"""A file fits into one reading: 400 lines; data may be longer."""

from pathlib import Path

from tests.house.tree import SRC, TESTS, files_in, report, shown

LINES_MAX = 400
CODE_SUFFIXES = (".py", ".html", ".js", ".css", ".typ", ".sql", ".sh")


def too_long(paths: list[Path]) -> list[str]:
    """List the files with more lines than a file may have."""
    counted = [(path, len(path.read_text("utf-8").splitlines())) for path in paths]
    return [f"{shown(path)}: {lines} lines" for path, lines in counted if lines > LINES_MAX]


def test_no_file_is_longer_than_four_hundred_lines():
    found = too_long(files_in(SRC, *CODE_SUFFIXES) + files_in(TESTS, *CODE_SUFFIXES))

    assert not found, report(found, "Turn the file into a folder of the same name:")


def test_a_file_is_found_from_one_line_beyond_the_limit(tmp_path):
    fits, beyond = tmp_path / "fits.py", tmp_path / "beyond.py"
    fits.write_text("a = 1\n" * 400)
    beyond.write_text("a = 1\n" * 401)

    assert too_long([fits, beyond]) == ["beyond.py: 401 lines"]
