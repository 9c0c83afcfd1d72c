"""A finding: what a rule says about a plan, how hard, from which text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


class Severity(StrEnum):
    """How hard a finding is: the plan stops, is doubtful, or carries a remark."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"

    @property
    def label_zh(self) -> str:
        """The word shown to the advisor."""
        return {"blocks": "不可继续", "warns": "请核对", "informs": "提示"}[self.value]


@dataclass(frozen=True, kw_only=True)
class Citation:
    """The text a number or a rule comes from; never the page it was found on.

    ``was_text_read`` is true only where the article itself was read; a rule may
    block on nothing less. ``is_house_rule`` marks our own invariants, which are
    not law and must be shown as such.
    """

    source_id: str
    instrument: str
    issuer: str
    number: str | None
    dated_on: date | None
    article: str
    was_text_read: bool
    is_house_rule: bool = False

    def text_zh(self) -> str:
        """Return the citation in one line: instrument, number, article, issuer, day."""
        number = f"（{self.number}）" if self.number else ""
        day = f"，{self.dated_on.isoformat()}" if self.dated_on else ""
        origin = "" if self.was_text_read else "；原文未核"
        return f"《{self.instrument}》{number}{self.article}，{self.issuer}{day}{origin}"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule's word on one plan.

    ``value`` is what the plan has, ``threshold`` what the rule allows, in the same
    unit (ratio as Decimal, money in fen, term in months). ``also_cited`` are the
    further texts the threshold was computed from, such as the LPR of the day.
    """

    rule_id: str
    severity: Severity
    message: str
    remedy: str
    citation: Citation
    value: Decimal | int | date | str | None = None
    threshold: Decimal | int | date | str | None = None
    also_cited: tuple[Citation, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every text this finding rests on, the main one foremost."""
        return (self.citation, *self.also_cited)
