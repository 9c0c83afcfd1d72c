"""The monthly rate of one tile: Newton on ``Σ paid_k v^k = received`` in v (compiled).

With payments ≥ 0 the sum rises and is convex in v > 0, so there is one root and Newton comes down
to it; where money comes back in the last month, the root found is checked. Runs of equal payments
are summed by doubling (``A_2k = A_k (1 + v^k)``), which divides by nothing and so holds for rates
of zero and below.
"""

import numpy as np

from chedai.core.plans.kernel.columns import Ints
from chedai.core.plans.kernel.compiling import compiled
from chedai.core.plans.kernel.tiles import (
    ADDED_EACH,
    ADDED_FIRST,
    ADDED_LAST,
    DISCOUNT,
    GOOD,
    LANES,
    LAST_PAID,
    MOMENT,
    MONTHS,
    NET,
    PAY,
    POWER,
    REACHED,
    SLOPE,
    STEP,
    SUM,
    TOTAL,
    VALUE,
    Work,
    line_of,
)

STEP_ENOUGH = 1e-7
"""Newton's error is about squared at each step: below this it leaves 1e-12 at most."""
STEPS_MAX = 12
DURATION_MIN = 0.25
"""Of the term: where money comes back, a slope below this might hide a second rate nearby."""
V_MIN = 0.05
V_MAX = 2.0


@compiled
def solve_runs(work: Work, months: Ints, run_count: int, term: int) -> None:
    """Solve payments given by runs; ``DISCOUNT`` holds the answer where ``GOOD`` stays."""
    _add_each(work, run_count, term)
    _moments_of_runs(work, months, run_count, term)
    _begin(work)
    for _ in range(STEPS_MAX):
        _value_of_runs(work, months, run_count, term)
        if _step(work) == 0:
            break
    _check_converged(work)
    _check_single(work, term)


@compiled
def solve_months(work: Work, term: int) -> None:
    """Solve payments given month by month."""
    _add_each_month(work, term)
    _moments_of_months(work, term)
    _begin(work)
    for _ in range(STEPS_MAX):
        _value_of_months(work, term)
        if _step(work) == 0:
            break
    _check_converged(work)


@compiled
def _add_each_month(work: Work, term: int) -> None:
    """Put what is paid beside the instalments into the months; below zero is for the oracle."""
    for lane in range(LANES):
        work[MONTHS + lane] += work[ADDED_FIRST + lane]
        work[STEP + lane] = 0.0
    final = line_of(work, MONTHS, term - 1)
    for lane in range(LANES):
        final[lane] += work[ADDED_LAST + lane]
    for month in range(term):
        line = line_of(work, MONTHS, month)
        for lane in range(LANES):
            paid = line[lane] + work[ADDED_EACH + lane]
            line[lane] = paid
            work[STEP + lane] = work[STEP + lane] if work[STEP + lane] < paid else paid
    for lane in range(LANES):
        work[GOOD + lane] = work[GOOD + lane] if work[STEP + lane] >= 0.0 else 0.0


@compiled
def _moments_of_months(work: Work, term: int) -> None:
    """Leave Σ paid in ``TOTAL``, Σ k·paid in ``POWER`` and Σ k²·paid in ``SUM``."""
    for lane in range(LANES):
        work[TOTAL + lane] = 0.0
        work[POWER + lane] = 0.0
        work[SUM + lane] = 0.0
    for month in range(term):
        line = line_of(work, MONTHS, month)
        when = float(month + 1)
        square = when * when
        for lane in range(LANES):
            paid = line[lane]
            work[TOTAL + lane] += paid
            work[POWER + lane] += when * paid
            work[SUM + lane] += square * paid


