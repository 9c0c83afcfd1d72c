"""Terms and tables with boring defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from chedai.portfolio.columns import CONTRACTS, OPEN_ITEMS
from chedai.portfolio.days import STILL_OPEN_ON
from chedai.portfolio.terms import ClassificationScheme, CloseTerms

BANK = ClassificationScheme(
    id="bank_loan",
    special_mention_over_days=0,
    substandard_over_days=90,
    doubtful_over_days=270,
    loss_over_days=360,
)
CARD = ClassificationScheme(
    id="card",
    special_mention_over_days=0,
    substandard_over_days=90,
    doubtful_over_days=120,
    loss_over_days=180,
)
SIXTY = ClassificationScheme(
    id="sixty_days",
    special_mention_over_days=0,
    substandard_over_days=60,
    doubtful_over_days=270,
    loss_over_days=360,
)
LOSS_RATES_PPM = (5_000, 50_000, 150_000, 300_000, 500_000, 600_000, 700_000, 850_000)


def make_terms(as_of: date = date(2026, 6, 30), **changed: Any) -> CloseTerms:
    return CloseTerms(
        **{
            "as_of": as_of,
            "schemes": (BANK, CARD, SIXTY),
            "observation_months": 6,
            "observation_instalments": 2,
            "restructured_observation_months": 12,
            "loss_rates_ppm": LOSS_RATES_PPM,
            **changed,
        }
    )


def contract(contract_id: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "contract_id": contract_id,
        "disbursed_on": date(2026, 1, 10),
        "principal_fen": 1_200_000,
        "grace_days": 0,
        "instalment_months": 1,
        "classification_scheme": "bank_loan",
        "allocation_order": "penalty_fee_interest_principal",
        "restructured_on": None,
        "loss_given_default_ppm": 450_000,
        **changed,
    }


def item(contract_id: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "contract_id": contract_id,
        "number": 1,
        "due_on": date(2026, 2, 10),
        "open_from": date(2026, 1, 10),
        "open_until": STILL_OPEN_ON,
        "paused_days": 0,
        "is_counting": True,
        "principal_fen": 100_000,
        "interest_fen": 5_000,
        "charges_fen": 0,
        **changed,
    }


def contracts_table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=CONTRACTS)


def items_table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=OPEN_ITEMS)
