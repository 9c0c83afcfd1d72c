"""``chedai quote`` from its words to its files and its exit code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chedai.config.quoting import batch, command
from chedai.config.quoting.command import quote
from chedai.config.quoting.writing.csv_quotes import harmless

OFFER = ["--principal", "12万", "--term", "36", "--rate", "5.88%"]
HEADING = "编号,贷款额,期数,年利率,费用\n"
GOOD = "甲,120000,36,5.88%,2000\n"
BAD = "乙,NaN,36,500%,0\n"
SRC = Path(__file__).parents[2] / "src"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "offers.csv", encoding: str = "utf-8") -> str:
    (folder / name).write_text(text, encoding=encoding)
    return name


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- One offer --------------------------------------------------------------------------------


def test_one_offer_is_shown_in_words(capsys):
    assert quote(OFFER) == 0

    shown = capsys.readouterr().out
    assert "¥3,644.11" in shown  # 120,000 at 0.49 % a month over 36 months
    assert "5.88%" in shown


def test_one_offer_as_json_has_its_schedule_when_asked(capsys):
    assert quote([*OFFER, "--format", "json", "--schedule"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["first_payment_yuan"] == 3644.11
    assert len(told["schedule"]) == 36
    assert told["schedule"][-1]["outstanding_principal_yuan"] == 0
    assert sum(round(month["principal_yuan"] * 100) for month in told["schedule"]) == 12_000_000


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize(("asked", "lines"), [([], 1), (["--schedule"], 36)])
def test_one_offer_is_lines_for_programs(capsys, kind, asked, lines):
    assert quote([*OFFER, "--format", kind, *asked]) == 0

    assert len(capsys.readouterr().out.splitlines()) == lines + (kind == "csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--principal", "NaN", "--term", "36", "--rate", "1%"], "principal_yuan：“NaN” 不是金额"),
        (["--principal", "1", "--term", "36", "--rate", "500%"], "高于 100%"),
        (["--principal", "1", "--rate", "5%"], "term_months：请填期数"),
    ],
)
def test_one_offer_that_cannot_be_is_refused_by_entry(capsys, words, said):
    assert quote(words) == 1

    told = capsys.readouterr()
    assert said in told.err
    assert not told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "请给一笔贷款"),
        (["--principle", "1"], "命令写得不对"),
        (["offers.csv", *OFFER], "不能一起给"),
        (["offers.csv", "--schedule"], "不能一起给"),
        ([*OFFER, "--rejected", "x.csv"], "和文件一起用"),
        (["offers.csv", "--threads", "0"], "--threads"),
        (["offers.csv", "--format", "xlsx"], "命令写得不对"),
        (["nowhere.csv"], "没有文件"),
    ],
)
def test_a_command_that_cannot_be_understood_is_refused(capsys, words, said):
    assert quote(words) == 2

    assert said in capsys.readouterr().err


def test_help_is_given_in_chinese(capsys):
    with pytest.raises(SystemExit) as ended:
        quote(["--help"])

    assert ended.value.code == 0
    assert "真实成本" in capsys.readouterr().out


# --- A file -----------------------------------------------------------------------------------


def test_a_file_becomes_a_file_in_its_order(folder, capsys):
    write(folder, HEADING + GOOD + GOOD.replace("甲", "丙"))

    assert quote(["offers.csv", "--output", "quotes.csv"]) == 0

    rows = rows_of(folder / "quotes.csv")
    assert [row["id"] for row in rows] == ["甲", "丙"]
    assert [row["line"] for row in rows] == ["2", "3"]
    assert rows[0]["first_payment_yuan"] == "3644.11"
    assert rows[0]["paid_at_start_yuan"] == "2000.00"
    assert not list(folder.glob("*rejected*"))
    assert "算好 2 行" in capsys.readouterr().err


def test_bad_rows_go_to_a_file_of_their_own_that_can_be_corrected(folder, capsys):
    write(folder, HEADING + GOOD + BAD, encoding="gb18030")

    assert quote(["offers.csv", "--output", "quotes.csv"]) == 1

    assert len(rows_of(folder / "quotes.csv")) == 1
    (rejected,) = rows_of(folder / "quotes.rejected.csv")
    assert rejected["field"] == "principal_yuan nominal_rate_annual"
    assert "高于 100%" in rejected["message"]
    assert rejected["编号"] == "乙"
    assert "1 行有误" in capsys.readouterr().err

    corrected = (folder / "quotes.rejected.csv").read_text("utf-8-sig")
    write(folder, corrected.replace("NaN,36,500%", "1,36,5%"), "again.csv")
    assert quote(["again.csv", "--output", "more.csv"]) == 0


def test_an_older_file_of_bad_rows_is_not_taken_for_a_new_one(folder):
    write(folder, HEADING + BAD)
    assert quote(["offers.csv", "--output", "quotes.csv"]) == 1
    write(folder, HEADING + GOOD)

    assert quote(["offers.csv", "--output", "quotes.csv"]) == 0

    assert rows_of(folder / "quotes.rejected.csv") == []


def test_without_a_file_bad_rows_are_told_beside_the_good_ones(folder, capsys):
    write(folder, HEADING + GOOD + BAD)

    assert quote(["offers.csv", "--format", "csv"]) == 1

    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2
    assert "第 3 行 principal_yuan" in told.err


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("q.json", json.loads),
        ("q.jsonl", lambda text: [json.loads(line) for line in text.splitlines()]),
    ],
)
def test_json_goes_in_and_comes_out(folder, name, read):
    offer = {"id": "甲", "principal_yuan": 120000, "term_months": 36, "nominal_rate_annual": 0.0588}
    write(folder, json.dumps([offer, {**offer, "id": "乙", "fees_yuan": 1999}, 7]), "in.json")

    assert quote(["in.json", "--output", name]) == 1

    told = read((folder / name).read_text())
    assert [row["id"] for row in told] == ["甲", "乙"]
    assert told[0]["apr_simple"] == pytest.approx(0.0588, abs=1e-6)
    rejected = json.loads((folder / "q.rejected.jsonl").read_text())
    assert (rejected["line"], rejected["field"]) == (3, "json")


def test_a_table_keeps_its_columns_under_wide_characters(folder, capsys):
    write(folder, HEADING + GOOD + GOOD.replace("甲", "ab\u4e59"))

    assert quote(["offers.csv"]) == 0

    _, first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("甲" + " " * 12)
    assert second.startswith("ab乙" + " " * 10)


def test_a_heading_alone_gives_an_empty_result(folder):
    write(folder, HEADING)

    assert quote(["offers.csv", "--output", "q.json"]) == 0

    assert json.loads((folder / "q.json").read_text()) == []


# --- What a spreadsheet would run -------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\uff1d1+1", "  =1", "%0A=1"]
)
def test_a_formula_is_neutralised(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["甲", "-5", "+3.20", "-0.5%", "", "a=b"])
def test_what_is_no_formula_stays(cell):
    assert harmless(cell) == cell


def test_neither_output_carries_a_formula(folder):
    evil = '"=HYPERLINK(""http://x.invalid"")"'
    write(folder, HEADING + GOOD.replace("甲", evil) + BAD.replace("乙", evil))

    assert quote(["offers.csv", "--output", "q.csv"]) == 1

    (good,), (bad,) = rows_of(folder / "q.csv"), rows_of(folder / "q.rejected.csv")
    assert good["id"].startswith("'=")
    assert bad["编号"].startswith("'=")


def test_a_terminal_is_not_steered_by_a_file(folder, capsys):
    write(folder, HEADING + GOOD.replace("120000", "\x1b[2J1"))

    assert quote(["offers.csv"]) == 1

    assert "\x1b" not in capsys.readouterr().err


# --- Whole or not at all ----------------------------------------------------------------------


def test_a_file_broken_in_its_middle_leaves_what_was_there(folder, capsys, monkeypatch):
    monkeypatch.setattr(batch, "CHUNK_ROWS", 1)
    write(folder, HEADING + GOOD * 3 + '"甲,120000\n')
    (folder / "quotes.csv").write_text("older")

    assert quote(["offers.csv", "--output", "quotes.csv"]) == 2

    assert (folder / "quotes.csv").read_text() == "older"
    assert sorted(os.listdir(folder)) == ["offers.csv", "quotes.csv"]
    assert "第 5 行" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("broken", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "停下了"),
        (OSError(28, "No space left on device"), 2, "没有留下半个文件"),
    ],
)
def test_an_interrupted_run_leaves_nothing(folder, capsys, monkeypatch, broken, code, said):
    def interrupted(*_told, **_named):
        raise broken

    monkeypatch.setattr(command, "quote_rows", interrupted)
    write(folder, HEADING + GOOD)

    assert quote(["offers.csv", "--output", "quotes.csv"]) == code

    assert os.listdir(folder) == ["offers.csv"]
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--output", "offers.csv"], "另一个文件"),
        (["--output", "q.csv", "--rejected", "./q.csv"], "另一个文件"),
        (["--output", "q.csv", "--rejected", "offers.csv"], "另一个文件"),
        (["--output", "."], "文件夹"),
        (["--output", "no/such/q.csv"], "写不了"),
    ],
)
def test_an_output_that_would_do_harm_is_refused(folder, capsys, words, said):
    write(folder, HEADING + GOOD)

    assert quote(["offers.csv", *words]) == 2

    assert said in capsys.readouterr().err
    assert os.listdir(folder) == ["offers.csv"]


# --- Many rows --------------------------------------------------------------------------------


def test_chunks_give_what_one_row_at_a_time_gives(folder, monkeypatch):
    rows = "".join(f"{n},{100_000 + n},{12 + n % 48},{n % 15}.{n % 7}%,{n}\n" for n in range(2_500))
    write(folder, HEADING + rows)

    assert quote(["offers.csv", "--output", "kernel.csv", "--threads", "2"]) == 0
    monkeypatch.setattr(batch, "CHUNK_ROWS", 7)
    assert quote(["offers.csv", "--output", "small.csv"]) == 0

    kernel, small = (rows_of(folder / name) for name in ("kernel.csv", "small.csv"))
    assert len(kernel) == 2_500
    assert kernel == small


def test_progress_is_what_has_been_read_and_written(folder, capsys, monkeypatch):
    monkeypatch.setattr(batch, "CHUNK_ROWS", 100)
    write(folder, HEADING + GOOD * 5_000)

    assert quote(["offers.csv", "--output", "q.csv"]) == 0

    *steps, end = capsys.readouterr().err.splitlines()
    done = [int(line.split("算好 ")[1].split(" 行")[0].replace(",", "")) for line in steps]
    assert 5 <= len(steps) <= 10
    assert done == sorted(set(done))
    assert done[-1] == 5_000
    assert "5,000" in end


def test_neither_django_nor_a_database_is_needed(folder):
    write(folder, HEADING + GOOD)
    program = (
        "import sys; sys.argv = ['chedai', 'quote', 'offers.csv', '--format', 'json'];"
        "from chedai.config.cli import main; code = main();"
        "assert not {'django', 'psycopg'} & set(sys.modules); sys.exit(code)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(SRC), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)[0]["id"] == "甲"


def test_a_reader_that_goes_away_is_no_trouble(folder):
    write(folder, HEADING + GOOD * 20_000)
    program = (
        "import sys; from chedai.config.quoting.command import quote; sys.exit(quote(sys.argv[1:]))"
    )

    ended = subprocess.run(
        f'"{sys.executable}" -c "{program}" offers.csv --format csv | head -1',
        env={"PYTHONPATH": str(SRC), "PATH": os.environ["PATH"]},
        capture_output=True,
        shell=True,
        check=False,
        text=True,
        encoding="utf-8",
    )

    assert "Traceback" not in ended.stderr
    assert ended.stdout.startswith("id,line")


def test_the_examples_of_the_how_to_run(folder, capsys):
    page = (SRC.parent / "docs/howto/quote_a_file.md").read_text("utf-8")
    commands = [
        line.split()[2:] for line in page.splitlines() if line.startswith(".venv/bin/chedai quote")
    ]
    write(folder, next(block for block in page.split("```") if block.startswith("\n编号,")))

    assert [quote(words) for words in commands] == [0, 0, 0]

    assert len(rows_of(folder / "quotes.csv")) == 2
    assert "有误" not in capsys.readouterr().err.splitlines()[-1]
