"""Money that may come later: trade-in and scrappage subsidies, interest subsidy.

None of it is certain and none of it is there at delivery, so it is kept apart from
every sum of the purchase and never counts as down payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from chedai.core.rules.facts import Power, VehicleCondition, VehicleUse
from chedai.policy.ltv import max_principal_fen
from chedai.policy.wording import limit_text, yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from chedai.core.rules.finding import Citation
    from chedai.policy.day import PolicyDay


class OldCarExit(StrEnum):
    """How the customer's old car leaves: scrapped, or sold on and replaced."""

    SCRAPPED = "scrapped"
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True)
class LaterMoney:
    """One conditional payment to the customer after delivery; ``amount_fen`` in fen.

    ``is_upper_bound`` says that the real amount may be lower. ``apply_by`` is the
    latest day the policy runs. ``lowers_ltv_base`` says that, once granted, it is a
    government subsidy the base of loan-to-value is net of.
    """

    code: str
    name_zh: str
    amount_fen: int
    is_upper_bound: bool
    is_quota_limited: bool
    conditions: tuple[str, ...]
    apply_by: date | None
    paid_within_days: int | None
    lowers_ltv_base: bool
    citation: Citation
    derivation: str


_NAMES = {
    OldCarExit.SCRAPPED: ("scrappage", "报废更新补贴"),
    OldCarExit.REPLACED: ("replacement", "置换更新补贴"),
}


def trade_in_money(
    *,
    price_fen: int,
    displacement_cc: int | None,
    old_car: OldCarExit | None,
    policy: PolicyDay,
) -> tuple[LaterMoney, ...]:
    """Work out the subsidy for giving up an old car, by the rules of the invoice day.

    Empty where no old car is given up, the car is used or commercial, the engine is
    too large, or no policy is in force that day.
    """
    scope = policy.scope
    is_in_scope = (
        scope.vehicle_use == VehicleUse.PRIVATE and scope.vehicle_condition == VehicleCondition.NEW
    )
    if old_car is None or not is_in_scope:
        return ()
    code, name = _NAMES[OldCarExit(old_car)]
    cap = policy.value_or_none(f"{code}_subsidy_cap_fen")
    if cap is None or _is_engine_too_large(displacement_cc, policy=policy):
        return ()
    ratio = policy.value_or_none(f"{code}_subsidy_ratio")
    amount_fen, how = cap.whole, f"定额或上限 {yuan_text(cap.whole)}"
    if ratio is not None:
        amount_fen = min(max_principal_fen(price_fen, max_ltv=ratio.decimal), cap.whole)
        how = (
            f"{yuan_text(price_fen)} × {limit_text(ratio.decimal)},"
            f"上限 {yuan_text(cap.whole)}，得 {yuan_text(amount_fen)}"
        )
    days = policy.value_or_none("subsidy_payment_days")
    return (
        LaterMoney(
            code=code,
            name_zh=name,
            amount_fen=amount_fen,
            is_upper_bound=ratio is None and old_car == OldCarExit.REPLACED,
            is_quota_limited=True,
            conditions=tuple(_conditions(displacement_cc, power=scope.power)),
            apply_by=cap.in_force_until,
            paid_within_days=None if days is None else days.whole,
            lowers_ltv_base=True,
            citation=cap.citation,
            derivation=how,
        ),
    )


def _is_engine_too_large(displacement_cc: int | None, *, policy: PolicyDay) -> bool:
    if policy.scope.power != Power.COMBUSTION or displacement_cc is None:
        return False
    limit = policy.value_or_none("subsidy_displacement_max_cc")
    return limit is not None and displacement_cc > limit.whole


def _conditions(displacement_cc: int | None, *, power: str | None) -> Iterator[str]:
    yield "购车后由客户申请，审核通过才拨付，不能当首付"
    yield "受当地额度限制，额度用完即止"
    yield "每位消费者限一次，旧车登记日期须符合当地细则"
    if power == Power.COMBUSTION and displacement_cc is None:
        yield "燃油车排气量须在补贴范围内，尚未核对"


