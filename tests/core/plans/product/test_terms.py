from typing import get_args

from chedai.core.loans.methods import REPAYMENT_METHODS
from chedai.core.money import ROUNDINGS
from chedai.core.plans.product import (
    CONTRACT_NATURE_LABELS,
    FAMILY_LABELS,
    LENDER_KIND_LABELS,
    ProductTerms,
    ownership_banner,
)
from chedai.core.plans.product.terms import ContractNature, Family, LenderKind, Method, Rounding


def test_every_closed_list_has_a_label_for_each_word():
    assert set(CONTRACT_NATURE_LABELS) == set(get_args(ContractNature))
    assert set(FAMILY_LABELS) == set(get_args(Family))
    assert set(LENDER_KIND_LABELS) == set(get_args(LenderKind))


def test_a_lease_says_that_the_lessor_owns_the_car():
    assert "登记在租赁公司名下" in ownership_banner("finance_lease_direct")
    assert "所有权归租赁公司" in ownership_banner("finance_lease_leaseback")


def test_terms_have_no_place_for_a_commission():
    assert not [name for name in ProductTerms.__dataclass_fields__ if "commission" in name]


def test_the_repayment_methods_and_roundings_are_those_of_the_engine():
    assert set(get_args(Method)) == set(REPAYMENT_METHODS)
    assert set(get_args(Rounding)) == set(ROUNDINGS)
