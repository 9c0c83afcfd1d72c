"""The base of loan-to-value: which price counts, and how much may be lent on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chedai.core.money import round_ratio
from chedai.core.rules.facts import Facts, VehicleCondition
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class LtvBase:
    """The base in fen with its derivation in words; ``reference_fen`` is the compared price.

    ``is_reference_missing`` says that the list price (new) or appraisal (used) is not
    known, so the base is the net price alone and may still fall.
    """

    base_fen: int
    net_price_fen: int
    reference_fen: int | None
    reference_name_zh: str
    derivation: tuple[str, ...]

    @property
    def is_reference_missing(self) -> bool:
        """Whether the price to compare with is unknown."""
        return self.reference_fen is None


def ltv_base(
    *,
    vehicle_price_fen: int,
    government_subsidy_fen: int,
    list_price_fen: int | None,
    appraised_price_fen: int | None,
    vehicle_condition: VehicleCondition,
) -> LtvBase:
    """Derive the base: the lower of the price net of subsidy and the reference price.

    The reference is the maker's published price for a new car and the lender's
    appraisal for a used one. Taxes, premiums, fees and extras never count.
    """
    is_new = vehicle_condition == VehicleCondition.NEW
    reference_fen = list_price_fen if is_new else appraised_price_fen
    name = "厂商指导价" if is_new else "评估价"
    net_fen = max(vehicle_price_fen - government_subsidy_fen, 0)
    base_fen = net_fen if reference_fen is None else min(net_fen, reference_fen)
    net_line = f"成交价 {yuan_text(vehicle_price_fen)}"
    if government_subsidy_fen:
        net_line += f" 减政府补贴 {yuan_text(government_subsidy_fen)} = {yuan_text(net_fen)}"
    reference_line = (
        f"{name}未提供" if reference_fen is None else f"{name} {yuan_text(reference_fen)}"
    )
    return LtvBase(
        base_fen=base_fen,
        net_price_fen=net_fen,
        reference_fen=reference_fen,
        reference_name_zh=name,
        derivation=(net_line, reference_line, f"取较低者：计贷价格 {yuan_text(base_fen)}"),
    )


def ltv_base_of(facts: Facts) -> LtvBase:
    """Derive the base from a plan's facts."""
    return ltv_base(
        vehicle_price_fen=facts.vehicle_price_fen,
        government_subsidy_fen=facts.government_subsidy_fen,
        list_price_fen=facts.list_price_fen,
        appraised_price_fen=facts.appraised_price_fen,
        vehicle_condition=facts.vehicle_condition,
    )


def max_principal_fen(base_fen: int, *, max_ltv: Decimal) -> int:
    """Compute the most that may be lent on the base, in whole fen, rounded down."""
    return round_ratio(base_fen, max_ltv, "down")
