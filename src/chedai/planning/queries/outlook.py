"""What may become of one plan: its days, its balloon, its rate, money the state may give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from chedai.core.loans.cost import CostOfCredit
from chedai.core.plans.balloon_routes import BalloonRoute, balloon_routes
from chedai.core.plans.bounds import offer_of
from chedai.core.plans.dated import (
    DatedCost,
    contract_rate,
    cost_with_yearly_refunds,
    dated_cost,
    owed_over_days,
)
from chedai.core.plans.plan import Plan, Refusal
from chedai.core.plans.pricing import price
from chedai.core.plans.repricing import (
    RepricingRow,
    floating_text,
    offer_at_lpr,
    repricing_scenario,
)
from chedai.planning.queries.explaining import rule_facts
from chedai.policy.evaluation import policy_day_for
from chedai.policy.later_money import InterestSpell, InterestSubsidy, interest_subsidy
from chedai.reception.queries.scenes import Scene, policy_book

ROUTE_LABELS: Final = {"pay": "付清尾款", "refinance": "尾款再贷", "return": "还车"}
LPR_PARAMETERS: Final = {"1Y": "lpr_1y", "5Y": "lpr_5y"}
RATE_DECIMALS: Final = Decimal("1e-8")


@dataclass(frozen=True, kw_only=True)
class RepricingDay:
    """One day on which the lender may set the rate anew, and what each shift would do."""

    reprices_on: date
    from_month: int
    rows: tuple[RepricingRow, ...]


@dataclass(frozen=True, kw_only=True)
class StateMoney:
    """The state's interest subsidy beside the contract: never a lower contract rate.

    ``cost_with`` is the cost if it really came; None where no rate fits.
    """

    subsidy: InterestSubsidy
    cost_with: CostOfCredit | None


@dataclass(frozen=True, kw_only=True)
class LprToday:
    """A base rate that moved since the product was priced; the plan at the one of today."""

    priced_at: Decimal
    published: Decimal
    published_from: date
    nominal_rate_annual: Decimal
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What the five figures of a plan do not say; parts a plan does not have are empty."""

    dated: DatedCost | None
    routes: tuple[tuple[str, BalloonRoute], ...]
    floating_words: str
    lpr_today: LprToday | None
    repricing: tuple[RepricingDay, ...]
    state_money: StateMoney | None


def outlook_of(scene: Scene, plan: Plan) -> Outlook:
    """Work out what may become of a plan."""
    return Outlook(
        dated=dated_cost(plan),
        routes=tuple((ROUTE_LABELS[route.kind], route) for route in balloon_routes(plan)),
        floating_words=floating_text(plan),
        lpr_today=_lpr_today(scene, plan),
        repricing=tuple(_repricing_days(plan)),
        state_money=_state_money(scene, plan),
    )


def _lpr_today(scene: Scene, plan: Plan) -> LprToday | None:
    """Price the plan at the rate published last; None where the product already has it."""
    offer = offer_of(plan.product, plan.term_months)
    assert not isinstance(offer, Refusal)
    if offer.lpr_tenor is None or offer.lpr_rate_annual is None:
        return None
    published = policy_book().on(scene.on).value_or_none(LPR_PARAMETERS[offer.lpr_tenor])
    if published is None or published.decimal == offer.lpr_rate_annual:
        return None
    moved = offer_at_lpr(offer, lpr_rate_annual=published.decimal)
    version = plan.inputs.product
    offers = tuple(moved if each == offer else each for each in version.terms.offers)
    product = replace(version, terms=replace(version.terms, offers=offers))
    today = price(replace(plan.inputs, product=product))
    if isinstance(today, Refusal):
        return None
    return LprToday(
        priced_at=offer.lpr_rate_annual,
        published=published.decimal,
        published_from=published.in_force_from,
        nominal_rate_annual=today.loan_terms.nominal_rate_annual,
        plan=today,
    )


def _repricing_days(plan: Plan) -> Iterator[RepricingDay]:
    rows = repricing_scenario(plan)
    for (day, from_month), same in groupby(rows, lambda row: (row.reprices_on, row.from_month)):
        yield RepricingDay(reprices_on=day, from_month=from_month, rows=tuple(same))


def _state_money(scene: Scene, plan: Plan) -> StateMoney | None:
    """Estimate the subsidy where it may apply: a private buyer, and no lease."""
    if scene.car.use != "private" or plan.contract_nature.startswith("finance_lease"):
        return None
    subsidy = interest_subsidy(
        spells=[
            InterestSpell(
                starts_on=owed.starts_on,
                ends_before=owed.ends_before,
                outstanding_principal_fen=owed.outstanding_fen,
            )
            for owed in owed_over_days(plan)
        ],
        contract_rate_annual=Decimal(contract_rate(plan)).quantize(RATE_DECIMALS),
        is_card_instalment=plan.contract_nature == "card_instalment",
        policy=policy_day_for(rule_facts(scene, plan), policy_book()),
    )
    if subsidy is None or not subsidy.amount_fen:
        return None
    refunds_fen = {flow.year: flow.amount_fen for flow in subsidy.flows}
    return StateMoney(
        subsidy=subsidy,
        cost_with=cost_with_yearly_refunds(plan, refunds_fen, name="财政贴息"),
    )
