"""The desk: matrix, three plans, trades and every product's answer for one deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from chedai.core.plans.eligibility import OUTCOME_LABELS, Outcome, Verdict
from chedai.core.plans.explanation import give_ups, prepayment_text, solution_text, trade_text
from chedai.core.plans.matrix import Matrix, MatrixInputs, around, price_matrix
from chedai.core.plans.plan import CostLine, Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import price
from chedai.core.plans.product import ProductTerms, ProductVersion
from chedai.core.plans.search import SearchResult
from chedai.core.plans.shortlist import cheapest_aprs, three_plans
from chedai.core.plans.solver import Goal, Trade, solve
from chedai.core.plans.steps import on_whole_step, raised_text
from chedai.deals.models import Deal
from chedai.planning.models import PinnedPlan
from chedai.reception.queries.scenes import Scene, purchase_at
from chedai.reception.queries.shortlists import (
    objectives_of,
    refused_of,
    shortlist_of,
    verdicts_of,
    ways_out,
)

LETTERS: Final = "ABC"
REASONS_TOLD: Final = 1


@dataclass(frozen=True, kw_only=True)
class Card:
    """One plan on the table, with what it is best at and what it gives up."""

    letter: str
    name: str
    plan: Plan
    gives_up: tuple[str, ...]
    prepayment_words: str
    odds: str
    odds_reasons: tuple[str, ...]
    apr_rank: int
    apr_rank_of: int
    pin_reason: str = ""
    raised_words: str = ""


@dataclass(frozen=True, kw_only=True)
class LostPin:
    """A pinned plan that cannot be made any more: why it was wanted, and what happened to it."""

    letter: str
    reason: str
    trouble: str


@dataclass(frozen=True, kw_only=True)
class CashCard:
    """Buying without a loan; fen."""

    price_fen: int
    beside_fen: int
    total_fen: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """A trade in words, and the form values that would take it."""

    sentence: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Trades:
    """Ways to keep the customer's limit, when the plan in the middle misses it."""

    title: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, kw_only=True)
class ProductAnswer:
    """One product's answer: its plan in the middle of the matrix, or why not."""

    terms: ProductTerms
    outcome: Outcome
    outcome_label: str
    plan: Plan | None
    reasons: tuple[str, ...]
    raised_words: str = ""


@dataclass(frozen=True, kw_only=True)
class DeskView:
    """Everything the desk shows; what only the desk itself shows is computed when it does.

    Plans, lesson and proposal need the cards alone: the matrix is a third of the work.
    """

    scene: Scene
    refused: Mapping[str, Refusal]
    cards: tuple[Card, ...]
    cash: CashCard
    relaxations: tuple[str, ...]
    # Cheapest yearly cost of every product and term this need can have today, ascending.
    market_apr_bp: tuple[int, ...]

    @cached_property
    def matrix(self) -> Matrix:
        """Three terms by three down payments."""
        scene = self.scene
        return price_matrix(
            MatrixInputs(
                products=scene.products,
                car=scene.car,
                first_due_on=scene.first_due_on,
                disbursed_on=scene.on,
                payment_max_fen=scene.payment_max_fen,
                refused=self.refused,
                purchase_costs=scene.costs,
            ),
            terms_months=scene.terms_months,
            down_payments_fen=around(
                base_fen=scene.down_payment_fen, increment_fen=scene.down_payment_step_fen
            ),
        )

    @cached_property
    def trades(self) -> Trades | None:
        """Ways to the monthly limit, if the middle of the matrix misses it."""
        return _trades(self.scene, self.matrix)


def desk_view(scene: Scene, *, pins: Sequence[PinnedPlan] = ()) -> DeskView:
    """Compute the desk for one scene."""
    verdicts = verdicts_of(scene)
    refused = refused_of(scene, verdicts)
    found = shortlist_of(scene, refused)
    cards = cards_of(scene, found, verdicts, pins)
    return DeskView(
        scene=scene,
        refused=refused,
        cards=cards,
        cash=cash_of(scene),
        relaxations=() if cards else ways_out(scene, verdicts, refused),
        market_apr_bp=tuple(sorted(cheapest_aprs(found).values())),
    )


