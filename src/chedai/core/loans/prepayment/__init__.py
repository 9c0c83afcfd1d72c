"""Paying early: what it costs, what it saves, and until when a rebate is worth it."""

from chedai.core.loans.prepayment.partial import (
    PartialPrepayment,
    PrepaymentMode,
    partial_prepayment,
)
from chedai.core.loans.prepayment.rebate import (
    RebateTruth,
    break_even_month,
    gain_over_cash_fen,
    rebate_truth,
    winning_months,
)
from chedai.core.loans.prepayment.settlement import (
    Payoff,
    Settlement,
    early_settlement,
    payoff_after,
)
from chedai.core.loans.prepayment.terms import (
    Amortisation,
    ChargeBase,
    PrepaymentTerms,
    TooEarlyToPrepayError,
)

__all__ = [
    "Amortisation",
    "ChargeBase",
    "PartialPrepayment",
    "Payoff",
    "PrepaymentMode",
    "PrepaymentTerms",
    "RebateTruth",
    "Settlement",
    "TooEarlyToPrepayError",
    "break_even_month",
    "early_settlement",
    "gain_over_cash_fen",
    "partial_prepayment",
    "payoff_after",
    "rebate_truth",
    "winning_months",
]
