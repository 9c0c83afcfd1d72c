"""How a sheet becomes the printed proposal: layout, fonts, code and address of verification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from chedai.documents.printing import PrintingMeans, printing_means, qr_svg, render_pdf

if TYPE_CHECKING:
    from datetime import datetime

    from chedai.documents.printing import ProposalSheet

LAYOUT: Final = Path(__file__).parents[1] / "templates" / "planning" / "print" / "proposal.typ"
CODE_LENGTH: Final = 16
"""Hex digits of the sheet's digest that are printed: 64 bits."""


def font_folder() -> Path:
    """Folder of the Chinese fonts: the setting, or where ``make assets`` puts them."""
    given = getattr(settings, "CHEDAI_FONT_FOLDER", None)
    return Path(given) if given else Path(settings.BASE_DIR) / "static-built" / "fonts"


def print_sheet(sheet: ProposalSheet, *, verify_root: str, created_at: datetime) -> bytes:
    """Typeset the sheet; the same sheet, root and moment give the same bytes."""
    digest = sheet.digest()
    values = {
        "sheet": sheet.to_json(),
        "short_code": spaced_code(digest),
        "qr": qr_svg(f"{verify_root}{digest[:CODE_LENGTH]}/"),
    }
    return render_pdf(LAYOUT, values, font_folder=font_folder(), created_at=created_at)


def means_of_printing() -> PrintingMeans:
    """What beside the sheet decides the bytes of a print made now."""
    return printing_means(LAYOUT, font_folder=font_folder())


def spaced_code(digest: str) -> str:
    """Give the printed code in groups of four: ``d837 ba0b 6c96 d68c``."""
    return " ".join(digest[at : at + 4] for at in range(0, CODE_LENGTH, 4))
