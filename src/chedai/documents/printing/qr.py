"""QR codes as SVG text."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET_ZONE_MODULES = 2
"""The standard asks for 4 around a code; white paper margins supply the rest."""


def qr_svg(text: str) -> str:
    """Draw ``text`` as a QR code of error level M; the same text gives the same SVG.

    Parameters
    ----------
    text
        At most 2,331 bytes; an address of under 100 characters keeps modules above 0.4 mm at 2 cm.
    """
    written = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(written, kind="svg", xmldecl=False, border=QUIET_ZONE_MODULES, omitsize=True)
    return written.getvalue().decode()
