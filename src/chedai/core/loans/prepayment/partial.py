"""Partial prepayment (部分提前还款): the same months with less to pay, or fewer months."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from chedai.core.loans.prepayment.terms import PrepaymentTerms, TooEarlyToPrepayError
from chedai.core.loans.schedules import Schedule, build_schedule
from chedai.core.loans.terms import (
    MONTHS_PER_YEAR,
    ImpossibleTermsError,
    LoanTerms,
    RateSegment,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PrepaymentMode = Literal["shorter_term", "smaller_instalment"]

SHORTENABLE: Final = frozenset({"equal_instalment", "equal_principal", "flat_fee"})
_NO_SEASON: Final[Mapping[str, Any]] = MappingProxyType(
    {"slack_months": (), "slack_principal_ratio": Decimal(0)}
)
FEE_RATE_STEP: Final = Decimal("1e-12")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialPrepayment:
    """The contract after a partial prepayment.

    Attributes
    ----------
    terms_after, schedule_after
        The rest of the contract; its month 1 follows the prepayment.
    instalment_fen
        The first instalment after it.
    saved_interest_fen
        Interest and fee no longer due; the charge is not taken off.
    """

    after_month: int
    prepaid_fen: int
    charge_fen: int
    terms_after: LoanTerms
    schedule_after: Schedule
    instalment_fen: int
    saved_interest_fen: int


def partial_prepayment(
    schedule: Schedule,
    terms: LoanTerms,
    prepayment: PrepaymentTerms,
    *,
    after_month: int,
    amount_fen: int,
    mode: PrepaymentMode,
) -> PartialPrepayment:
    """Pay part of the principal right after an instalment.

    ``smaller_instalment`` keeps the months; ``shorter_term`` takes the fewest months whose
    instalment is not above the present one. The charge is on the amount prepaid, or on the original
    principal where the contract says so.

    Raises
    ------
    ImpossibleTermsError
        The month or amount is out of range, or the method has no such prepayment.
    TooEarlyToPrepayError
        The contract does not allow it yet.
    """
    if mode not in get_args(PrepaymentMode):
        raise ImpossibleTermsError("mode", "部分提前还款只能缩短期限或减少月供")
    if not 1 <= after_month < schedule.term_months:
        raise ImpossibleTermsError("after_month", "部分提前还款须在最后一期之前")
    if after_month < prepayment.minimum_months:
        raise TooEarlyToPrepayError(prepayment.minimum_months)
    outstanding_fen = schedule.outstanding_after(after_month)
    if not 0 < amount_fen < outstanding_fen:
        raise ImpossibleTermsError("amount_fen", "提前还款金额须大于 0 且小于剩余本金")
    rest = _rest_of(terms, after_month, outstanding_fen - amount_fen)
    if mode == "shorter_term":
        rest = _shortest(rest, instalment_max_fen=schedule.instalment_fen[after_month])
    schedule_after = build_schedule(rest)
    due_before_fen = sum(schedule.interest_fen[after_month:]) + sum(schedule.fee_fen[after_month:])
    due_after_fen = schedule_after.total_interest_fen + schedule_after.total_fee_fen
    return PartialPrepayment(
        after_month=after_month,
        prepaid_fen=amount_fen,
        charge_fen=prepayment.charge_fen(
            after_month=after_month,
            prepaid_fen=amount_fen,
            original_fen=schedule.total_principal_fen,
        ),
        terms_after=rest,
        schedule_after=schedule_after,
        instalment_fen=schedule_after.instalment_fen[0],
        saved_interest_fen=due_before_fen - due_after_fen,
    )


def _rest_of(terms: LoanTerms, after_month: int, principal_fen: int) -> LoanTerms:
    """Return the terms of the months that remain, on a smaller principal.

    Raises
    ------
    ImpossibleTermsError
        The method has no partial prepayment.
    """
    rest_of_method = _REST.get(terms.method)
    if rest_of_method is None:
        raise ImpossibleTermsError("method", "该还款方式不支持部分提前还款，请按提前结清计算")
    months = terms.term_months - after_month
    rest = rest_of_method(terms, after_month, principal_fen, months)
    days = terms.interest_days
    return replace(rest, interest_days=days.after(after_month)) if days else rest


def _plain_rest(terms: LoanTerms, _after_month: int, principal_fen: int, months: int) -> LoanTerms:
    balloon_fen = min(terms.balloon_fen, principal_fen)
    return replace(
        terms,
        principal_fen=principal_fen,
        term_months=months,
        balloon_fen=balloon_fen,
        deposit_fen=0,
    )


def _interest_first_rest(
    terms: LoanTerms, after_month: int, principal_fen: int, months: int
) -> LoanTerms:
    waiting = terms.interest_only_months
    method = terms.method if not waiting or waiting > after_month else "equal_instalment"
    return replace(
        terms,
        method=method,
        principal_fen=principal_fen,
        term_months=months,
        interest_only_months=max(waiting - after_month, 0),
        deposit_fen=0,
    )


def _seasonal_rest(
    terms: LoanTerms, after_month: int, principal_fen: int, months: int
) -> LoanTerms:
    passed = after_month % MONTHS_PER_YEAR
    slack = sorted((month - passed - 1) % MONTHS_PER_YEAR + 1 for month in terms.slack_months)
    if all((month - 1) % MONTHS_PER_YEAR + 1 in slack for month in range(1, months + 1)):
        # Only slack months are left: interest, and the principal with the last.
        rest = replace(terms, method="interest_first", **_NO_SEASON)
        return _plain_rest(rest, after_month, principal_fen, months)
    return replace(
        terms,
        principal_fen=principal_fen,
        term_months=months,
        slack_months=tuple(slack),
        deposit_fen=0,
    )


def _flat_fee_rest(
    terms: LoanTerms, _after_month: int, principal_fen: int, months: int
) -> LoanTerms:
    rate = terms.flat_fee_rate_total if terms.flat_fee_timing == "spread" else None
    return replace(
        terms,
        principal_fen=principal_fen,
        term_months=months,
        flat_fee_rate_total=_fee_rate_for(rate or Decimal(0), months, terms.term_months),
        deposit_fen=0,
    )


def _stepped_rest(terms: LoanTerms, after_month: int, principal_fen: int, months: int) -> LoanTerms:
    return replace(
        terms,
        principal_fen=principal_fen,
        term_months=months,
        segments=tuple(_segments_after(terms.segments, after_month)),
        deposit_fen=0,
    )


def _segments_after(segments: tuple[RateSegment, ...], months: int) -> Iterator[RateSegment]:
    for segment in segments:
        passed = min(months, segment.months)
        months -= passed
        if segment.months > passed:
            yield replace(segment, months=segment.months - passed)


def _fee_rate_for(rate: Decimal, months: int, of_months: int) -> Decimal:
    return (rate * months / of_months).quantize(FEE_RATE_STEP)


_REST: Final[Mapping[str, Callable[[LoanTerms, int, int, int], LoanTerms]]] = MappingProxyType(
    {
        "balloon": _plain_rest,
        "equal_instalment": _plain_rest,
        "equal_principal": _plain_rest,
        "flat_fee": _flat_fee_rest,
        "interest_first": _interest_first_rest,
        "seasonal": _seasonal_rest,
        "stepped": _stepped_rest,
    }
)
"""Bullet loans and leases are settled whole or not at all."""


def _shortest(rest: LoanTerms, *, instalment_max_fen: int) -> LoanTerms:
    """Return the rest with the fewest months whose first instalment is not above the present one.

    Raises
    ------
    ImpossibleTermsError
        The method cannot be shortened.
    """
    if rest.method not in SHORTENABLE:
        raise ImpossibleTermsError("mode", "该还款方式只能减少月供，不能缩短期限")

    def shortened(months: int) -> LoanTerms:
        rate = rest.flat_fee_rate_total
        fee_rate = None if rate is None else _fee_rate_for(rate, months, rest.term_months)
        return replace(rest, term_months=months, flat_fee_rate_total=fee_rate)

    def fits(months: int) -> bool:
        return build_schedule(shortened(months)).instalment_fen[0] <= instalment_max_fen

    months = bisect_left(range(1, rest.term_months), True, key=fits) + 1
    return shortened(months)
