"""Whether a number of months is when the loan will be paid off early, not its term."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from chedai.needs.amounts import Amount
from chedai.needs.reading.clauses import Clause
from chedai.needs.reading.sentence import Sentence

_PAID_OFF: Final = re.compile(
    r"提前|还清|结清|还掉|还完|还了|还上|清掉|结掉|全还|一次性?还|一把还|全部还|就还(?=$|[,。])"
)
_DENIED: Final = re.compile(
    "(?:不|没|别)(?:会|想|打算|准备|用|再)?提前|提前(?:还|结清)?不(?:了|划算)"
)
_REMAINING: Final = re.compile("(?:还有|还剩|剩下?|还?差|不到)\\s?$")
_LATER: Final = re.compile(r"\s?(?:左右|上下|多)?\s?(?:(?:以|之|过)?后|下来)")
_EARLIER_THAN: Final = re.compile(
    r"\s?(?:左右|上下|多|以?之?内)?(?:可能|估计|大概|也许|应该|我|就|再|可以|能|想|打算|准备|会|要|把|都)*提前"
)
_WHILE_BEFORE: Final = re.compile(
    r"(?:满|过|先还|还够|还到|供满|供到|等|还满|还上|还个|开个?|用个?|熬|拖)\s?(?:个)?(?:大概|差不多)?\s?$"
)
_FULL_BEFORE: Final = re.compile(r"(?:满|过|够)\s?(?:个)?\s?$")
_MAY_PAY: Final = re.compile(
    r"\s?(?:以?后)?就?(?:能|可以)(?:提前)?(?:全部)?(?:还|结)(?=吗|么|不|嘛|吧|清|完|掉|款|$)"
)
_AT_ONE_GO: Final = re.compile(
    r"\s?(?:左右|多)?(?:我|就|再|能|可以|想|要|打算|准备|可能|估计|大概|也许)*(?:把|一把|一次|全部|直接)[^,。]{0,6}(?:还|结|清)"
)
_SIMPLY: Final = re.compile(
    r"\s?(?:左右|多)?(?:我|就|能|可以|想|要|会|打算|准备|全部|内|都)*(?:还清|还完|还掉|还了|结清|结掉|清掉|还(?=$))"
)
_OFF_HAND: Final = re.compile(r"\s?(?:左右|多)?就(?:能|可以|想|要)*(?:还掉|结掉|清掉|就还$)")
_EARLY: Final = re.compile(r"\s?(?:就|再|我|想|能|可以)*(?:提前(?:还|结)|结清|还清)")
_PAYING_BEFORE: Final = re.compile(r"(?:供|还)(?:个|它)?\s?$")
_RID_OF: Final = re.compile(r"\s?就(?:想|要|能|可以|给)*(?:还掉|结清|结掉|清掉|还了)")
_SHORTEST_TERM: Final = 12


def is_prepayment(sentence: Sentence, amount: Amount, clause: Clause) -> bool:
    """Tell 一年后还清 from 分三年还清: after a while, at one go, or sooner than the term."""
    lead = sentence.text[clause.start : amount.start]
    said = sentence.text[amount.end : clause.end]
    if _DENIED.search(clause.text) or _REMAINING.search(lead):
        return False
    if _FULL_BEFORE.search(lead) and _MAY_PAY.match(said):
        return True
    if _is_named_before(sentence, clause, lead, said):
        return True
    if not _PAID_OFF.search(said):
        return False
    if _LATER.match(said) or _EARLIER_THAN.match(said) or _AT_ONE_GO.match(said):
        return True
    if _WHILE_BEFORE.search(lead) or (_PAYING_BEFORE.search(lead) and _RID_OF.match(said)):
        return True
    if _OFF_HAND.match(said):
        return True
    return bool(_SIMPLY.match(said)) and ("提前" in said or _is_sooner(sentence, amount))


def _is_named_before(sentence: Sentence, clause: Clause, lead: str, said: str) -> bool:
    """打算提前还,一年以后吧 and 用满一年,提前结清: the verb stands elsewhere."""
    if _FULL_BEFORE.search(lead) and not said.strip():
        return bool(_EARLY.match(sentence.next_said(clause)))
    is_when = _LATER.match(said) or _FULL_BEFORE.search(lead)
    return bool(is_when and _EARLY.search(sentence.previous_said(clause) + lead))


def _is_sooner(sentence: Sentence, amount: Amount) -> bool:
    """Tell whether the time is shorter than a term: than the one named, or than any there is."""
    longest = amount.high or Fraction(0)
    return longest < _SHORTEST_TERM or any(
        other.kind == "months" and (other.high or 0) > longest for other in sentence.amounts
    )


def until_verb(sentence: Sentence, end: int, clause: Clause) -> int:
    """Give where the words end that tell of paying off."""
    last = end
    for m in _PAID_OFF.finditer(sentence.text, end, clause.end):
        last = m.end()
    if rest := re.compile("[还清结掉完款]{1,2}").match(sentence.text, last):
        last = min(rest.end(), clause.end)
    return last
