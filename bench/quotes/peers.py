"""What others offer. Each does its own job: what it leaves out is said in its label."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy_financial
import pyxirr
from amortization.schedule import amortization_schedule
from loan_calculator import Loan as DailyLoan
from mortgage import Loan as MortgageLoan
from tests.core.plans.builders import make_version

from chedai.core.dates import add_months
from chedai.core.plans.columns import price_block
from chedai.core.plans.kernel.columns import LoanColumns
from chedai.core.plans.product import FeeRule, TermOffer

LENT_ON = date(2026, 11, 20)
NUMPY_METHODS = frozenset({"equal_instalment", "equal_principal", "balloon", "flat_fee"})


def irr_alone(solve: Callable[[list[float]], Any], flows: list[list[float]]) -> Callable[[], Any]:
    return lambda: [solve(row) for row in flows]


def solvers() -> dict[str, Callable[[list[float]], Any]]:
    return {
        "pyxirr.irr alone, flows ready": pyxirr.irr,
        "numpy_financial.irr alone, flows ready": numpy_financial.irr,
    }


def equal_instalments_only(loans: LoanColumns) -> list[tuple[float, float, int]]:
    """Principal in yuan, annual rate, months: what the loan libraries take."""
    chosen = []
    for row in range(len(loans)):
        terms = loans.terms_of(row)
        if terms.method == "equal_instalment" and terms.term_months % 12 == 0:
            rate = float(terms.nominal_rate_annual)
            chosen.append((terms.principal_fen / 100, rate, terms.term_months))
    return chosen


def loan_libraries(
    plain: list[tuple[float, float, int]],
) -> dict[str, Callable[[], Any]]:
    return {
        "amortization 3: float schedule, no IRR": lambda: [
            list(amortization_schedule(*row)) for row in plain
        ],
        "mortgage 1: unrounded Decimal, whole years, no IRR": lambda: [
            MortgageLoan(principal=Decimal(str(amount)), interest=rate, term=months // 12)
            for amount, rate, months in plain
        ],
        "loan-calculator 1: daily rate, float, no IRR": lambda: [
            DailyLoan(
                amount,
                rate,
                start_date=LENT_ON,
                return_dates=[add_months(LENT_ON, month) for month in range(1, months + 1)],
            )
            for amount, rate, months in plain
        ],
    }


def numpy_batch(loans: LoanColumns) -> tuple[Callable[[], np.ndarray], LoanColumns]:
    """Our own NumPy columns, product by product; only the methods that have arrays there."""
    fee = FeeRule(
        code="fee",
        name="费",
        payee="清禾咨询(虚构)",
        basis="ratio_of_principal",
        ratio=Decimal("0.02"),
        timing="upfront",
        is_condition_of_loan=True,
        is_refundable=False,
    )
    blocks = []
    for number, terms in enumerate(loans.conditions):
        if terms.method not in NUMPY_METHODS:
            continue
        offer = TermOffer(
            term_months=terms.term_months,
            nominal_rate_annual=terms.nominal_rate_annual if terms.method != "flat_fee" else None,
            flat_fee_rate_total=terms.flat_fee_rate_total,
            balloon_ratio=Decimal("0.3") if terms.method == "balloon" else Decimal(0),
        )
        product = make_version(method=terms.method, offers=(offer,), fees=(fee,)).terms
        rows = np.flatnonzero(loans.condition_index == number)
        blocks.append((product, offer, rows))
    chosen = np.concatenate([rows for _, _, rows in blocks])

    def run() -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.concatenate(
                [
                    price_block(
                        terms=product, offer=offer, principal_fen=loans.principal_fen[rows]
                    ).apr_simple
                    / 12
                    for product, offer, rows in blocks
                ]
            )

    same = LoanColumns.of(
        conditions=loans.conditions,
        condition_index=loans.condition_index[chosen],
        principal_fen=loans.principal_fen[chosen],
        balloon_fen=loans.balloon_fen[chosen],
        taken_at_start_fen=loans.taken_at_start_fen[chosen],
    )
    return run, same
