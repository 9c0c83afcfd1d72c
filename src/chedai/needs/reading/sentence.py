"""A sentence taken apart once: clauses, role words, amounts; every reader looks at this."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chedai.needs.amounts import Amount, amounts_in
from chedai.needs.reading.clauses import Clause, clause_at, clauses_in
from chedai.needs.reading.cues import Cue, cues_in
from chedai.needs.reading.normalising import normalised

_NOT_BEFORE: Final = re.compile(
    r"(?:不是|不要|不想要?|别给我|别|不做|不分|不贷|不用|不考虑|并非|甭)\s?(?:说|给我|推荐?)?(?:首付|月供|裸车价?|车价|落地|预算|工资|贷|分|做|还|付|给|要|搞)?(?:个|那)?(?:什么)?\s?$"
)
_NOT_AFTER: Final = re.compile(
    r"\s?(?:的)?(?:月供|首付|利息)?(?:就|都|实在|真的?|还是|也|有点|有些|太|感觉|我|是)*(?:不行|嫌|太贵|吃力|不对|太多|太高|太长|太短|太久|扛不住|受不了|够呛|还不起|说错|不要|不考虑|多了点?|高了点?|长了点?|久了|短了|拿不出|出不起|付不起|承受不了|吃不消|不够(?!吧|吗)|记错|算了|超了|不可能|不做)(?!吧|吗|吗)"
)
_TAKEN_BACK: Final = re.compile(
    r"^\s?(?:哎|啊|呀|等等|等下)*\s?(?:不对|(?:不是)+(?:的)?\s?$|说错|记错|错了|口误|打错|搞错|改一下|算了|不$)"
)
_FORMERLY: Final = re.compile(
    r"(?:原来|本来|原先|起初|一开始|之前|上次|上回|刚才|昨天|先前|以前)(?:我|是|工资|收入|月薪|说|想|打算|计划|准备|定|讲|要|的|好|了|给|报|首付|月供|预算|落地|贷|做|分|付|就|呢|\s)*$"
)
_NOW: Final = re.compile(
    r"现在|改|只(?:能|有|想)|后来|还是|不行|得|变|换|今天|这会|结果|不够|涨|多|少|降|加|说|建议|觉得|让|想"
)
_MORE: Final = re.compile(r"(?:再|又|多|另)(?:加|添|凑|拿|出|掏|补|给)(?:上|个|你|到)?\s?$")

_LEAD_TO_SUM: Final = re.compile(
    r"\s?(?:那|就|一共|总共|凑|是|到|算|给|合计|成|变成|凑够|凑个|凑成)*\s?"
)
_BEYOND: Final = re.compile("(?:超过?|高于|大于|多于|破)\\s?$")
_TURNED_INTO: Final = re.compile(
    r"\s?(?:的)?(?:首付|月供|预算|落地)?(?:就|要|想|给我|帮我)*(?:改|换|变|涨|加|提|降|减|调)(?:成|到|为)了?"
)
_TO: Final = re.compile(r"\s?(?:涨|加|提|降|减|改|拉|调|升|缩|放宽|变)(?:到|成|高到|低到)")
_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Sentence:
    """Normalised words with everything that was found in them."""

    text: str
    clauses: list[Clause]
    cues: list[Cue]
    amounts: list[Amount]
    rejected: frozenset[int]

    def clause_of(self, offset: int) -> Clause:
        """Give the clause that holds ``offset``."""
        return self.clauses[clause_at(self.clauses, offset)]

    def next_said(self, clause: Clause) -> str:
        """Give the words of the clause that follows, empty after the last."""
        at = clause_at(self.clauses, clause.start) + 1
        return self.clauses[at].text if at < len(self.clauses) else ""

    def previous_said(self, clause: Clause) -> str:
        """Give the words of the clause before, empty ahead of the first."""
        at = clause_at(self.clauses, clause.start)
        return self.clauses[at - 1].text if at else ""

    def before(self, index: int) -> int:
        """Give where the words that lead to amount ``index`` begin."""
        start = self.clause_of(self.amounts[index].start).start
        return max(start, self.amounts[index - 1].end) if index else start

    def after(self, index: int) -> int:
        """Give where the words that follow amount ``index`` end."""
        end = self.clause_of(self.amounts[index].start).end
        following = self.amounts[index + 1].start if index + 1 < len(self.amounts) else end
        return min(end, following)


def taken_apart(text: str) -> Sentence:
    """Find clauses, role words and amounts in a sentence as it was typed."""
    said = normalised(text)
    clauses = clauses_in(said)
    amounts = amounts_in(said) if clauses else []
    rejected = frozenset(i for i in range(len(amounts)) if _is_rejected(said, clauses, amounts, i))
    return Sentence(said, clauses, cues_in(said), amounts, rejected)


def _is_rejected(text: str, clauses: list[Clause], amounts: list[Amount], index: int) -> bool:
    amount = amounts[index]
    at = clause_at(clauses, amount.start)
    clause = clauses[at]
    if _NOT_BEFORE.search(text, max(clause.start, amount.start - 12), amount.start):
        return True
    if _NOT_AFTER.match(text, amount.end, clause.end):
        return not _BEYOND.search(text, clause.start, amount.start)
    if _is_outdated(text, clauses, amounts, index):
        return True
    is_last_here = index + 1 == len(amounts) or amounts[index + 1].start >= clause.end
    follows = clauses[at + 1] if at + 1 < len(clauses) else None
    return bool(
        is_last_here
        and follows
        and _TAKEN_BACK.match(follows.text)
        and any(a.kind == amount.kind for a in amounts[index + 1 :])
    )


def _is_outdated(text: str, clauses: list[Clause], amounts: list[Amount], index: int) -> bool:
    """原来说五万,现在四万 and 再加一万,六万吧: the next sum of its kind is the one that holds."""
    amount = amounts[index]
    at = clause_at(clauses, amount.start)
    following = next((a for a in amounts[index + 1 :] if a.kind == amount.kind), None)
    if following is None or clause_at(clauses, following.start) - at > _REACH:
        return False
    before = text[clauses[at].start : amount.start]
    between = text[amount.end : following.start]
    if _TURNED_INTO.fullmatch(between):
        return True
    if before.endswith("从") and _TO.match(between):
        return True
    if _FORMERLY.search(before):
        return bool(_NOW.search(between))
    rest = clauses[clause_at(clauses, following.start)].start
    return bool(
        _MORE.search(before)
        and following.start >= clauses[at].end
        and _LEAD_TO_SUM.fullmatch(text[rest : following.start])
    )
