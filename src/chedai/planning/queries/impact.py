"""Which open deals a new version of a product touches, and what it would change for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from chedai.catalogue.models import ProductVersion
from chedai.catalogue.queries.products import terms_of_versions
from chedai.catalogue.queries.vehicles import vehicle_options
from chedai.core.plans.plan import Plan, PlanInputs, Refusal
from chedai.core.plans.pricing import price
from chedai.core.plans.product import ProductTerms
from chedai.core.plans.product import ProductVersion as ProductVersionTerms
from chedai.core.plans.product.reading import from_plain
from chedai.deals.queries import deals_in_scope
from chedai.planning.models import DeskSetup, PinnedPlan, Proposal
from chedai.planning.queries.desk import plan_inputs
from chedai.planning.queries.scenes import choice_with
from chedai.reception.models import NeedVersion
from chedai.reception.queries.needs import sheet_of
from chedai.reception.queries.scenes import DeskChoice, NoPriceError, Scene, scene_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from chedai.catalogue.queries.vehicles import VehicleOption
    from chedai.deals.models import Deal
    from chedai.staff.models import User

LISTED_MAX: Final = 50
PLAN_LETTERS: Final = "ABC"


@dataclass(frozen=True, kw_only=True)
class TouchedPlan:
    """A plan of an open deal under the version it was made with, and under the new one."""

    deal_number: str
    advisor: str
    proposal_number: str
    letter: str
    before: Plan | Refusal
    after: Plan | Refusal

    @property
    def is_unchanged(self) -> bool:
        """Whether the new version asks for the same money."""
        if isinstance(self.before, Refusal) or isinstance(self.after, Refusal):
            return False
        return self.before.payments_fen == self.after.payments_fen and (
            self.before.total_paid_fen == self.after.total_paid_fen
        )


@dataclass(frozen=True, kw_only=True)
class ProductImpact:
    """The open deals a version touches; ``plans`` are those of the newest ``LISTED_MAX`` deals."""

    deal_count: int
    listed_count: int
    plans: tuple[TouchedPlan, ...]

    @property
    def unlisted_count(self) -> int:
        """Deals that are counted and not shown."""
        return self.deal_count - self.listed_count


def impact_of(version: ProductVersion, *, seen_by: User, on: date) -> ProductImpact:
    """Find what still stands on an earlier version of the product, and price it again.

    Looked at are, of deals not withdrawn that the user may see, the latest proposal and the
    pinned plans. What the desk computes anew at every look holds no version and is left out.
    """
    earlier = list(
        ProductVersion.objects.filter(
            product_id=version.product_id, number__lt=version.number
        ).values_list("pk", flat=True)
    )
    new = ProductVersionTerms(
        version_id=str(version.pk), terms=ProductTerms.from_json(version.terms)
    )
    open_deals = deals_in_scope(user=seen_by).filter(withdrawal__isnull=True)
    proposals = _latest_proposals(earlier).filter(deal__in=open_deals)
    pins = PinnedPlan.objects.filter(product_version_id__in=earlier, deal__in=open_deals)
    deal_ids = sorted(
        {*proposals.values_list("deal_id", flat=True), *pins.values_list("deal_id", flat=True)},
        reverse=True,
    )
    listed = deal_ids[:LISTED_MAX]
    plans = [
        *_proposed(proposals.filter(deal_id__in=listed), set(map(str, earlier)), new),
        *_pinned(pins.filter(deal_id__in=listed), new, on=on),
    ]
    plans.sort(key=lambda plan: (plan.proposal_number, plan.letter))
    plans.sort(key=lambda plan: plan.deal_number, reverse=True)
    return ProductImpact(deal_count=len(deal_ids), listed_count=len(listed), plans=tuple(plans))


def _latest_proposals(version_ids: Sequence[int]) -> QuerySet[Proposal]:
    """Keep each deal's latest proposal, if one of its plans is of one of these versions."""
    latest = Proposal.objects.filter(deal_id=OuterRef("deal_id")).order_by("-created_at", "-pk")
    holds_one = Q(pk__in=())
    for version_id in version_ids:
        plan = {"inputs": {"product": {"version_id": str(version_id)}}}
        holds_one |= Q(inputs__plans__contains=[plan])
    return Proposal.objects.filter(holds_one, pk=Subquery(latest.values("pk")[:1]))


def _proposed(
    proposals: QuerySet[Proposal], earlier: set[str], new: ProductVersionTerms
) -> Iterator[TouchedPlan]:
    for proposal in proposals.select_related("deal__advisor").defer("sheet"):
        for letter, chosen in zip(PLAN_LETTERS, proposal.inputs["plans"], strict=False):
            if chosen["inputs"]["product"]["version_id"] in earlier:
                inputs: PlanInputs = from_plain(PlanInputs, chosen["inputs"])
                yield _touched(
                    proposal.deal, inputs, new, letter=letter, proposal_number=proposal.number
                )


def _pinned(
    pins: QuerySet[PinnedPlan], new: ProductVersionTerms, *, on: date
) -> Iterator[TouchedPlan]:
    rows = list(pins.select_related("deal__advisor", "deal__store"))
    if not rows:
        return
    terms = terms_of_versions(pin.product_version_id for pin in rows)
    scenes = _scenes({pin.deal_id: pin.deal for pin in rows}, on=on)
    for pin in rows:
        if pin.deal_id in scenes:
            held = ProductVersionTerms(
                version_id=str(pin.product_version_id), terms=terms[pin.product_version_id]
            )
            inputs = plan_inputs(scenes[pin.deal_id], held, pin.term_months, pin.down_payment_fen)
            yield _touched(pin.deal, inputs, new, letter=pin.letter, proposal_number="")


def _scenes(deals: Mapping[int, Deal], *, on: date) -> dict[int, Scene]:
    """Put the scenes of many deals together in three queries; no price, no scene."""
    needs = NeedVersion.objects.filter(deal__in=deals).order_by("deal_id", "-number")
    setups = DeskSetup.objects.select_related("vehicle").filter(deal__in=deals)
    held = {setup.deal_id: setup for setup in setups}
    options = {option.id: option for option in vehicle_options(day=on)}
    found = {}
    for need in needs.distinct("deal_id"):
        try:
            found[need.deal_id] = scene_of(
                sheet_of(need).facts,
                products=(),
                province=deals[need.deal_id].store.province,
                on=on,
                choice=_choice(held.get(need.deal_id), options, on=on),
            )
        except NoPriceError:
            continue
    return found


def _choice(
    setup: DeskSetup | None, options: Mapping[int, VehicleOption], *, on: date
) -> DeskChoice:
    if setup is None:
        return DeskChoice()
    vehicle_id: Any = setup.vehicle.pk if setup.vehicle else None
    return choice_with(setup, options.get(vehicle_id), on=on)


def _touched(
    deal: Deal, inputs: PlanInputs, new: ProductVersionTerms, *, letter: str, proposal_number: str
) -> TouchedPlan:
    return TouchedPlan(
        deal_number=deal.number,
        advisor=deal.advisor.display_name,
        proposal_number=proposal_number,
        letter=letter,
        before=price(inputs),
        after=price(replace(inputs, product=new)),
    )
