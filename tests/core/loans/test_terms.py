"""Impossible terms are refused by field; odd ones are computed."""

from decimal import Decimal

import pytest

from chedai.core.loans.schedules import build_schedule
from chedai.core.loans.terms import (
    Fee,
    ImpossibleTermsError,
    LoanTerms,
    RateSegment,
    check_fees,
)

PLAIN = {
    "method": "equal_instalment",
    "principal_fen": 10_000_000,
    "term_months": 36,
    "nominal_rate_annual": Decimal("0.06"),
}
HALVES = tuple(RateSegment(months=18, nominal_rate_annual=Decimal(0)) for _ in range(2))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"principal_fen": 0}, "principal_fen"),
        ({"principal_fen": -1}, "principal_fen"),
        ({"principal_fen": 10**13 + 1}, "principal_fen"),
        ({"principal_fen": True}, "principal_fen"),
        ({"principal_fen": 100.0}, "principal_fen"),
        ({"term_months": 0}, "term_months"),
        ({"term_months": 361}, "term_months"),
        ({"nominal_rate_annual": Decimal("NaN")}, "nominal_rate_annual"),
        ({"nominal_rate_annual": Decimal("Infinity")}, "nominal_rate_annual"),
        ({"nominal_rate_annual": Decimal("-0.01")}, "nominal_rate_annual"),
        ({"nominal_rate_annual": Decimal("10.01")}, "nominal_rate_annual"),
        ({"nominal_rate_annual": Decimal("1E-19")}, "nominal_rate_annual"),
        ({"nominal_rate_annual": 0.06}, "nominal_rate_annual"),
        ({"balloon_fen": 1}, "balloon_fen"),
        ({"method": "balloon", "balloon_fen": 10_000_001}, "balloon_fen"),
        ({"method": "balloon", "balloon_fen": -1}, "balloon_fen"),
        ({"deposit_fen": -1}, "deposit_fen"),
        ({"deposit_fen": 10_000_000}, "deposit_fen"),
        ({"interest_only_months": 6}, "interest_only_months"),
        ({"method": "interest_first", "interest_only_months": 37}, "interest_only_months"),
        ({"flat_fee_rate_total": Decimal("0.09")}, "flat_fee_rate_total"),
        ({"segments": HALVES}, "segments"),
        ({"segment_base": "balance"}, "segment_base"),
        ({"flat_fee_timing": "never"}, "flat_fee_timing"),
        ({"rent_timing": "never"}, "rent_timing"),
        ({"rounding": "nearest"}, "rounding"),
        ({"interest_rounding": "nearest"}, "interest_rounding"),
        ({"rounding_unit_fen": 0}, "rounding_unit_fen"),
        ({"rounding_unit_fen": 10_001}, "rounding_unit_fen"),
    ],
)
def test_impossible_terms_are_refused_naming_the_field(
    change: dict[str, object], field: str
) -> None:
    with pytest.raises(ImpossibleTermsError) as refusal:
        LoanTerms(**{**PLAIN, **change})

    assert refusal.value.field == field
    assert refusal.value.message_zh in str(refusal.value)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"method": "flat_fee"}, "flat_fee_rate_total"),
        (
            {
                "method": "flat_fee",
                "flat_fee_rate_total": Decimal(1),
                "flat_fee_timing": "upfront",
            },
            "flat_fee_rate_total",
        ),
        (
            {
                "method": "flat_fee",
                "flat_fee_rate_total": Decimal("0.1"),
                "nominal_rate_annual": Decimal("0.1"),
            },
            "nominal_rate_annual",
        ),
        ({"method": "stepped"}, "segments"),
        ({"method": "stepped", "segments": HALVES[:1]}, "segments"),
        (
            {
                "method": "stepped",
                "segments": (*HALVES, RateSegment(months=0, nominal_rate_annual=Decimal(0))),
            },
            "segments",
        ),
        (
            {
                "method": "stepped",
                "segments": (RateSegment(months=36, nominal_rate_annual=Decimal("NaN")),),
            },
            "segments",
        ),
    ],
)
def test_a_method_without_its_fields_is_refused(terms: dict[str, object], field: str) -> None:
    with pytest.raises(ImpossibleTermsError) as refusal:
        LoanTerms(principal_fen=10_000_000, term_months=36, **terms)

    assert refusal.value.field == field


@pytest.mark.parametrize("principal_fen", [1, 100, 10**13])
@pytest.mark.parametrize("term_months", [1, 360])
@pytest.mark.parametrize("rate", ["0", "0.000001", "5", "10"])
def test_odd_terms_are_computed(principal_fen: int, term_months: int, rate: str) -> None:
    terms = LoanTerms(
        method="equal_instalment",
        principal_fen=principal_fen,
        term_months=term_months,
        nominal_rate_annual=Decimal(rate),
    )

    assert build_schedule(terms).total_principal_fen == principal_fen


@pytest.mark.parametrize(
    "change", [{"amount_fen": -1}, {"amount_fen": 10**14}, {"timing": "sometimes"}]
)
def test_an_impossible_fee_is_refused(change: dict[str, object]) -> None:
    fee = {"code": "gps", "name": "GPS费", "amount_fen": 100, "payee": "示例公司"}

    with pytest.raises(ImpossibleTermsError) as refusal:
        Fee(**{**fee, **change})

    assert refusal.value.field == "fees"


def fee_of(amount_fen: int, **change: object) -> Fee:
    return Fee(code="f", name="手续费", amount_fen=amount_fen, payee="示例公司", **change)


def test_fees_may_take_all_but_one_fen_of_the_principal() -> None:
    check_fees(principal_fen=100, fees=[fee_of(99)])

    with pytest.raises(ImpossibleTermsError, match="不能达到或超过贷款本金"):
        check_fees(principal_fen=100, fees=[fee_of(99), fee_of(1)])


def test_a_fee_that_is_no_condition_or_comes_later_may_be_any_size() -> None:
    check_fees(
        principal_fen=100,
        fees=[fee_of(500, is_condition_of_loan=False), fee_of(500, timing="spread")],
    )
