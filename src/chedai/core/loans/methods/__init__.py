"""Repayment methods: one file each, one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from chedai.core.loans.methods import (
    balloon,
    bullet,
    equal_instalment,
    equal_principal,
    flat_fee,
    interest_first,
    lease_rent,
    seasonal,
    stepped,
)
from chedai.core.loans.schedules import Schedule
from chedai.core.loans.terms import ImpossibleTermsError, LoanTerms

RepaymentMethod = Callable[[LoanTerms], Schedule]

REPAYMENT_METHODS: Final[Mapping[str, RepaymentMethod]] = MappingProxyType(
    {
        "balloon": balloon.schedule,
        "bullet": bullet.schedule,
        "equal_instalment": equal_instalment.schedule,
        "equal_principal": equal_principal.schedule,
        "flat_fee": flat_fee.schedule,
        "interest_first": interest_first.schedule,
        "lease_rent": lease_rent.schedule,
        "seasonal": seasonal.schedule,
        "stepped": stepped.schedule,
    }
)

METHOD_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "balloon": "尾款（气球贷）",
        "bullet": "到期一次还本付息",
        "equal_instalment": "等额本息",
        "equal_principal": "等额本金",
        "flat_fee": "手续费分期（等本等息）",
        "interest_first": "先息后本",
        "lease_rent": "融资租赁租金",
        "seasonal": "按淡旺季还款",
        "stepped": "阶梯（分段利率）",
    }
)


def method_named(name: str) -> RepaymentMethod:
    """Return the registered method.

    Raises
    ------
    ImpossibleTermsError
        No method has this name.
    """
    try:
        return REPAYMENT_METHODS[name]
    except KeyError:
        raise ImpossibleTermsError("method", f"没有还款方式“{name}”") from None
