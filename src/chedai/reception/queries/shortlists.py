"""From a scene to the search: who is ruled out, which limits hold, what matters to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chedai.core.plans.eligibility import OBJECTIONS, CustomerFacts, Verdict, judge
from chedai.core.plans.matrix import MatrixInputs, QuoteTable
from chedai.core.plans.needs_impact import PlansFound
from chedai.core.plans.plan import PlanInputs, Refusal
from chedai.core.plans.product import ProductVersion
from chedai.core.plans.quotes import Quote, QuoteBook
from chedai.core.plans.relaxation import Objected, relaxations
from chedai.core.plans.search import PlanNeeds, SearchInputs, SearchResult, search_at
from chedai.core.plans.steps import on_whole_step
from chedai.needs.facts import NeedFacts
from chedai.reception.queries.scenes import Scene

# A bridge until other money comes, not a way to pay for a car month by month: on the desk these
# are listed with their reason, and never compared with instalments.
REPAID_AT_THE_END: Final = frozenset({"bullet", "interest_first"})
NOT_MONTHLY: Final = Refusal("method", "本金到期一次还，不是按月还本；短期周转才用")
OBJECTIVES_SAID: Final = {
    "lowest_total": "lowest_total",
    "lowest_monthly": "lowest_monthly",
    "most_flexible": "most_flexible",
    "lowest_cash": "lowest_cash",
    "fastest": "shortest_term",
}


def customer_of(facts: NeedFacts) -> CustomerFacts:
    """Turn what the customer said about themselves into the engine's words."""
    return CustomerFacts(
        credit_histories=facts.credit_histories or None,  # type: ignore[arg-type]
        income_kind=facts.income_kind,  # type: ignore[arg-type]
        monthly_income_fen=facts.income_monthly_fen,
        has_co_borrower=bool(facts.co_borrowers) or None,
        objections=facts.refusals,  # type: ignore[arg-type]
    )


def verdicts_of(scene: Scene) -> dict[str, Verdict]:
    """Judge every product by its published conditions."""
    customer = customer_of(scene.facts)
    return {
        product.version_id: judge(
            terms=product.terms, customer=customer, car=scene.car, on=scene.on
        )
        for product in scene.products
    }


def refused_of(scene: Scene, verdicts: Mapping[str, Verdict]) -> dict[str, Refusal]:
    """Rule out what the published conditions exclude, and loans that are not paid off monthly."""
    refused = {key: refusal for key, verdict in verdicts.items() if (refusal := verdict.refusal)}
    for product in scene.products:
        if product.terms.method in REPAID_AT_THE_END:
            refused.setdefault(product.version_id, NOT_MONTHLY)
    return refused


def plan_needs(scene: Scene) -> PlanNeeds:
    """State the limits the three plans keep: this down payment, the monthly limit, the term.

    Where a product lends whole steps, the down payment may be raised to the next, and no further.
    """
    raised = (_inputs_of(scene, p, scene.terms_months[0]).down_payment_fen for p in scene.products)
    return PlanNeeds(
        cash_fen=max(raised, default=scene.down_payment_fen),
        is_cash_for_everything=False,
        down_payment_min_fen=scene.down_payment_fen,
        payment_max_fen=scene.payment_max_fen,
        is_payment_max_hard=bool(scene.facts.is_monthly_hard),
        term_months_max=scene.facts.term_months_max,
    )


def search_inputs(scene: Scene, refused: Mapping[str, Refusal]) -> SearchInputs:
    """Search every down payment in steps of 100 yuan."""
    return SearchInputs(
        products=scene.products,
        car=scene.car,
        first_due_on=scene.first_due_on,
        disbursed_on=scene.on,
        refused=refused,
        purchase_costs=scene.costs,
    )


def shortlist_of(scene: Scene, refused: Mapping[str, Refusal]) -> SearchResult:
    """Search the down payment of the scene alone: what the three plans are chosen from."""
    return search_at(
        search_inputs(scene, refused),
        plan_needs(scene),
        down_payment_fen=scene.down_payment_fen,
    )


def ways_out(
    scene: Scene, verdicts: Mapping[str, Verdict], refused: Mapping[str, Refusal]
) -> tuple[str, ...]:
    """Say the cheapest ways out, each loosening as few limits as can be; at most three.

    What the customer will not accept is a limit like any other: it may be named as the one to
    loosen, with its price, and is never loosened silently.
    """
    objected = {
        f"objection_{objection}": Objected(label, out)
        for objection, (label, _) in OBJECTIONS.items()
        if (out := _only_objected(verdicts, f"objection_{objection}"))
    }
    ways = relaxations(search_inputs(scene, refused), plan_needs(scene), objected=objected)
    return tuple(way.text for way in ways)


def _only_objected(verdicts: Mapping[str, Verdict], code: str) -> frozenset[str]:
    """Name the products that this objection rules out, and nothing but objections."""
    reasons = {
        key: [reason.code for reason in verdict.reasons if reason.outcome == "not_eligible"]
        for key, verdict in verdicts.items()
    }
    return frozenset(
        key
        for key, codes in reasons.items()
        if code in codes and all(each.startswith("objection_") for each in codes)
    )


def _inputs_of(scene: Scene, product: ProductVersion, term_months: int) -> PlanInputs:
    """Spell out what a quote of the scene is worked out from, down payment on a whole loan."""
    dates = scene.dates_for(product)
    return on_whole_step(
        PlanInputs(
            product=product,
            car=scene.car,
            term_months=term_months,
            down_payment_fen=scene.down_payment_fen,
            first_due_on=dates.first_due_on,
            disbursed_on=dates.disbursed_on,
            purchase_costs=scene.costs,
        )
    )


