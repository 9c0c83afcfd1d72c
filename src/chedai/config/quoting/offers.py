"""A row of text as an offer that can be priced, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chedai.config.quoting.columns import COLUMNS, LABELS
from chedai.config.quoting.faults import CellError, Fault
from chedai.core.loans.terms import (
    FIELDS_OF_METHOD,
    Fee,
    ImpossibleTermsError,
    LoanTerms,
    check_fees,
)

TERMS_OF_COLUMN: Final = {
    "method": "method",
    "principal_yuan": "principal_fen",
    "term_months": "term_months",
    "nominal_rate_annual": "nominal_rate_annual",
    "flat_fee_rate_total": "flat_fee_rate_total",
    "flat_fee_timing": "flat_fee_timing",
    "balloon_yuan": "balloon_fen",
    "interest_only_months": "interest_only_months",
    "segments": "segments",
    "segment_base": "segment_base",
    "slack_months": "slack_months",
    "slack_principal_ratio": "slack_principal_ratio",
    "rent_timing": "rent_timing",
    "deposit_yuan": "deposit_fen",
}
COLUMN_OF_TERMS: Final = {field: column for column, field in TERMS_OF_COLUMN.items()}
METHOD_MEANT_BY: Final = {"flat_fee_rate_total": "flat_fee", "segments": "stepped"}
"""What a row without a method means when it has this entry; else equal instalments."""
READERS: Final = {column.name: column.read for column in COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One contract and what is paid beside it; whole fen.

    ``fees_fen`` are taken at the start, ``monthly_fee_fen`` with every instalment; both are
    conditions of the loan. ``lost_discount_fen`` is what only a cash buyer gets, ``rebate_fen``
    what only a borrower gets.
    """

    id: str
    line: int
    terms: LoanTerms
    fees_fen: int = 0
    monthly_fee_fen: int = 0
    lost_discount_fen: int = 0
    rebate_fen: int = 0


def offer_of(line: int, row: Mapping[str, str]) -> Offer | tuple[Fault, ...]:
    """Read one row, named by column; empty cells are left out by the caller."""
    told, faults = _read(row)
    if faults:
        return faults
    method = told.get("method") or next(
        (meant for name, meant in METHOD_MEANT_BY.items() if name in told), "equal_instalment"
    )
    faults = _missing({**told, "method": method})
    if faults:
        return faults
    fields = {TERMS_OF_COLUMN[name]: told[name] for name in told if name in TERMS_OF_COLUMN}
    try:
        terms = LoanTerms(**{**fields, "method": method})
        fees_fen = told.get("fees_yuan", 0)
        check_fees(principal_fen=terms.principal_fen, fees=_fees(fees_fen))
    except ImpossibleTermsError as error:
        return (Fault(_column(error.field), error.message_zh),)
    return Offer(
        id=told.get("id", ""),
        line=line,
        terms=terms,
        fees_fen=fees_fen,
        monthly_fee_fen=told.get("monthly_fee_yuan", 0),
        lost_discount_fen=told.get("lost_discount_yuan", 0),
        rebate_fen=told.get("rebate_yuan", 0),
    )


def _read(row: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    told, faults = {}, []
    for name, text in row.items():
        try:
            told[name] = READERS[name](text)
        except CellError as error:
            faults.append(Fault(name, str(error)))
    return told, tuple(faults)


def _missing(told: Mapping[str, Any]) -> tuple[Fault, ...]:
    wanted = ["principal_yuan", "term_months"]
    if "nominal_rate_annual" in FIELDS_OF_METHOD[told["method"]]:
        wanted.append("nominal_rate_annual")
    return tuple(
        Fault(name, f"请填{LABELS[name]}{'；免息写 0' if 'rate' in name else ''}")
        for name in wanted
        if name not in told
    )


def _fees(fees_fen: int) -> tuple[Fee, ...]:
    return (Fee(code="fees", name="费用", amount_fen=fees_fen, payee=""),) if fees_fen else ()


def _column(field: str) -> str:
    return {"fees": "fees_yuan"}.get(field) or COLUMN_OF_TERMS.get(field, field)
