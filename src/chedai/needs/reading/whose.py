"""Whose money it is, and whether it is earned or paid."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from chedai.needs import lexicon
from chedai.needs.reading.clauses import clause_at
from chedai.needs.reading.roles import Role
from chedai.needs.reading.sentence import Sentence

TOGETHER: Final = re.compile(
    r"加起来|加一起|(?:跟|和)(?:我)?(?:老公|老婆|媳妇|爱人)|两个人|俩人|两口子|夫妻|我们俩|一起有|家庭(?:月?收入)|全家|好的时候|旺季|生意好|最好的|合计|合起来|多的时候"
)
_RELATIVE: Final = re.compile(
    r"(?:老公|老婆|媳妇|爱人|对象|女朋友|男朋友|爸妈?|妈|父母|儿子|女儿|他|她|孩子|公公|婆婆|哥|姐|弟|妹)(?:他|她)?的?(?:一个月|每个?月|月)?$"
)
_SUBJECT: Final = re.compile(
    "我?(?:老公|老婆|媳妇|爱人|对象|爸|妈|父母|儿子|女儿|朋友|哥|姐|弟|妹)"
)
_PAYS: Final = re.compile("还|供|付|掏|出(?!头)|贷|花(?!呗)|承受|扛|最多|以内|以下|封顶|超|不能|别")
TAKE_HOME_YUAN_MAX: Final = 50_000


def is_foreign(sentence: Sentence, index: int, role: Role) -> bool:
    """Another person's income, or a debt's balance instead of its instalment."""
    amount = sentence.amounts[index]
    if role.name.startswith("income") or role.name == "monthly_weak":
        is_price = "到手" in _cue_text(sentence, role) and (amount.high or 0) > TAKE_HOME_YUAN_MAX
        said = sentence.clause_of(amount.start).text
        return is_price or (not TOGETHER.search(said) and _is_anothers(sentence, role))
    if role.name != "debt":
        return False
    clause = sentence.clause_of(amount.start)
    at = clause_at(sentence.clauses, amount.start)
    around = sentence.clauses[at - 1].text + clause.text if at else clause.text
    is_regular = "月" in around or _cue_text(sentence, role)[:2] in {"房贷", "按揭"}
    return not is_regular or bool(re.search("欠|剩|刷了|总共|一共贷", clause.text))


def _cue_text(sentence: Sentence, role: Role) -> str:
    return sentence.text[role.cue.start : role.cue.end] if role.cue else ""


def as_income(sentence: Sentence, index: int, role: Role) -> Role:
    """一个月七八千 after a job, with no word of paying, is more likely what is earned."""
    clause = sentence.clause_of(sentence.amounts[index].start)
    if role.name != "monthly_weak" or _PAYS.search(clause.text):
        return role
    if TOGETHER.search(clause.text):
        return replace(role, name="income_maybe")
    said = sentence.text[: clause.end]
    works = any(p.value and p.pattern.search(said) for p in lexicon.phrases()["income_kind"])
    return replace(role, name="income_maybe") if works else role


def _is_anothers(sentence: Sentence, role: Role) -> bool:
    if role.cue is None:
        return False
    if _RELATIVE.search(sentence.text, max(0, role.cue.start - 8), role.cue.start):
        return True
    at = clause_at(sentence.clauses, role.cue.start)
    before = sentence.clauses[at - 1].text if at else ""
    is_theirs = _SUBJECT.match(before.strip()) and not re.search("我|客户|自己", before[2:])
    return bool(is_theirs and not re.search("我|客户|自己|两", sentence.clauses[at].text))


def is_told(sentence: Sentence, role: Role) -> bool:
    """我一个月八千 may be what is earned as well as what can be paid."""
    if role.name != "monthly_weak" or role.cue is None or role.is_after:
        return False
    clause = sentence.clause_of(role.cue.start)
    said = sentence.text[clause.start : role.cue.start].strip()
    return bool(
        re.fullmatch("我|客户|他|她|我们|本人|自己|现在|我现在|平均", said)
    ) and not _PAYS.search(clause.text)