def objectives_of(facts: NeedFacts) -> list[str]:
    """Name what the customer said they care about, in the engine's words."""
    said = [OBJECTIVES_SAID[o] for o in facts.objectives if o in OBJECTIVES_SAID]
    if facts.prepayment_month:
        said.append("most_flexible")
    return said


class QuickLook:
    """Which three plans a scene leads to, from quotes alone; remembers quotes and verdicts.

    One look serves many scenes of one need: most answers change neither principal nor customer.
    """

    def __init__(self) -> None:
        self._book = QuoteBook()
        self._refused: dict[object, dict[str, Refusal]] = {}

    def top(self, scene: Scene) -> PlansFound:
        """Name the products that fit and the plans that are best at each aim, in their order."""
        seen = self.glance(scene)
        return PlansFound(
            feasible=frozenset(row.version_id for row in seen.within),
            ranking=tuple(plan.key for plan in seen.winners),
        )

    def glance(self, scene: Scene) -> Glance:
        """Quote every product and term of the scene, and name who wins at which aim."""
        refused = self._refusals(scene)
        outcomes = dict(self._quoted(scene, refused))
        quoted = {key: row for key, row in outcomes.items() if not isinstance(row, Refusal)}
        rows = tuple(quoted.values())
        limit_fen = scene.payment_max_fen
        within = tuple(row for row in rows if row.payment_fen <= (limit_fen or row.payment_fen))
        if limit_fen and not within and not scene.facts.is_monthly_hard:
            within = rows
        aims = [*objectives_of(scene.facts), *AIMS]
        winners = (
            {
                plan.key: plan
                for aim in aims
                if aim in AIMS
                for plan in (min(within, key=AIMS[aim]),)
            }
            if within
            else {}
        )
        return Glance(
            quoted=quoted,
            within=within,
            winners=tuple(winners.values()),
            refused=refused,
            unpriced={k: row.message for k, row in outcomes.items() if isinstance(row, Refusal)},
        )

    def _quoted(
        self, scene: Scene, refused: Mapping[str, Refusal]
    ) -> Iterator[tuple[tuple[str, int], QuickPlan | Refusal]]:
        longest = scene.facts.term_months_max
        terms_months = {
            offer.term_months
            for product in scene.products
            for offer in product.terms.offers
            if longest is None or offer.term_months <= longest
        }
        table = QuoteTable(
            _quick_inputs(scene, refused),
            terms_months=terms_months,
            down_payments_fen=(scene.down_payment_fen,),
            book=self._book,
        )
        for product in table.products:
            for offer in product.terms.offers:
                if product.version_id not in refused and offer.term_months in terms_months:
                    key = (product.version_id, offer.term_months)
                    quote = table.quote(product, offer.term_months, scene.down_payment_fen)
                    yield key, _quick(product, offer.term_months, quote)

    def _refusals(self, scene: Scene) -> dict[str, Refusal]:
        asked = (customer_of(scene.facts), scene.car)
        if asked not in self._refused:
            self._refused[asked] = refused_of(scene, verdicts_of(scene))
        return self._refused[asked]


@dataclass(frozen=True, slots=True)
class QuickPlan:
    """What a quote says of one product and term; fen and months."""

    version_id: str
    term_months: int
    payment_fen: int
    extra_fen: int
    free_from_month: int

    @property
    def key(self) -> tuple[str, int, int]:
        """The price is part of it: the same product at another price is another plan."""
        return (self.version_id, self.term_months, self.payment_fen)

    @property
    def offer(self) -> tuple[str, int]:
        """Product version and term, whatever it costs."""
        return (self.version_id, self.term_months)


def _quick_inputs(scene: Scene, refused: Mapping[str, Refusal]) -> MatrixInputs:
    return MatrixInputs(
        products=scene.products,
        car=scene.car,
        first_due_on=scene.first_due_on,
        disbursed_on=scene.on,
        refused=refused,
        purchase_costs=scene.costs,
    )


def _quick(
    product: ProductVersion, term_months: int, quote: Quote | Refusal
) -> QuickPlan | Refusal:
    if isinstance(quote, Refusal):
        return quote
    return QuickPlan(
        version_id=product.version_id,
        term_months=term_months,
        payment_fen=quote.payment_fen,
        extra_fen=quote.extra_over_cash_fen,
        free_from_month=min(product.terms.prepayment.free_from_month, term_months),
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """Every quote of one scene; ``winners`` in the order of what the customer cares about."""

    quoted: Mapping[tuple[str, int], QuickPlan]
    within: tuple[QuickPlan, ...]
    winners: tuple[QuickPlan, ...]
    refused: Mapping[str, Refusal]
    unpriced: Mapping[tuple[str, int], str]


# Ties as in ``SearchResult.best_row``: the lower payment, the lower total, the shorter term.
AIMS: Final[Mapping[str, Callable[[QuickPlan], tuple[int, ...]]]] = {
    "lowest_total": lambda row: (row.extra_fen, row.payment_fen, row.term_months),
    "most_flexible": lambda row: (
        row.free_from_month,
        row.extra_fen,
        row.payment_fen,
        row.term_months,
    ),
    "lowest_monthly": lambda row: (row.payment_fen, row.extra_fen, row.term_months),
}
