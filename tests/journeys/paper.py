"""A printed proposal, read back as a person would read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from playwright.sync_api import Page

NO_BREAK = re.compile(r"\s+")


def fetch_pdf(page: Page, address: str) -> bytes:
    """Fetch with the cookies of the window."""
    answer = page.request.get(address)
    assert answer.status == 200, answer.status
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def text_of(pdf: bytes) -> str:
    """All text, white space left out: lines break where the paper ends."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    # A negative number is set with a true minus.
    return NO_BREAK.sub("", "".join(pages)).replace("\u2212", "-")
