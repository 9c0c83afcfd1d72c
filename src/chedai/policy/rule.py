"""What a rule is, and how hard it may speak: it blocks only on a text that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chedai.core.rules.facts import Facts
from chedai.core.rules.finding import Finding, Severity
from chedai.policy.day import PolicyDay

Check = Callable[[Facts, PolicyDay], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: its name for people, the hardest it may speak, and its check.

    ``check`` yields findings at the severity it would have if every text had been
    read; ``weighed`` then lowers what rests on a text nobody read.
    """

    id: str
    label_zh: str
    declared: Severity
    check: Check


def weighed(finding: Finding) -> Finding:
    """Return the finding, lowered from blocks to warns unless every cited text was read."""
    is_read = all(citation.was_text_read for citation in finding.citations)
    if finding.severity is Severity.BLOCKS and not is_read:
        return replace(finding, severity=Severity.WARNS)
    return finding
