"""QR codes as SVG text."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET_ZONE_MODULES = 2
"""The standard asks for 4 around a code; white paper margins supply the rest."""


def qr_svg(text: str, *, width_px: int | None = None) -> str:
    """Draw ``text`` as a QR code of error level M; the same text gives the same SVG.

    Parameters
    ----------
    text
        At most 2,331 bytes; an address of under 100 characters keeps modules above 0.4 mm at 2 cm.
    width_px
        Size on a screen; None = as large as the place it is put.
    """
    written = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(written, kind="svg", xmldecl=False, border=QUIET_ZONE_MODULES, omitsize=True)
    drawn = written.getvalue().decode()
    if width_px is None:
        return drawn
    return drawn.replace("<svg ", f'<svg width="{width_px}" height="{width_px}" ', 1)
