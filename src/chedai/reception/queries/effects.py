"""What one version of a need did to the plans of the version before it, plan by plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chedai.catalogue.queries.products import product_versions_on
from chedai.core.plans.plan import Refusal, whole_yuan_up
from chedai.deals.models import Deal
from chedai.reception.queries.needs import NeedSheet
from chedai.reception.queries.scenes import NoPriceError, Scene, scene_of
from chedai.reception.queries.shortlists import (
    Glance,
    QuickLook,
    QuickPlan,
    refused_of,
    verdicts_of,
    ways_out,
)

State = Literal["kept", "lost", "new"]
STATE_LABELS: Final[Mapping[State, str]] = {
    "kept": "仍合适",
    "lost": "不再合适",
    "new": "新出现",
}


@dataclass(frozen=True, slots=True)
class PlanEffect:
    """One plan of the old or the new need, and what became of it; ``why`` in words."""

    plan: str
    state: State
    why: str

    @property
    def label(self) -> str:
        """The state as the advisor reads it."""
        return STATE_LABELS[self.state]


def effects_of_history(
    history: Sequence[tuple[NeedSheet, object]], *, deal: Deal, on: date, limit: int = 6
) -> dict[int, tuple[PlanEffect, ...]]:
    """Say which plans each of the newest ``limit`` changes cost, left and brought.

    By number of version; nothing for a change that left every plan as it was, or between needs
    of which one names no price. Priced with the products and rules of ``on`` on both sides, so
    that only the need differs.
    """
    look = QuickLook()
    products = product_versions_on(on)
    glances: dict[int, tuple[Glance, Scene]] = {}
    for sheet, _ in history[: limit + 1]:
        with suppress(NoPriceError):
            scene = scene_of(sheet.facts, products=products, province=deal.store.province, on=on)
            glances[sheet.version.number] = (look.glance(scene), scene)
    found: dict[int, tuple[PlanEffect, ...]] = {}
    for number, (new, scene) in glances.items():
        before = glances.get(number - 1)
        if before and (effects := tuple(_effects(before[0], new, scene))):
            found[number] = effects
    return found


@dataclass(frozen=True, slots=True)
class Conflict:
    """Wishes that no plan keeps together, and the cheapest ways to loosen them, in words."""

    ways: tuple[str, ...]


def conflict_of(sheet: NeedSheet, *, deal: Deal, on: date) -> Conflict | None:
    """Say what to loosen when nothing on sale keeps everything that was said; None when it does.

    Also None while no price is known: what is missing is asked, not loosened.
    """
    products = product_versions_on(on)
    try:
        scene = scene_of(sheet.facts, products=products, province=deal.store.province, on=on)
    except NoPriceError:
        return None
    if QuickLook().glance(scene).within:
        return None
    verdicts = verdicts_of(scene)
    return Conflict(ways_out(scene, verdicts, refused_of(scene, verdicts)))


def _effects(old: Glance, new: Glance, scene: Scene) -> Iterator[PlanEffect]:
    if old.winners == new.winners:
        return
    names = {product.version_id: product.terms.name for product in scene.products}
    for plan in old.winners:
        yield _fate(plan, new, scene, _name(plan, names))
    known = {plan.offer for plan in old.winners}
    for plan in new.winners:
        if plan.offer not in known:
            yield PlanEffect(_name(plan, names), "new", f"月供 {_yuan(plan.payment_fen)}")


def _fate(plan: QuickPlan, new: Glance, scene: Scene, name: str) -> PlanEffect:
    again = new.quoted.get(plan.offer)
    if again is None:
        return PlanEffect(name, "lost", _why_gone(plan, new, scene))
    if again not in new.within:
        limit_fen = scene.payment_max_fen or 0
        why = f"月供 {_yuan(again.payment_fen)} 超过 {_yuan(limit_fen)}"
        return PlanEffect(name, "lost", why)
    if again.payment_fen == plan.payment_fen:
        return PlanEffect(name, "kept", f"月供 {_yuan(plan.payment_fen)}")
    why = f"月供 {_yuan(plan.payment_fen)} → {_yuan(again.payment_fen)}"
    return PlanEffect(name, "kept", why)


def _why_gone(plan: QuickPlan, new: Glance, scene: Scene) -> str:
    refusal: Refusal | None = new.refused.get(plan.version_id)
    longest = scene.facts.term_months_max
    if refusal is not None:
        return refusal.message
    if longest is not None and plan.term_months > longest:
        return f"{plan.term_months} 期超过了 {longest} 期"
    return new.unpriced.get(plan.offer, "这样的首付和车价办不了")


def _name(plan: QuickPlan, names: Mapping[str, str]) -> str:
    return f"{names[plan.version_id]} {plan.term_months} 期"


def _yuan(fen: int) -> str:
    return f"¥{whole_yuan_up(fen):,}"
