"""The figures of a quote by name, in the order they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chedai.config.quoting.pricing import Quote

Figure = str | int | float | None

RATES: Final = ("apr_simple", "apr_compound")
HEADINGS: Final[Mapping[str, str]] = {
    "id": "编号",
    "line": "行",
    "method": "还款方式",
    "principal_yuan": "贷款额",
    "term_months": "期数",
    "first_payment_yuan": "首期月供",
    "highest_payment_yuan": "最高月供",
    "last_payment_yuan": "末期月供",
    "paid_at_start_yuan": "放款当天付",
    "total_charge_yuan": "利息和费用",
    "total_paid_yuan": "一共付",
    "extra_over_cash_yuan": "比全款多付",
    "apr_simple": "年化（单利）",
    "apr_compound": "年化（复利）",
    "rate_state": "年化说明",
}
RATE_DECIMALS: Final = 8


def figures_of(quote: Quote) -> tuple[Figure, ...]:
    """List the figures in the order of ``HEADINGS``; amounts in fen, rates as ratios."""
    offer = quote.offer
    return (
        offer.id,
        offer.line,
        offer.terms.method,
        offer.terms.principal_fen,
        offer.terms.term_months,
        quote.first_payment_fen,
        quote.highest_payment_fen,
        quote.last_payment_fen,
        quote.paid_at_start_fen,
        quote.total_charge_fen,
        quote.total_paid_fen,
        quote.extra_over_cash_fen,
        quote.apr_simple,
        quote.apr_compound,
        quote.rate_state,
    )


def yuan_text(fen: int) -> str:
    """Write an amount for a program to read: ``-3319.65``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def rate_text(ratio: float | None) -> str:
    """Write a ratio with eight decimals; nothing where there is none."""
    return "" if ratio is None else f"{ratio:.{RATE_DECIMALS}f}"
