"""Typesets a template with values to PDF: the same input gives the same bytes.

Nothing of the machine enters a PDF: fonts come from one folder, the day of creation is given.
What else the bytes depend on (layout, fonts, typesetter) is named by ``printing_means``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

FONT_WEIGHTS = ("400Regular", "500Medium", "700Bold")
FONT_FILE = "NotoSansSC_{}.ttf"

_COMPILER_IN_USE = Lock()
"""A compiler keeps what it has laid out for the next run, and serves one thread at a time."""


class FontsMissingError(Exception):
    """The folder lacks Chinese font files; without them the print would show empty boxes."""


class TypesettingFailedError(Exception):
    """The layout cannot set these values; the message is the typesetter's."""


@dataclass(frozen=True, kw_only=True)
class PrintingMeans:
    """What the bytes of a PDF depend on beside its values; digests are SHA-256 in hex."""

    layout_digest: str
    font_digest: str
    typesetter: str

    def differences(self, other: PrintingMeans) -> tuple[str, ...]:
        """Names of the means that differ, in Chinese, for a message."""
        labels = {"layout_digest": "版式", "font_digest": "字体", "typesetter": "排版程序"}
        mine, theirs = asdict(self), asdict(other)
        return tuple(label for name, label in labels.items() if mine[name] != theirs[name])


def render_pdf(
    template: Path, values: Mapping[str, object], *, font_folder: Path, created_at: datetime
) -> bytes:
    """Set ``values`` by ``template``; the template reads them as ``json(bytes(sys.inputs.sheet))``.

    ``FontsMissingError`` when ``font_folder`` lacks a weight of Noto Sans SC.

    Parameters
    ----------
    values
        Plain JSON values; Decimals become strings, which the template reads with ``decimal()``.
    created_at
        Aware moment written into the file as its day of creation.

    Raises
    ------
    TypesettingFailedError
        The template does not compile with these values, or asks for a font it does not get.
    """
    _demand_fonts(font_folder)
    compiler = _compiler(template, font_folder)
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)
    try:
        with _COMPILER_IN_USE:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf",
                sys_inputs={"sheet": written},
                timestamp=int(created_at.timestamp()),
            )
    except typst.TypstError as failure:
        raise TypesettingFailedError(f"{template.name}:{failure.diagnostic}") from failure
    if warnings:
        raise TypesettingFailedError(f"{template.name}:{warnings[0].message}")
    assert isinstance(pdf, bytes)
    return pdf


def printing_means(template: Path, *, font_folder: Path) -> PrintingMeans:
    """Digest of the layout (every ``.typ`` beside the template), of the fonts, and the typesetter.

    ``FontsMissingError`` when ``font_folder`` lacks a weight of Noto Sans SC.
    """
    layout = hashlib.sha256()
    for part in sorted(template.parent.glob("*.typ")):
        layout.update(part.name.encode() + b"\0" + part.read_bytes() + b"\0")
    files = _demand_fonts(font_folder)
    stamps = tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return PrintingMeans(
        layout_digest=layout.hexdigest(),
        font_digest=_digest_of_files(stamps),
        typesetter=f"typst {version('typst')}",
    )


def _demand_fonts(font_folder: Path) -> tuple[Path, ...]:
    files = tuple(font_folder / FONT_FILE.format(weight) for weight in FONT_WEIGHTS)
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise FontsMissingError(
            f"缺少中文字体 {'、'.join(missing)}，应在 {font_folder} 中。"
            "请先运行 make assets 取得字体。"
        )
    return files


@lru_cache(maxsize=8)
def _compiler(template: Path, font_folder: Path) -> Any:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[font_folder],
    )
    return typst.Compiler(
        template, root=template.parent, font_paths=fonts, ignore_system_fonts=True
    )


@lru_cache(maxsize=8)
def _digest_of_files(stamps: tuple[tuple[Path, int, int], ...]) -> str:
    digest = hashlib.sha256()
    for file, _, _ in stamps:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no place on paper")
