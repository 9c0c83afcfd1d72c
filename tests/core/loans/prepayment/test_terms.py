"""Conditions of paying early."""

from decimal import Decimal

import pytest

from chedai.core.loans.prepayment import PrepaymentTerms
from chedai.core.loans.terms import ImpossibleTermsError

STEPS = ((12, Decimal("0.05")), (24, Decimal("0.03")))


@pytest.mark.parametrize(
    ("after_month", "ratio"), [(1, "0.05"), (12, "0.05"), (13, "0.03"), (24, "0.03"), (25, "0")]
)
def test_each_step_applies_up_to_its_last_month(after_month: int, ratio: str) -> None:
    terms = PrepaymentTerms(amortisation="actuarial", charge_steps=STEPS)

    assert terms.charge_ratio(after_month) == Decimal(ratio)


@pytest.mark.parametrize(("after_month", "ratio"), [(17, "0.03"), (18, "0"), (19, "0")])
def test_free_after_ends_every_step(after_month: int, ratio: str) -> None:
    terms = PrepaymentTerms(amortisation="actuarial", charge_steps=STEPS, free_after_months=18)

    assert terms.charge_ratio(after_month) == Decimal(ratio)


@pytest.mark.parametrize(("base", "charge_fen"), [("outstanding", 2_500), ("original", 5_000)])
def test_the_charge_is_on_the_base_the_contract_names(base: str, charge_fen: int) -> None:
    terms = PrepaymentTerms(amortisation="actuarial", charge_steps=STEPS, charge_base=base)

    assert terms.charge_fen(after_month=6, prepaid_fen=50_000, original_fen=100_000) == charge_fen


def test_a_minimum_charge_holds_only_where_there_is_a_charge() -> None:
    terms = PrepaymentTerms(amortisation="actuarial", charge_steps=STEPS, charge_min_fen=10_000)

    assert terms.charge_fen(after_month=6, prepaid_fen=50_000, original_fen=100_000) == 10_000
    assert terms.charge_fen(after_month=25, prepaid_fen=50_000, original_fen=100_000) == 0
    assert terms.charge_fen(after_month=6, prepaid_fen=0, original_fen=100_000) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amortisation": "rule_of_78"}, "amortisation"),
        ({"charge_base": "price"}, "charge_base"),
        ({"charge_steps": ((12, Decimal("1.01")),)}, "charge_steps"),
        ({"charge_steps": ((12, Decimal("-0.01")),)}, "charge_steps"),
        ({"charge_steps": ((12, Decimal("NaN")),)}, "charge_steps"),
        ({"charge_steps": (STEPS[1], STEPS[0])}, "charge_steps"),
        ({"minimum_months": -1}, "minimum_months"),
        ({"free_after_months": -1}, "minimum_months"),
        ({"charge_min_fen": -1}, "minimum_months"),
    ],
)
def test_impossible_conditions_are_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(ImpossibleTermsError) as refusal:
        PrepaymentTerms(**{"amortisation": "actuarial", **change})

    assert refusal.value.field == field
