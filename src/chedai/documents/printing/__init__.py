"""Paper: the proposal sheet, QR codes and the typesetting of both as PDF."""

from chedai.documents.printing.qr import qr_svg
from chedai.documents.printing.sheet import ProposalSheet
from chedai.documents.printing.typesetting import (
    FontsMissingError,
    PrintingMeans,
    TypesettingFailedError,
    printing_means,
    render_pdf,
)

__all__ = [
    "FontsMissingError",
    "PrintingMeans",
    "ProposalSheet",
    "TypesettingFailedError",
    "printing_means",
    "qr_svg",
    "render_pdf",
]
