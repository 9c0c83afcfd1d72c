"""Loan-to-value by use, condition and power, on the right base."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import ContractNature, Facts
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.ltv import ltv_base_of, max_principal_fen
from chedai.policy.rule import Rule
from chedai.policy.wording import limit_text, percent_text, yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay

_CAR_LOANS: Final = frozenset({ContractNature.CAR_LOAN})
_LIKE_CAR_LOANS: Final = frozenset({ContractNature.CONSUMER_LOAN, ContractNature.CARD_INSTALMENT})


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Compare the principal with what the base allows; car loans hard, their kin as a remark."""
    if facts.contract_nature not in _CAR_LOANS | _LIKE_CAR_LOANS:
        return
    limit = policy.value_or_none("max_ltv")
    if limit is None:
        return
    base = ltv_base_of(facts)
    allowed_fen = max_principal_fen(base.base_fen, max_ltv=limit.decimal)
    if base.base_fen <= 0 or facts.principal_fen <= allowed_fen:
        return
    is_car_loan = facts.contract_nature in _CAR_LOANS
    loan_to_value = Decimal(facts.principal_fen) / base.base_fen
    shown = percent_text(loan_to_value, beyond=limit.decimal)
    message = f"贷款成数 {shown} 超过上限 {limit_text(limit.decimal)}（{base.derivation[2]}）"
    if not is_car_loan:
        message += "；本方案不是汽车贷款，按汽车贷款口径参照"
    yield Finding(
        rule_id=RULE.id,
        severity=RULE.declared if is_car_loan else Severity.INFORMS,
        message=message,
        remedy=f"贷款额不超过 {yuan_text(allowed_fen)}，其余付首付",
        citation=limit.citation,
        value=loan_to_value,
        threshold=limit.decimal,
    )


RULE: Final = Rule(id="loan_to_value", label_zh="贷款成数", declared=Severity.BLOCKS, check=check)