def cards_of(
    scene: Scene, result: SearchResult, verdicts: Mapping[str, Verdict], pins: Sequence[PinnedPlan]
) -> tuple[Card, ...]:
    """Put at most three plans on the table: the engine's, and in their place what was pinned."""
    named = three_plans(result, objectives=objectives_of(scene.facts)).plans
    pinned = _pinned(scene, pins)
    plans = [pinned[letter][0] for letter in LETTERS if letter in pinned]
    kept = [n for n in named if n.plan.key not in {plan.key for plan in plans}]
    chosen = [*plans, *(n.plan for n in kept)][: len(LETTERS)]
    chosen.sort(key=lambda plan: (plan.extra_over_cash_fen, plan.payment_fen))
    titles = {n.plan.key: n for n in named}
    reasons = {plan.key: reason for plan, reason in pinned.values()}
    offers_count = max((n.apr_rank_of for n in named), default=0)
    return tuple(
        Card(
            letter=letter,
            name=titles[plan.key].title if plan.key in titles else "客户点名",
            plan=plan,
            gives_up=(
                *_loan_only(plan),
                *give_ups(plan, others=chosen, payment_max_fen=scene.payment_max_fen),
            ),
            prepayment_words=prepayment_text(plan),
            odds=OUTCOME_LABELS[verdicts[plan.key[0]].outcome],
            odds_reasons=_told(verdicts[plan.key[0]]),
            apr_rank=titles[plan.key].apr_rank if plan.key in titles else 0,
            apr_rank_of=offers_count,
            pin_reason=reasons.get(plan.key, ""),
            raised_words=raised_text(plan, wanted_fen=scene.down_payment_fen),
        )
        for letter, plan in zip(LETTERS, chosen, strict=False)
    )


def _told(verdict: Verdict) -> tuple[str, ...]:
    """One reason and a count: a list of everything unknown is read by nobody."""
    messages = [reason.message for reason in verdict.reasons]
    more = len(messages) - REASONS_TOLD
    return (*messages[:REASONS_TOLD], *((f"另有 {more} 项待核对",) if more > 0 else ()))


def _loan_only(plan: Plan) -> tuple[str, ...]:
    """Say a discount that only borrowers get: hidden, it would mislead about the price."""
    discount_fen = plan.product.loan_only_discount_fen
    if not discount_fen:
        return ()
    return (f"车价里有 {discount_fen // 100:,} 元优惠只给贷款客户，付全款没有",)


def product_answers(scene: Scene) -> list[ProductAnswer]:
    """Answer for every product at the middle of the matrix: its plan, or how to satisfy it."""
    verdicts = verdicts_of(scene)
    refused = refused_of(scene, verdicts)
    answers = [
        _answer(scene, product, verdicts[product.version_id], refused.get(product.version_id))
        for product in scene.products
    ]
    return sorted(answers, key=_answer_order)


def plan_of(
    scene: Scene, *, version_id: str, term_months: int, down_payment_fen: int
) -> Plan | Refusal:
    """Price one plan of the scene; Refusal when the product is not on offer or cannot make it."""
    product = next((p for p in scene.products if p.version_id == version_id), None)
    if product is None:
        return Refusal("product", "这个产品今天不在产品库里")
    return price(plan_inputs(scene, product, term_months, down_payment_fen))


def plan_inputs(
    scene: Scene, product: ProductVersion, term_months: int, down_payment_fen: int
) -> PlanInputs:
    """Spell out what one plan of the scene is computed from; a whole loan raises what goes down."""
    dates = scene.dates_for(product)
    return on_whole_step(
        PlanInputs(
            product=product,
            car=scene.car,
            term_months=term_months,
            down_payment_fen=down_payment_fen,
            first_due_on=dates.first_due_on,
            disbursed_on=dates.disbursed_on,
            purchase_costs=scene.costs,
        )
    )


def cash_of(scene: Scene) -> CashCard:
    """Say what paying in full would take."""
    price_fen = scene.car.vehicle_price_fen
    beside_fen = sum(line.amount_fen for line in scene.costs)
    return CashCard(price_fen=price_fen, beside_fen=beside_fen, total_fen=price_fen + beside_fen)