@compiled
def _add_each(work: Work, run_count: int, term: int) -> None:
    """Put what is paid beside the instalments into the payments; below zero is for the oracle.

    In the last month alone money may come back, if the credit costs something all the same: then
    the flows turn twice, and one root lies between discounts of 0 and 1 (Descartes).
    """
    for run in range(run_count):
        pay = line_of(work, PAY, run)
        for lane in range(LANES):
            pay[lane] += work[ADDED_EACH + lane]
            work[GOOD + lane] = work[GOOD + lane] if pay[lane] >= 0.0 else 0.0
    for lane in range(LANES):
        work[LAST_PAID + lane] += work[ADDED_EACH + lane] + work[ADDED_LAST + lane]
        work[TOTAL + lane] += (
            term * work[ADDED_EACH + lane] + work[ADDED_FIRST + lane] + work[ADDED_LAST + lane]
        )
        is_dear = work[LAST_PAID + lane] >= 0.0 or work[TOTAL + lane] > work[NET + lane]
        work[GOOD + lane] = work[GOOD + lane] if is_dear else 0.0
        work[GOOD + lane] = work[GOOD + lane] if work[ADDED_FIRST + lane] >= 0.0 else 0.0


@compiled
def _moments_of_runs(work: Work, months: Ints, run_count: int, term: int) -> None:
    """Leave Σ k·paid in ``POWER`` and Σ k²·paid in ``SUM``."""
    latest = float(term)
    for lane in range(LANES):
        work[POWER + lane] = work[ADDED_FIRST + lane] + latest * work[LAST_PAID + lane]
        work[SUM + lane] = work[ADDED_FIRST + lane] + latest * latest * work[LAST_PAID + lane]
    done = 0
    for run in range(run_count):
        pay = line_of(work, PAY, run)
        count = months[run] - 1 if run == run_count - 1 else months[run]
        once = _power_sum(done + count, 1) - _power_sum(done, 1)
        twice = _power_sum(done + count, 2) - _power_sum(done, 2)
        for lane in range(LANES):
            work[POWER + lane] += once * pay[lane]
            work[SUM + lane] += twice * pay[lane]
        done += count


@compiled
def _power_sum(last: int, degree: int) -> float:
    if degree == 1:
        return last * (last + 1) / 2.0
    return last * (last + 1) * (2 * last + 1) / 6.0


@compiled
def _begin(work: Work) -> None:
    """Guess v from the first two moments: ``ln(total / received) = mean·d − spread·d²/2``."""
    for lane in range(LANES):
        total = work[TOTAL + lane]
        net = work[NET + lane]
        is_good = work[GOOD + lane] > 0.0 and net > 0.0 and total > 0.0
        work[GOOD + lane] = 1.0 if is_good else 0.0
        net = net if is_good else 1.0
        total = total if is_good else 1.0
        mean = work[POWER + lane] / total if is_good else 1.0
        spread = work[SUM + lane] / total - mean * mean if is_good else 0.0
        z = (total - net) / (total + net)
        log = 2.0 * z * (1.0 + z * z * (1.0 / 3.0 + z * z * (0.2 + z * z / 7.0)))
        inside = mean * mean - 2.0 * spread * log
        inside = inside if inside > 0.0 else 0.0
        d = 2.0 * log / (mean + np.sqrt(inside))
        v = 1.0 / (1.0 + d * (1.0 + d * (0.5 + d / 6.0)))
        v = v if v > V_MIN else V_MIN
        work[DISCOUNT + lane] = v if v < V_MAX else V_MAX


@compiled
def _value_of_runs(work: Work, months: Ints, run_count: int, term: int) -> None:
    """Leave Σ paid·v^k in ``VALUE`` and Σ k·paid·v^k in ``SLOPE``."""
    for lane in range(LANES):
        work[REACHED + lane] = 1.0
        work[VALUE + lane] = work[ADDED_FIRST + lane] * work[DISCOUNT + lane]
        work[SLOPE + lane] = work[VALUE + lane]
    done = 0
    for run in range(run_count):
        count = months[run] - 1 if run == run_count - 1 else months[run]
        if count > 0:
            _sum_by_doubling(work, count)
            _add_run(work, run, done)
        done += count
    latest = float(term)
    for lane in range(LANES):
        worth = work[LAST_PAID + lane] * work[REACHED + lane] * work[DISCOUNT + lane]
        work[VALUE + lane] += worth
        work[SLOPE + lane] += latest * worth


