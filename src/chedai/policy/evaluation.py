"""All rules over one plan: findings, and for each rule what it asked and from which text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chedai.core.rules.finding import Finding, Severity
from chedai.policy.dated import Consulted, citation_record
from chedai.policy.rule import Rule, weighed
from chedai.policy.rules import RULES
from chedai.policy.scope import scope_of

if TYPE_CHECKING:
    from chedai.core.rules.facts import Facts
    from chedai.policy.book import PolicyBook
    from chedai.policy.day import PolicyDay

_HARDEST_UP = {Severity.BLOCKS: 0, Severity.WARNS: 1, Severity.INFORMS: 2}


class RuleState(StrEnum):
    """What became of a rule on a plan."""

    FOUND = "found"
    PASSED = "passed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, kw_only=True)
class RuleOutcome:
    """One rule on one plan: its findings and every number and clause it consulted."""

    rule_id: str
    label_zh: str
    state: RuleState
    findings: tuple[Finding, ...]
    consulted: tuple[Consulted, ...]


@dataclass(frozen=True, kw_only=True)
class Review:
    """Every rule on one plan on one day, for showing and for storing with the decision."""

    policy: PolicyDay
    outcomes: tuple[RuleOutcome, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the hardest on top."""
        found = [finding for outcome in self.outcomes for finding in outcome.findings]
        return tuple(sorted(found, key=lambda finding: _HARDEST_UP[finding.severity]))

    @property
    def is_blocked(self) -> bool:
        """Whether any finding stops the plan."""
        return any(finding.severity is Severity.BLOCKS for finding in self.findings)

    def as_record(self) -> dict[str, object]:
        """Return day, version, numbers consulted, rules and findings in words JSON knows."""
        return self.policy.as_record() | {
            "rules": [
                {
                    "rule_id": outcome.rule_id,
                    "label": outcome.label_zh,
                    "state": outcome.state.value,
                    "consulted": [item.id for item in outcome.consulted],
                }
                for outcome in self.outcomes
            ],
            "findings": [finding_record(finding) for finding in self.findings],
        }


def evaluate(facts: Facts, policy_day: PolicyDay) -> tuple[Finding, ...]:
    """Return what the rules find on the plan, the hardest on top.

    ``policy_day`` remembers every number and clause the rules asked for.
    """
    return review(facts, policy_day).findings


def review(facts: Facts, policy_day: PolicyDay) -> Review:
    """Put every rule to the plan and keep, rule by rule, what it asked."""
    outcomes = tuple(_outcome(rule, facts=facts, policy=policy_day) for rule in RULES.values())
    return Review(policy=policy_day, outcomes=outcomes)


def policy_day_for(facts: Facts, book: PolicyBook) -> PolicyDay:
    """Open the book on the contract's day (or the decision's) for the plan's scope."""
    return book.on(facts.rules_day, scope=scope_of(facts))


def _outcome(rule: Rule, *, facts: Facts, policy: PolicyDay) -> RuleOutcome:
    apart = policy.apart()
    findings = tuple(weighed(finding) for finding in rule.check(facts, apart))
    policy.remember(apart)
    has_answer = any(item.is_answered for item in apart.consulted)
    passed = RuleState.PASSED if has_answer else RuleState.NOT_APPLICABLE
    return RuleOutcome(
        rule_id=rule.id,
        label_zh=rule.label_zh,
        state=RuleState.FOUND if findings else passed,
        findings=findings,
        consulted=apart.consulted,
    )


def finding_record(finding: Finding) -> dict[str, object]:
    """Return a finding in words JSON knows."""
    return {
        "rule_id": finding.rule_id,
        "severity": finding.severity.value,
        "message": finding.message,
        "remedy": finding.remedy,
        "value": None if finding.value is None else _plain(finding.value),
        "threshold": None if finding.threshold is None else _plain(finding.threshold),
        "citations": [citation_record(citation) for citation in finding.citations],
    }


def _plain(measure: object) -> object:
    return measure if isinstance(measure, (int, str)) else str(measure)
