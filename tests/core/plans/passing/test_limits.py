from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.core.plans.builders import make_eligibility
from tests.core.plans.passing.brute import make_case

from chedai.core.plans.passing.case import Debts, PassNeeds
from chedai.core.plans.passing.grid import GRID_LIMITS
from chedai.core.plans.passing.limits import (
    LIMIT_WORDS,
    QUOTE_LIMITS,
    TERM_LIMITS,
    settled_needed,
    term_breaches,
)


@pytest.mark.parametrize(
    ("changes", "longest"),
    [
        ({"needs": PassNeeds(term_months_max=36)}, 36),
        # due from December 2026: the 24th falls on 10 November 2028
        ({"needs": PassNeeds(last_due_on_max=date(2028, 11, 10))}, 24),
        ({"needs": PassNeeds(last_due_on_max=date(2028, 11, 9))}, 23),
        ({"customer": {"age_years": 57}, "rules": {"age_years_max_at_end": 60}}, 36),
        (
            {
                "car": {"condition": "used", "age_months": 60},
                "rules": {"max_vehicle_age_months_at_end": 96},
            },
            36,
        ),
    ],
)
def test_a_term_breaks_a_limit_one_month_beyond_it(changes: dict[str, Any], longest: int):
    rules = make_eligibility(**changes.pop("rules", {}))
    case = make_case(product={"eligibility": rules}, **changes)

    assert term_breaches(case, longest) == frozenset()
    assert len(term_breaches(case, longest + 1)) == 1


@pytest.mark.parametrize(
    ("payment_fen", "settled_fen"),
    # half of 9,000 is 4,500, and 900 a month are owed already
    [(3_600_00, 0), (3_600_01, 100_00), (3_700_00, 100_00), (4_450_00, 900_00), (9_000_00, 900_00)],
)
def test_debts_are_settled_in_whole_steps_and_no_further_than_they_go(
    payment_fen: int, settled_fen: int
):
    debts = Debts(monthly_fen=900_00, max_debt_to_income=Decimal("0.5"), settle_months=10)
    case = make_case(debts=debts)

    assert settled_needed(case, np.array([payment_fen])).tolist() == [settled_fen]


def test_debts_without_a_known_income_are_not_guessed_at():
    debts = Debts(monthly_fen=900_00, max_debt_to_income=Decimal("0.5"), settle_months=10)
    case = make_case(debts=debts, customer={"monthly_income_fen": None})

    assert settled_needed(case, np.array([9_000_00])).tolist() == [0]


def test_every_limit_can_be_said():
    rules = make_eligibility(max_instalment_to_income=Decimal("0.5"))
    case = make_case(product={"eligibility": rules})

    for name in (*GRID_LIMITS, *TERM_LIMITS, *QUOTE_LIMITS):
        assert LIMIT_WORDS[name](case)
