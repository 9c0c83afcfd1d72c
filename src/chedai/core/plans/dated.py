"""A plan on its days: due dates, the first period, the rate by days, money that comes by year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chedai.core.dates import due_dates
from chedai.core.loans.cost import (
    CostOfCredit,
    RateError,
    Subsidy,
    cash_flows,
    cost_of_plan,
    cost_on_dates,
    flows_on_dates,
)
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import cash_on_the_day, lost_discount


@dataclass(frozen=True, kw_only=True)
class DatedCost:
    """What a plan costs by its days; the rates are ratios.

    ``apr_compound`` is ``R`` of ``Σ flow / (1 + R)^(days/365) = 0``, ``apr_simple`` twelve times
    its monthly rate.
    ``is_odd`` tells a first period that is no whole month; ``counts_days`` a lender whose interest
    follows the days, at least those of the first period.
    """

    disbursed_on: date
    first_due_on: date
    first_period_days: int
    is_odd: bool
    counts_days: bool
    apr_simple: float
    apr_compound: float


@dataclass(frozen=True)
class Owed:
    """What is owed over a stretch of days, from the first up to, not including, the second."""

    starts_on: date
    ends_before: date
    outstanding_fen: int


def due_dates_of(plan: Plan) -> tuple[date, ...]:
    """Return the day of every instalment."""
    days = plan.loan_terms.interest_days
    return due_dates(
        plan.first_due_on, plan.term_months, day_of_month=days.anchor_day if days else None
    )


def dated_cost(plan: Plan) -> DatedCost | None:
    """Price the plan on its actual days; None where no rate fits the flows."""
    disbursed_on = plan.inputs.dates.starts_on
    due_on = due_dates_of(plan)
    flows = cash_flows(
        plan.schedule,
        plan.fees,
        lost_cash_discount_fen=_lost_fen(plan),
        subsidies=cash_on_the_day(plan.product),
    )
    try:
        cost = cost_on_dates(flows_on_dates(flows, disbursed_on=disbursed_on, due_on=due_on))
    except RateError:
        return None
    return DatedCost(
        disbursed_on=disbursed_on,
        first_due_on=plan.first_due_on,
        first_period_days=(plan.first_due_on - disbursed_on).days,
        is_odd=due_dates(disbursed_on, 2)[1] != plan.first_due_on,
        counts_days=plan.loan_terms.interest_days is not None,
        apr_simple=cost.apr_simple,
        apr_compound=cost.apr_compound,
    )


def owed_over_days(plan: Plan) -> Iterator[Owed]:
    """Yield what is owed from disbursement to the last due date, stretch by stretch."""
    starts_on = plan.inputs.dates.starts_on
    for paid, due_on in enumerate(due_dates_of(plan)):
        yield Owed(starts_on, due_on, plan.schedule.outstanding_after(paid))
        starts_on = due_on


def contract_rate(plan: Plan) -> float:
    """Return the contract's own yearly rate: as written, or 12 × the monthly rate of a fee.

    Fees beside the instalments do not belong to it. A ratio; 0 where the instalments bear nothing.
    """
    if plan.loan_terms.nominal_rate_annual:
        return float(plan.loan_terms.nominal_rate_annual)
    try:
        return max(cost_of_plan(plan.schedule).apr_simple, 0.0)
    except RateError:
        return 0.0


def cost_with_yearly_refunds(
    plan: Plan, refunds_fen: Mapping[int, int], *, name: str
) -> CostOfCredit | None:
    """Price the plan if so much came back in each calendar year, with that year's last instalment.

    None where no rate fits any more.
    """
    due_on = due_dates_of(plan)
    months = {year: max(sum(day.year <= year for day in due_on), 1) for year in refunds_fen}
    refunds = [
        Subsidy(code="yearly_refund", name=name, amount_fen=fen, month=months[year])
        for year, fen in refunds_fen.items()
        if fen
    ]
    try:
        return cost_of_plan(
            plan.schedule,
            plan.fees,
            lost_cash_discount_fen=_lost_fen(plan),
            subsidies=(*cash_on_the_day(plan.product), *refunds),
        )
    except RateError:
        return None


def _lost_fen(plan: Plan) -> int:
    return lost_discount(plan.product, plan.inputs.cash_discount_fen)
