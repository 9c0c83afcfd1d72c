"""A lease is not to be advertised with the words of a loan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chedai.core.rules.finding import Finding, Severity
from chedai.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chedai.core.rules.facts import Facts
    from chedai.policy.day import PolicyDay

_GUANGDONG: Final = "440000"


def check(facts: Facts, policy: PolicyDay) -> Iterator[Finding]:
    """Look for loan words in what the customer sees; the text is Guangdong's."""
    if not facts.contract_nature.is_lease:
        return
    banned = policy.value_or_none("lease_banned_words")
    if banned is None:
        return
    is_local = facts.province == _GUANGDONG
    for word in banned.words:
        if not any(word in shown for shown in facts.marketing_words):
            continue
        yield Finding(
            rule_id=RULE.id,
            severity=RULE.declared if is_local else Severity.INFORMS,
            message=f"融资租赁方案使用了“{word}”字样"
            + ("" if is_local else "（广东不得使用，其他地区建议避免）"),
            remedy="改用“融资租赁”“租金”等用语，并说明车辆所有权归属",
            citation=banned.citation,
            value=word,
        )


RULE: Final = Rule(
    id="lease_wording", label_zh="融资租赁用语", declared=Severity.WARNS, check=check
)
