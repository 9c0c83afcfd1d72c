"""Files as people save them: encodings, separators, headings, broken ends."""

from __future__ import annotations

import io
import sys

import pytest

from chedai.config.quoting.faults import QuoteRefusedError
from chedai.config.quoting.reading import Source, rows_of

HEADING = "编号,贷款额,期数,年利率\n"
ROW = "甲,120000,36,5.88%\n"


@pytest.fixture
def read(tmp_path):
    def rows(content: str | bytes, encoding: str = "utf-8"):
        path = tmp_path / "offers"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        with Source(str(path)) as source:
            return list(rows_of(source))

    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_as_spreadsheets_save_it(read, encoding, delimiter, end):
    content = (HEADING + ROW).replace(",", delimiter).replace("\n", end)

    (row,) = read(content, encoding)

    assert row.line == 2
    assert row.cells == {
        "id": "甲",
        "principal_yuan": "120000",
        "term_months": "36",
        "nominal_rate_annual": "5.88%",
    }


def test_a_character_on_the_edge_of_a_block_is_not_torn(read):
    filler = "甲" * (1 << 19)  # 1.5 MiB of UTF-8: the edge of a MiB falls into a character.
    rows = read(HEADING + "".join(f'"{filler[:40_000]}",1,1,1\n' for _ in range(13)))

    assert len(rows) == 13


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"  \n \n", "没有内容"),
        (b"PK\x03\x04rest", "Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0rest", "旧版 Excel"),
        (HEADING.encode("utf-16"), "UTF-16"),
        (b"a,b\0\n", "既不是 UTF-8 也不是 GB18030"),
        (b"\xff\xff\xff\xff", "既不是 UTF-8 也不是 GB18030"),
        ("贷款额,期数,利息\n".encode(), "不认识“利息”"),
        ("贷款额,期数,贷款本金\n".encode(), "有两列"),
        ("贷款额,年利率\n".encode(), "缺少列：期数"),
        ((HEADING + '"甲,120000\n').encode(), "引号"),
        ((HEADING + "x" * (1 << 20)).encode(), "第 2 行超过"),
        (b'{"principal_yuan":\n1}', "第一行读不懂"),
        (b'[{"principal_yuan": 1}', "断了"),
        (b'[{"principal_yuan": 1} {}]', "第 2 个对象"),
        (b"[{}] []", "还有别的内容"),
        (b"[" * 100_000, "不合 JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_way_out(read, content, said):
    with pytest.raises(QuoteRefusedError, match=said):
        read(content)


@pytest.mark.parametrize(("path", "said"), [("nowhere.csv", "没有文件"), (".", "打不开")])
def test_a_path_that_is_no_file_is_refused(path, said):
    with pytest.raises(QuoteRefusedError, match=said):
        Source(path)


def test_blank_lines_own_notes_and_rejected_headings_are_passed_over(read):
    rows = read("line,field,message,备注,,贷款额,期数\n\n9,x,y,z,,1,2\n , \n")

    assert [(row.line, row.cells) for row in rows] == [
        (3, {"principal_yuan": "1", "term_months": "2"})
    ]


def test_a_row_with_too_many_cells_is_its_own_fault(read):
    bad, good = read(HEADING + "甲,120,000,36,5.88%\n" + ROW)

    assert bad.faults[0].field == "cells"
    assert not good.faults


@pytest.mark.parametrize("form", ["[%s,\n %s]", "%s\n\n%s\n"])
def test_json_is_read_as_an_array_and_as_lines(read, form):
    one = '{"id": "甲", "principal_yuan": 120000.10, "期数": "36", "note": null}'

    rows = read(form % (one, one))

    assert [row.cells for row in rows] == [
        {"id": "甲", "principal_yuan": "120000.10", "term_months": "36"}
    ] * 2


def test_an_empty_array_has_no_rows(read):
    assert read(" [ ]\n") == []


def test_objects_on_the_edge_of_a_block_are_not_torn(read):
    one = '{"id": "%s", "term_months": 36}' % ("甲" * 50)

    rows = read(f"[{','.join([one] * 5_000)}]")

    assert len(rows) == 5_000
    assert {row.cells["term_months"] for row in rows} == {"36"}


@pytest.mark.parametrize(
    ("element", "field", "said"),
    [
        ("12", "json", "须是"),
        ('{"principal": 1}', "“principal”", "不认识"),
        ('{"term_months": [36]}', "term_months", "数字或文字"),
        ('{"term_months": true}', "term_months", "数字或文字"),
        ('{"term_months": 36, "期数": 36}', "term_months", "两次"),
    ],
)
def test_an_element_of_another_form_is_its_own_fault(read, element, field, said):
    bad, good = read(f'[{element}, {{"term_months": 1}}]')

    assert bad.faults[0].field == field
    assert said in bad.faults[0].message
    assert not good.faults


def test_a_line_that_is_not_json_is_its_own_fault(read):
    _, bad, good = read('{"term_months": 1}\n{"term_months": \n{"term_months": 3}\n')

    assert (bad.line, bad.faults[0].field) == (2, "json")
    assert good.cells == {"term_months": "3"}


def test_nan_in_json_reaches_the_cell_that_refuses_it(read):
    (row,) = read('[{"principal_yuan": NaN}]')

    assert row.cells == {"principal_yuan": "NaN"}


def test_standard_input_is_read_like_a_file(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((HEADING + ROW).encode())))

    with Source("-") as source:
        assert len(list(rows_of(source))) == 1
        assert source.read_ratio == 1