@dataclass(frozen=True, kw_only=True)
class InterestSpell:
    """A stretch with one outstanding principal: from ``starts_on`` up to, not including, an end."""

    starts_on: date
    ends_before: date
    outstanding_principal_fen: int


@dataclass(frozen=True, kw_only=True)
class SubsidyFlow:
    """The interest subsidy of one calendar year, in fen; ``is_capped`` where the cap cut it."""

    year: int
    amount_fen: int
    is_capped: bool


@dataclass(frozen=True, kw_only=True)
class InterestSubsidy:
    """The fiscal interest subsidy as a flow of its own; the contract rate stays as it is."""

    flows: tuple[SubsidyFlow, ...]
    rate_annual: Decimal
    window_starts_on: date
    window_ends_on: date
    conditions: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def amount_fen(self) -> int:
        """The sum over all years, in fen."""
        return sum(flow.amount_fen for flow in self.flows)


def interest_subsidy(
    *,
    spells: Sequence[InterestSpell],
    contract_rate_annual: Decimal,
    is_card_instalment: bool,
    policy: PolicyDay,
    received_fen_by_year: Mapping[int, int] | None = None,
) -> InterestSubsidy | None:
    """Estimate the interest subsidy by the rules known on the policy's day.

    Parameters
    ----------
    spells
        The loan's outstanding principal over time.
    contract_rate_annual
        The contract's annual rate as a ratio; the subsidy is at most a share of it.
    received_fen_by_year
        What this borrower already had from the same institution, by calendar year.

    Returns
    -------
    InterestSubsidy | None
        ``None`` where no policy is in force or card instalments are outside it.
    """
    point = policy.value_or_none("interest_subsidy_rate")
    covers_card = policy.value_or_none("does_interest_subsidy_cover_cards")
    if point is None or (is_card_instalment and not (covers_card and covers_card.is_true)):
        return None
    share = policy.value("interest_subsidy_contract_rate_share")
    starts_on = policy.value("interest_subsidy_window_starts_on")
    ends_on = policy.value("interest_subsidy_window_ends_on")
    rate = min(point.decimal, contract_rate_annual * share.decimal)
    accrued: dict[int, Fraction] = {}
    for spell in spells:
        start = max(spell.starts_on, starts_on.day)
        end = min(spell.ends_before, ends_on.day + timedelta(days=1))
        for year, days in _days_by_year(start, end):
            earned = Fraction(rate) * spell.outstanding_principal_fen * days / 365
            accrued[year] = accrued.get(year, Fraction(0)) + earned
    return InterestSubsidy(
        flows=tuple(_capped(accrued, received_fen=received_fen_by_year or {}, policy=policy)),
        rate_annual=rate,
        window_starts_on=starts_on.day,
        window_ends_on=ends_on.day,
        conditions=(
            "资金须实际用于消费，且经办机构能识别消费交易",
            "经办机构须在贴息名单内，购车分期是否纳入以机构为准",
            "由机构在收息时扣减或返还，按 365 天估算，以机构核算为准",
        ),
        citations=(point.citation, ends_on.citation),
    )


def _capped(
    accrued: Mapping[int, Fraction], *, received_fen: Mapping[int, int], policy: PolicyDay
) -> Iterator[SubsidyFlow]:
    """Cut each year to what the institution may still pay, and all years to the single cap."""
    yearly_fen = policy.value("interest_subsidy_cap_fen").whole
    single = policy.value_or_none("interest_subsidy_single_cap_fen")
    left_fen = None if single is None else single.whole
    for year, earned in sorted(accrued.items()):
        earned_fen = int(earned)
        room_fen = max(yearly_fen - received_fen.get(year, 0), 0)
        if left_fen is not None:
            room_fen = min(room_fen, left_fen)
            left_fen -= min(earned_fen, room_fen)
        amount_fen = min(earned_fen, room_fen)
        yield SubsidyFlow(year=year, amount_fen=amount_fen, is_capped=earned_fen > room_fen)


def _days_by_year(start: date, end: date) -> Iterator[tuple[int, int]]:
    while start < end:
        upto = min(end, date(start.year + 1, 1, 1))
        yield start.year, (upto - start).days
        start = upto
