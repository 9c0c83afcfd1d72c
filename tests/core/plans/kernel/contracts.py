"""Contracts for the kernel's tests: drawn at random from a seed, and the nasty ones by name."""

import itertools
import random
from decimal import Decimal
from typing import Any

from chedai.core.loans.methods import REPAYMENT_METHODS
from chedai.core.loans.terms import LoanTerms, RateSegment
from chedai.core.plans.kernel.shapes import OF_ANY_ROUNDING

METHODS = sorted(REPAYMENT_METHODS)
USUAL_TERMS = (12, 18, 24, 36, 48, 60, 72, 84)


def draw(chance: random.Random, method: str) -> LoanTerms:
    """Draw one contract: usual and unusual amounts, terms, rates; sometimes odd conventions."""
    months = chance.choice(USUAL_TERMS) if chance.random() < 0.5 else chance.randint(1, 120)
    principal_fen = chance.randint(1, 10 ** chance.randint(1, 11))
    fields: dict[str, Any] = {}
    if method in {"balloon", "lease_rent"}:
        whole = principal_fen
        fields["balloon_fen"] = chance.choice([0, whole, whole // 3, chance.randint(0, whole)])
    if method == "flat_fee":
        fields["flat_fee_rate_total"] = _rate(chance) / 10
        fields["flat_fee_timing"] = chance.choice(["spread", "upfront"])
    elif method == "stepped":
        fields["segments"] = _segments(chance, months)
        fields["segment_base"] = chance.choice(["outstanding", "segment_start", "original"])
    else:
        fields["nominal_rate_annual"] = _rate(chance)
    if method == "interest_first":
        fields["interest_only_months"] = chance.randint(0, months)
    if method == "seasonal":
        fields["slack_months"] = tuple(chance.sample(range(2, 13), chance.randint(1, 4)))
        fields["slack_principal_ratio"] = chance.choice([Decimal(0), Decimal("0.5")])
    if method == "lease_rent":
        fields["rent_timing"] = chance.choice(["arrears", "arrears", "advance"])
    if chance.random() < (0.5 if method in OF_ANY_ROUNDING else 0.05):
        fields["rounding"] = chance.choice(["half_up", "half_even", "up", "down"])
        fields["rounding_unit_fen"] = chance.choice([1, 10, 100])
    return LoanTerms(method=method, principal_fen=principal_fen, term_months=months, **fields)


def _rate(chance: random.Random) -> Decimal:
    odd = [Decimal(0), Decimal("0.000001"), Decimal("0.058765"), Decimal("0.03141592"), Decimal(5)]
    return chance.choice(odd) if chance.random() < 0.2 else Decimal(chance.randint(1, 2400)) / 10**4


def _segments(chance: random.Random, months: int) -> tuple[RateSegment, ...]:
    cuts = sorted(chance.sample(range(1, months), min(months - 1, chance.randint(0, 4))))
    return tuple(
        RateSegment(months=end - start, nominal_rate_annual=_rate(chance))
        for start, end in itertools.pairwise([0, *cuts, months])
    )


def equal_instalment(principal_fen: int, term_months: int, rate: str, **more: Any) -> LoanTerms:
    return LoanTerms(
        method=more.pop("method", "equal_instalment"),
        principal_fen=principal_fen,
        term_months=term_months,
        nominal_rate_annual=Decimal(rate),
        **more,
    )


NASTY: dict[str, LoanTerms] = {
    "no interest": equal_instalment(100_000_00, 36, "0"),
    "no interest, ties": equal_instalment(100_000_02, 36, "0"),
    "one millionth": equal_instalment(100_000_00, 60, "0.000001"),
    "18 decimals": equal_instalment(100_000_00, 60, "0.058765432109876543"),
    "all balloon": equal_instalment(1_000_000, 36, "0.05", method="balloon", balloon_fen=1_000_000),
    "all balloon, no interest": equal_instalment(
        1_000_000, 36, "0", method="balloon", balloon_fen=1_000_000
    ),
    "1 fen": equal_instalment(1, 12, "0.05"),
    "100 fen over 84 months": equal_instalment(100, 84, "0.05"),
    "57 fen in equal parts": equal_instalment(57, 36, "0.05", method="equal_principal"),
    "90 fen in equal parts": equal_instalment(90, 60, "0.05", method="equal_principal"),
    "ten million yuan": equal_instalment(10**9, 84, "0.0588"),
    "one hundred billion yuan": equal_instalment(10**13, 84, "0.0588"),
    "500 %": equal_instalment(100_000_00, 60, "5"),
    "1000 % in one payment": equal_instalment(10**9, 120, "10", method="bullet"),
    "one month": equal_instalment(100_000_00, 1, "0.05"),
    "two months": equal_instalment(100_000_01, 2, "0.05"),
    "a tie of the instalment": equal_instalment(1_000_200, 2, "12e-2"),
    "flat": LoanTerms(
        method="flat_fee",
        principal_fen=100,
        term_months=84,
        flat_fee_rate_total=Decimal("0.005"),
    ),
    "steps down to nothing": LoanTerms(
        method="stepped",
        principal_fen=100_000_00,
        term_months=36,
        segments=(
            RateSegment(months=1, nominal_rate_annual=Decimal("0.8")),
            RateSegment(months=35, nominal_rate_annual=Decimal(0)),
        ),
    ),
    "interest first, one month of it": equal_instalment(
        100_000_00, 36, "0.0588", method="interest_first", interest_only_months=1
    ),
    "interest first, all but one": equal_instalment(
        100_000_00, 36, "0.0588", method="interest_first", interest_only_months=35
    ),
    "deposit": equal_instalment(100_000_00, 36, "0.0588", deposit_fen=10_000_00),
    "rent in advance": equal_instalment(
        100_000_00, 36, "0.0588", method="lease_rent", rent_timing="advance"
    ),
    "rent in advance, no interest": equal_instalment(
        100_000_00, 36, "0", method="lease_rent", rent_timing="advance", balloon_fen=30_000_00
    ),
    "rent in advance, three months": equal_instalment(
        100_000_00, 3, "0.0588", method="lease_rent", rent_timing="advance", balloon_fen=100_000_00
    ),
    "rent in advance, two months": equal_instalment(
        100_000_00, 2, "0.0588", method="lease_rent", rent_timing="advance"
    ),
    "rent in advance to the yuan above": equal_instalment(
        100_000_00,
        60,
        "0.0588",
        method="lease_rent",
        rent_timing="advance",
        rounding="up",
        rounding_unit_fen=100,
    ),
    "to the yuan": equal_instalment(100_000_00, 36, "0.0588", rounding_unit_fen=100),
    "to the yuan above, even": equal_instalment(
        36_000_00, 36, "0", rounding="up", rounding_unit_fen=100
    ),
    "to the yuan above, one fen more": equal_instalment(
        36_000_01, 36, "0", rounding="up", rounding_unit_fen=100
    ),
    "to the yuan below, one fen less": equal_instalment(
        35_999_99, 36, "0", rounding="down", rounding_unit_fen=100
    ),
    "to the even yuan, a tie": equal_instalment(
        36_018_00, 36, "0", rounding="half_even", rounding_unit_fen=100
    ),
    "below its own interest": equal_instalment(
        100_000, 360, "0.9", rounding="down", rounding_unit_fen=10_000
    ),
}
