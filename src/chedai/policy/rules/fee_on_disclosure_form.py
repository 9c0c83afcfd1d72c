"""No loan-related fee beyond the disclosure form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.facts import Facts, PayeeKind
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule
from chedai.policy.wording import yuan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.policy.day import PolicyDay

_LOAN_PAYEES: Final = frozenset({PayeeKind.LENDER, PayeeKind.DEALER, PayeeKind.COMPANY})


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Look for fees that the form, once required, does not list."""
    required = policy.value_or_none("is_cost_disclosure_required")
    if required is None or not required.is_true:
        return
    cited = policy.clause("nfra-pboc-2026-2", article="表外不收费条款")
    for fee in facts.fees:
        is_loan_fee = fee.payee_kind in _LOAN_PAYEES and fee.amount_fen > 0
        if cited is None or not is_loan_fee or fee.is_on_disclosure_form is not False:
            continue
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared,
            message=f"{fee.name_zh} {yuan_text(fee.amount_fen)} 未列入综合融资成本明示表",
            remedy="补列入明示表并重新请客户确认，否则不收取",
            citation=cited,
            value=fee.amount_fen,
        )


RULE: Final = Rule(
    id="fee_on_disclosure_form", label_zh="表外收费", declared=Severity.BLOCKS, check=check
)