@compiled
def _sum_by_doubling(work: Work, count: int) -> None:
    """Leave v^count in ``POWER``, Σ v^k in ``SUM`` and Σ k·v^k in ``MOMENT``, k to ``count``."""
    for lane in range(LANES):
        v = work[DISCOUNT + lane]
        work[POWER + lane] = v
        work[SUM + lane] = v
        work[MOMENT + lane] = v
    bit = 1
    while bit * 2 <= count:
        bit *= 2
    reached = 1
    while bit > 1:
        bit //= 2
        length = float(reached)
        reached *= 2
        is_odd = count & bit
        if is_odd:
            reached += 1
            latest = float(reached)
            for lane in range(LANES):
                old, total, moment = work[POWER + lane], work[SUM + lane], work[MOMENT + lane]
                new = old * old * work[DISCOUNT + lane]
                work[POWER + lane] = new
                work[SUM + lane] = total + total * old + new
                work[MOMENT + lane] = moment + old * (moment + length * total) + latest * new
        else:
            for lane in range(LANES):
                old, total, moment = work[POWER + lane], work[SUM + lane], work[MOMENT + lane]
                work[POWER + lane] = old * old
                work[SUM + lane] = total + total * old
                work[MOMENT + lane] = moment + old * (moment + length * total)


@compiled
def _add_run(work: Work, run: int, done: int) -> None:
    pay = line_of(work, PAY, run)
    before = float(done)
    for lane in range(LANES):
        weight = pay[lane] * work[REACHED + lane]
        work[VALUE + lane] += weight * work[SUM + lane]
        work[SLOPE + lane] += weight * (work[MOMENT + lane] + before * work[SUM + lane])
        work[REACHED + lane] *= work[POWER + lane]


@compiled
def _value_of_months(work: Work, term: int) -> None:
    """Leave the same two sums by Horner's rule."""
    for lane in range(LANES):
        work[VALUE + lane] = 0.0
        work[SLOPE + lane] = 0.0
    for month in range(term - 1, -1, -1):
        line = line_of(work, MONTHS, month)
        for lane in range(LANES):
            v, value = work[DISCOUNT + lane], work[VALUE + lane]
            work[SLOPE + lane] = work[SLOPE + lane] * v + value
            work[VALUE + lane] = value * v + line[lane]
    for lane in range(LANES):
        v, value = work[DISCOUNT + lane], work[VALUE + lane]
        work[SLOPE + lane] = v * (value + v * work[SLOPE + lane])
        work[VALUE + lane] = value * v


@compiled
def _step(work: Work) -> int:
    """Take one step in every lane; say how many good lanes moved more than enough."""
    moved = 0
    for lane in range(LANES):
        v = work[DISCOUNT + lane]
        step = v * (work[VALUE + lane] - work[NET + lane]) / work[SLOPE + lane]
        v -= step
        work[DISCOUNT + lane] = v if v > V_MIN else V_MIN
        work[STEP + lane] = abs(step)
        moved += 1 if abs(step) * work[GOOD + lane] > STEP_ENOUGH else 0
    return moved


@compiled
def _check_converged(work: Work) -> None:
    for lane in range(LANES):
        is_enough = work[STEP + lane] <= STEP_ENOUGH and work[DISCOUNT + lane] > V_MIN
        work[GOOD + lane] = work[GOOD + lane] if is_enough else 0.0


@compiled
def _check_single(work: Work, term: int) -> None:
    """Where money comes back, leave to the oracle what is not that root, or not alone there."""
    least = DURATION_MIN * term
    for lane in range(LANES):
        is_alone = work[DISCOUNT + lane] < 1.0 and work[SLOPE + lane] > least * work[VALUE + lane]
        is_good = work[LAST_PAID + lane] >= 0.0 or is_alone
        work[GOOD + lane] = work[GOOD + lane] if is_good else 0.0
