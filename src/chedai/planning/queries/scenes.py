"""The scene of one deal: its need, its desk, today's products and the store's province."""

from __future__ import annotations

from datetime import date

from chedai.catalogue.queries.products import product_terms_on
from chedai.deals.models import Deal
from chedai.needs.facts import NeedFacts
from chedai.reception.queries.scenes import DeskChoice, Scene, scene_of


def scene_for(*, deal: Deal, facts: NeedFacts, choice: DeskChoice, on: date) -> Scene:
    """Put the scene of a deal together; NoPriceError when nobody named a price."""
    return scene_of(
        facts,
        products=product_terms_on(on),
        province=deal.store.province,
        on=on,
        choice=choice,
    )
