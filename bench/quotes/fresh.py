"""The first quote of a process: started anew each time, timed inside, imports apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
WITH_KERNEL = "the kernel loaded for them"
QUOTE = """
import sys, time
begun = time.perf_counter()
from decimal import Decimal
import numpy as np
from chedai.core.loans.terms import LoanTerms
from chedai.core.plans.kernel.columns import LoanColumns
from chedai.core.plans.kernel.pricing import price_columns
imported, used = time.perf_counter(), time.process_time()
rows = int(sys.argv[1])
terms = LoanTerms(method="equal_instalment", principal_fen=1, term_months=60,
                  nominal_rate_annual=Decimal("0.0588"))
price_columns(LoanColumns.of(conditions=[terms], condition_index=np.zeros(rows, dtype=np.int64),
                             principal_fen=np.arange(rows) * 10_000 + 5_000_000))
print((imported - begun) * 1000, (time.perf_counter() - imported) * 1000,
      (time.process_time() - used) * 1000)
"""
SEARCH = """
import sys, time
begun = time.perf_counter()
from bench.quotes import desk, shop
from chedai.config.launch.quote_kernel import load_in_background
from chedai.core.plans.search import PlanNeeds, search, search_at
inputs = shop.searches(desk.STEP_FEN)[0]
needs = PlanNeeds(cash_fen=desk.CASH_FEN)
imported, used = time.perf_counter(), time.thread_time()
loading = load_in_background() if sys.argv[1] == "loading" else None
desk.matrix(inputs)
if sys.argv[2] == "all":
    search(inputs, needs)
else:
    search_at(inputs, needs, down_payment_fen=desk.DOWNS_FEN[0])
print((imported - begun) * 1000, (time.perf_counter() - imported) * 1000,
      (time.thread_time() - used) * 1000)
if loading is not None:
    loading.join()
"""


def first_quotes_ms() -> dict[str, dict[str, float]]:
    """Best of three by the clock; ``cpu`` is that of the quote alone, whoever else is busy."""
    return {
        "1 plan": _best(QUOTE, "1"),
        "200 plans": _best(QUOTE, "200"),
        f"8,640 plans, {WITH_KERNEL}": _best(QUOTE, "8640"),
        "desk: matrix and one down payment, no kernel": _best(SEARCH, "alone", "one"),
        "desk, the kernel loading beside": _best(SEARCH, "loading", "one"),
        "desk and every down payment, no kernel": _best(SEARCH, "alone", "all"),
    }


def _best(code: str, *arguments: str) -> dict[str, float]:
    runs = [_run(code, *arguments) for _ in range(RUNS)]
    imports, quote, cpu = min(runs, key=lambda run: run[1])
    return {"imports": imports, "first quote": quote, "cpu": cpu}


def _run(code: str, *arguments: str) -> tuple[float, ...]:
    told = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )
    return tuple(map(float, told.stdout.split()))
