"""Money a buyer needs beside the loan: tax and capped subsidies, every rate and cap passed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chedai.core.money import ROUNDINGS

if TYPE_CHECKING:
    from decimal import Decimal


def purchase_tax_fen(
    *,
    invoice_price_fen: int,
    vat_rate: Decimal,
    tax_rate: Decimal,
    relief_ratio: Decimal,
    relief_cap_fen: int | None,
) -> int:
    """Return the vehicle purchase tax, rounded once, half up.

    Parameters
    ----------
    invoice_price_fen
        With VAT; the tax base is without it.
    relief_ratio, relief_cap_fen
        Part of the tax forgiven and at most how much: 0 for none, 1 for exempt; no cap is None.
    """
    vat_part, vat_whole = (1 + vat_rate).as_integer_ratio()
    tax_part, tax_whole = tax_rate.as_integer_ratio()
    numerator = invoice_price_fen * vat_whole * tax_part
    denominator = vat_part * tax_whole
    relief_part, relief_whole = relief_ratio.as_integer_ratio()
    relief_is_capped = (
        relief_cap_fen is not None
        and numerator * relief_part > relief_cap_fen * denominator * relief_whole
    )
    if relief_is_capped and relief_cap_fen is not None:
        return ROUNDINGS["half_up"](numerator - relief_cap_fen * denominator, denominator)
    kept = relief_whole - relief_part
    return ROUNDINGS["half_up"](numerator * kept, denominator * relief_whole)


def capped_subsidy_fen(*, price_fen: int, ratio: Decimal, cap_fen: int) -> int:
    """Return a subsidy of a part of the price, at most ``cap_fen``; cut to the fen, never up."""
    numerator, denominator = ratio.as_integer_ratio()
    return min(ROUNDINGS["down"](price_fen * numerator, denominator), cap_fen)
