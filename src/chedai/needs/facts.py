"""Facts of a need: what the chips and answers say, in the units of the engine.

A fact that nobody said is None. What is then used in its place is an
*assumption*, kept apart and shown dashed, so that silence never becomes a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chedai.needs.chips import Chip


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A need in the engine's terms; money in whole fen, ratios in basis points.

    A range is kept as its two ends; ``_min``/``_max`` None = open on that side.
    """

    vehicle_price_fen: int | None = None
    is_price_on_road: bool | None = None
    down_payment_min_fen: int | None = None
    down_payment_max_fen: int | None = None
    is_cost_inside_down_payment: bool | None = None
    down_payment_ratio_bp: int | None = None
    monthly_max_fen: int | None = None
    is_monthly_hard: bool | None = None
    term_months_min: int | None = None
    term_months_max: int | None = None
    body_type: str | None = None
    power: str | None = None
    vehicle_condition: str | None = None
    vehicle_use: str | None = None
    brand_model: str | None = None
    credit_histories: tuple[str, ...] = ()
    income_monthly_fen: int | None = None
    income_kind: str | None = None
    debt_monthly_fen: int | None = None
    prepayment_month: int | None = None
    objectives: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    trade_in: str | None = None
    co_borrowers: tuple[str, ...] = ()
    is_cash_only: bool = False


# One line a slot: how its chip becomes facts.
_SIMPLE_CHOICES: Final[Mapping[str, str]] = {
    "body_type": "body_type",
    "power": "power",
    "vehicle_condition": "vehicle_condition",
    "vehicle_use": "vehicle_use",
    "brand_model": "brand_model",
    "income_kind": "income_kind",
    "trade_in": "trade_in",
}
_MANY: Final = {
    "credit_history": "credit_histories",
    "objective": "objectives",
    "refusal": "refusals",
    "co_borrower": "co_borrowers",
}


def facts_from(chips: Iterable[Chip]) -> NeedFacts:
    """Fold chips into facts; a later chip of the same slot replaces an earlier one."""
    facts = NeedFacts()
    for chip in chips:
        facts = _take(facts, chip)
    return facts


def _take(facts: NeedFacts, chip: Chip) -> NeedFacts:
    if chip.slot in _SIMPLE_CHOICES:
        return _with(facts, _SIMPLE_CHOICES[chip.slot], chip.value)
    if chip.slot in _MANY:
        name = _MANY[chip.slot]
        held: tuple[str, ...] = getattr(facts, name)
        added = chip.value or ""
        return facts if added in held else _with(facts, name, (*held, added))
    taker = _AMOUNTS.get(chip.slot)
    return taker(facts, chip) if taker else facts


def _with(facts: NeedFacts, name: str, value: Any) -> NeedFacts:
    return replace(facts, **{name: value})


def _middle(chip: Chip) -> int | None:
    if chip.low is None or chip.high is None:
        return chip.low if chip.high is None else chip.high
    return (chip.low + chip.high) // 2


def _price(facts: NeedFacts, chip: Chip) -> NeedFacts:
    """The middle of a range is computed with; the chip keeps both ends for the eye."""
    on_road = None if chip.certainty == "ambiguous" else chip.slot == "on_road_price"
    return replace(
        facts,
        vehicle_price_fen=_middle(chip),
        is_price_on_road=on_road,
    )


def _down_payment(facts: NeedFacts, chip: Chip) -> NeedFacts:
    inside = {"including_cost": True, "excluding_cost": False}.get(chip.value or "")
    return replace(
        facts,
        down_payment_min_fen=chip.low,
        down_payment_max_fen=chip.high,
        is_cost_inside_down_payment=inside,
        down_payment_ratio_bp=None,
    )


def _down_payment_ratio(facts: NeedFacts, chip: Chip) -> NeedFacts:
    return replace(
        facts,
        down_payment_ratio_bp=_middle(chip),
        down_payment_min_fen=None,
        down_payment_max_fen=None,
    )


def _monthly(facts: NeedFacts, chip: Chip) -> NeedFacts:
    high = chip.high if chip.high is not None else chip.low
    hard = chip.slot == "monthly_max" and chip.strength == "hard"
    return replace(facts, monthly_max_fen=high, is_monthly_hard=hard)


def _term(facts: NeedFacts, chip: Chip) -> NeedFacts:
    return replace(facts, term_months_min=chip.low, term_months_max=chip.high)


def _debt(facts: NeedFacts, chip: Chip) -> NeedFacts:
    """Mortgage and card instalments are two chips; both are owed."""
    owed_fen = chip.high if chip.high is not None else chip.low
    return replace(facts, debt_monthly_fen=(facts.debt_monthly_fen or 0) + (owed_fen or 0))


_AMOUNTS: Final[Mapping[str, Callable[[NeedFacts, Chip], NeedFacts]]] = {
    "vehicle_price": _price,
    "on_road_price": _price,
    "total_budget": _price,
    "down_payment": _down_payment,
    "down_payment_ratio": _down_payment_ratio,
    "monthly_max": _monthly,
    "monthly_target": _monthly,
    "term_months": _term,
    "income_monthly": lambda facts, chip: replace(facts, income_monthly_fen=chip.low or chip.high),
    "debt_monthly": _debt,
    "prepayment_month": lambda facts, chip: replace(facts, prepayment_month=_middle(chip)),
    "cash_only": lambda facts, _chip: replace(facts, is_cash_only=True),
}