def pins_of(deal: Deal) -> list[PinnedPlan]:
    """List the pinned plans of a deal."""
    return list(PinnedPlan.objects.filter(deal=deal).order_by("letter"))


def lost_pins(scene: Scene, pins: Sequence[PinnedPlan]) -> list[LostPin]:
    """List the pinned plans that cannot be made any more, with the reason."""
    return [
        LostPin(letter=pin.letter, reason=pin.reason, trouble=plan.message)
        for pin in pins
        if isinstance(plan := _plan_of_pin(scene, pin), Refusal)
    ]


def _pinned(scene: Scene, pins: Sequence[PinnedPlan]) -> dict[str, tuple[Plan, str]]:
    return {
        pin.letter: (plan, pin.reason)
        for pin in pins
        if isinstance(plan := _plan_of_pin(scene, pin), Plan)
    }


def _plan_of_pin(scene: Scene, pin: PinnedPlan) -> Plan | Refusal:
    return plan_of(
        scene,
        version_id=str(pin.product_version_id),
        term_months=pin.term_months,
        down_payment_fen=pin.down_payment_fen,
    )


def _answer(
    scene: Scene, product: ProductVersion, verdict: Verdict, refusal: Refusal | None
) -> ProductAnswer:
    terms = product.terms
    offered = [offer.term_months for offer in terms.offers]
    wanted = scene.terms_months[0]
    term_months = min(offered, key=lambda months: abs(months - wanted))
    plan = price(plan_inputs(scene, product, term_months, scene.down_payment_fen))
    reasons = tuple(
        dict.fromkeys(
            (
                *((refusal.message,) if refusal else ()),
                *(f"{r.message};{r.remedy}" if r.remedy else r.message for r in verdict.reasons),
            )
        )
    )
    if isinstance(plan, Refusal):
        return ProductAnswer(
            terms=terms,
            outcome="not_eligible",
            outcome_label="这个首付办不了",
            plan=None,
            reasons=(plan.message, *reasons),
        )
    return ProductAnswer(
        terms=terms,
        outcome="not_eligible" if refusal else verdict.outcome,
        outcome_label=OUTCOME_LABELS["not_eligible" if refusal else verdict.outcome],
        plan=plan,
        reasons=reasons,
        raised_words=raised_text(plan, wanted_fen=scene.down_payment_fen),
    )


def _answer_order(answer: ProductAnswer) -> tuple[int, int, str]:
    rank = {"eligible": 0, "refer": 0, "not_eligible": 1}[answer.outcome]
    extra_fen = answer.plan.extra_over_cash_fen if answer.plan else 0
    return (rank + (answer.plan is None), extra_fen, answer.terms.code)


def _trades(scene: Scene, matrix: Matrix) -> Trades | None:
    """Offer ways to the monthly limit from the middle row's shortest term that exists."""
    if scene.payment_max_fen is None:
        return None
    base = next((cell.plan for cell in matrix.rows[1] if cell.plan), None)
    if base is None:
        return None
    goal = Goal("payment", limit_fen=scene.payment_max_fen)
    solution = solve(base=base, goal=goal, costs_of=lambda fen: _costs_at(scene, fen))
    if solution.is_met or not solution.trades:
        return None
    title = solution_text(replace(solution, trades=solution.trades)).partition("：")[0]
    return Trades(
        title=f"{title}（{base.term_months} 期起）",
        ways=tuple(Way(sentence=trade_text(t), values=_values_of(t)) for t in solution.trades),
    )


def _costs_at(scene: Scene, price_fen: int) -> tuple[CostLine, ...]:
    return purchase_at(scene, price_fen)


def _values_of(trade: Trade) -> dict[str, str]:
    if trade.lever == "down_payment":
        return {"down_payment": str(trade.plan.down_payment_fen // 100)}
    if trade.lever == "price":
        return {
            "vehicle_price": str(trade.plan.inputs.car.vehicle_price_fen // 100),
            "down_payment": str(trade.plan.down_payment_fen // 100),
        }
    return {}
