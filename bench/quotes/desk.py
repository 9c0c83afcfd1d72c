"""What the desk asks: one car, every product of the demonstration, every choice of add-ons.

A full search prices all products x terms x down payments in steps of 100 yuan x add-ons, keeps what
meets the needs, names the best at each objective and builds the three plans. Its front is measured
apart: no page shows it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bench.quotes import shop
from bench.quotes.measuring import latencies_ms
from chedai.core.plans.matrix import Matrix, MatrixInputs, price_matrix
from chedai.core.plans.plan import CostLine
from chedai.core.plans.search import PlanNeeds, SearchInputs, SearchResult, search, search_at
from chedai.core.plans.shortlist import ThreePlans, three_plans

STEP_FEN = 100_00
CASH_FEN = 200_000_00
TERMS_MONTHS = (36, 48, 60)
DOWNS_FEN = (90_000_00, 105_000_00, 120_000_00)
WARRANTY = CostLine(code="warranty", name="延保", amount_fen=3_600_00, payee="延保公司（虚构）")
CHOICES = ((), shop.ADD_ONS, (WARRANTY,), (*shop.ADD_ONS, WARRANTY))
FULL_SEARCH = "full search, {:,} plans, and the three to show"
MATRIX = "matrix, 3 × 3 cells of {} products"


def measure() -> dict[str, dict[str, float]]:
    """Return the latencies, by what was asked."""
    inputs = [replace(shop.searches(STEP_FEN)[0], add_ons=add_ons) for add_ons in CHOICES]
    needs = PlanNeeds(cash_fen=CASH_FEN)
    results = [search(one, needs) for one in inputs]
    plans = plans_priced()
    products = len(inputs[0].products)
    return {
        FULL_SEARCH.format(plans): latencies_ms(lambda: full_search(inputs, needs), calls=20),
        f"the same plans' fronts, {sum(len(r.columns) for r in results):,} that are affordable": (
            latencies_ms(lambda: [result.front_rows() for result in results], calls=10)
        ),
        f"search of one choice, {results[0].considered_count:,} plans": latencies_ms(
            lambda: search(inputs[0], needs), calls=40
        ),
        f"search at one down payment, {products} products": latencies_ms(
            lambda: search_at(inputs[0], needs, down_payment_fen=DOWNS_FEN[0]), calls=60
        ),
        MATRIX.format(products): latencies_ms(lambda: matrix(inputs[0]), calls=60),
    }


def plans_priced() -> int:
    """Count the plans of a full search."""
    plain = shop.searches(STEP_FEN)[0]
    needs = PlanNeeds(cash_fen=CASH_FEN)
    return sum(
        search(replace(plain, add_ons=add_ons), needs).considered_count for add_ons in CHOICES
    )


def full_search(inputs: list[SearchInputs], needs: PlanNeeds) -> list[ThreePlans]:
    return [three_plans(search(one, needs)) for one in inputs]


def matrix(inputs: SearchInputs) -> Matrix:
    cells = MatrixInputs(
        products=inputs.products,
        car=inputs.car,
        first_due_on=inputs.first_due_on,
        disbursed_on=inputs.disbursed_on,
        purchase_costs=inputs.purchase_costs,
        add_ons=inputs.add_ons,
    )
    return price_matrix(cells, terms_months=TERMS_MONTHS, down_payments_fen=DOWNS_FEN)


def megabytes_per_million() -> float:
    """Memory of the columns of a search, held at once."""
    result = search(shop.searches(STEP_FEN)[0], PlanNeeds(cash_fen=10**12))
    return _bytes(result) / len(result.columns)


def _bytes(result: SearchResult) -> int:
    arrays: list[Any] = [v for v in vars(result.columns).values() if isinstance(v, np.ndarray)]
    return sum(array.nbytes for array in arrays)
