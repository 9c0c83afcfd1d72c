"""What a PDF says and is made of, read back."""

from __future__ import annotations

import ctypes
import re

import pypdfium2
import pypdfium2.raw as pdfium


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page without any white space, as a reader selects it."""
    document = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document]


def page_sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(pdf)
    return [
        (round(width / 72 * 25.4), round(height / 72 * 25.4))
        for width, height in (page.get_size() for page in document)
    ]


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Name of every font on the pages → whether it is embedded."""
    found = {}
    for page in pypdfium2.PdfDocument(pdf):
        for text in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
            font = pdfium.FPDFTextObj_GetFont(text.raw)
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
            found[name.value.decode()] = pdfium.FPDFFont_GetIsEmbedded(font) == 1
    return found


def type_sizes_of(pdf: bytes) -> set[float]:
    """Return the sizes of all text, in points."""
    sizes = set()
    for page in pypdfium2.PdfDocument(pdf):
        for text in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
            size = ctypes.c_float()
            pdfium.FPDFTextObj_GetFontSize(text.raw, size)
            sizes.add(round(size.value, 1))
    return sizes
