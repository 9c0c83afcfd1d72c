from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.documents.printing.reading import fonts_of, pages_of
from tests.documents.printing.sheets import FONT_FOLDER

from chedai.documents.printing import (
    FontsMissingError,
    PrintingMeans,
    TypesettingFailedError,
    printing_means,
    render_pdf,
)

if TYPE_CHECKING:
    from pathlib import Path

MADE_AT = datetime(2026, 11, 23, 6, 8, tzinfo=UTC)
PLAIN = """
#let said = json(bytes(sys.inputs.sheet))
#set text(font: "Noto Sans SC", lang: "zh")
#said.greeting #str(decimal(said.rate) * 100)%
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "plain.typ"
    file.write_text(PLAIN)
    return file


def render(template: Path, **changes: object) -> bytes:
    values = {"greeting": "您好，陈先生", "rate": "0.0388"} | changes
    return render_pdf(template, values, font_folder=FONT_FOLDER, created_at=MADE_AT)


def test_values_are_printed_as_selectable_text(template: Path) -> None:
    (page,) = pages_of(render(template))

    assert page == "您好，陈先生3.8800%"


def test_the_same_values_give_the_same_bytes(template: Path, tmp_path: Path) -> None:
    earlier = render(template)
    render(template, greeting="另一位")
    copied = tmp_path / "elsewhere" / "plain.typ"
    copied.parent.mkdir()
    copied.write_text(PLAIN)

    assert render(template) == earlier
    assert render(copied) == earlier


def test_another_day_of_creation_gives_other_bytes(template: Path) -> None:
    values = {"greeting": "您好", "rate": "1"}
    days = (MADE_AT, MADE_AT.replace(day=24))

    first, second = (
        render_pdf(template, values, font_folder=FONT_FOLDER, created_at=day) for day in days
    )

    assert first != second


def test_a_rare_character_of_a_name_is_printed_and_its_font_embedded(template: Path) -> None:
    pdf = render(template, greeting="喆㛃镕")

    assert "喆㛃镕" in pages_of(pdf)[0]
    assert set(fonts_of(pdf).values()) == {True}


def test_missing_fonts_are_named_with_the_folder_and_the_way_out(
    template: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "NotoSansSC_400Regular.ttf").write_bytes(b"")

    with pytest.raises(FontsMissingError) as refused:
        render_pdf(template, {}, font_folder=folder, created_at=MADE_AT)

    message = str(refused.value)
    assert "NotoSansSC_500Medium.ttf、NotoSansSC_700Bold.ttf" in message
    assert str(folder) in message
    assert "make assets" in message


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("#json(bytes(sys.inputs.sheet)).absent", "absent"),
        ('#set text(font: "Absent Font")\nabc', "absent font"),
    ],
)
def test_a_layout_that_cannot_be_set_is_a_named_failure(
    tmp_path: Path, written: str, said: str
) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text(written)

    with pytest.raises(TypesettingFailedError, match=said):
        render(broken)


def test_a_value_without_place_on_paper_is_refused(template: Path) -> None:
    with pytest.raises(TypeError, match="datetime"):
        render(template, greeting=MADE_AT)


def test_means_name_what_changed_between_two_prints(template: Path) -> None:
    before = printing_means(template, font_folder=FONT_FOLDER)
    (template.parent / "parts.typ").write_text("#let ink = luma(0)")
    after = printing_means(template, font_folder=FONT_FOLDER)

    assert before.differences(before) == ()
    assert before.differences(after) == ("版式",)
    other = PrintingMeans(layout_digest=before.layout_digest, font_digest="", typesetter="typst 0")
    assert before.differences(other) == ("字体", "排版程序")
