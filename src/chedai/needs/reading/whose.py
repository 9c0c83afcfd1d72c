"""Whose money it is, and whether it is earned or paid."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from chedai.needs import lexicon
from chedai.needs.reading.clauses import Clause, clause_at
from chedai.needs.reading.roles import Role
from chedai.needs.reading.sentence import Sentence

TOGETHER: Final = re.compile(
    r"加起来|加一起|(?:跟|和)(?:我)?(?:老公|老婆|媳妇|爱人)|两个人|俩人|两口子|夫妻|我们俩|一起有|家庭(?:月?收入)|全家|好的时候|旺季|生意好|最好的|合计|合起来|多的时候|总收入|一共|共[\d一二两三四五六七八九]|女方|男方|一家(?:人|子)|年景|行情好"
)
_RELATIVE: Final = re.compile(
    r"(?:老公|老婆|媳妇|爱人|对象|女朋友|男朋友|爸妈?|妈|父母|儿子|女儿|他|她|孩子|公公|婆婆|哥|姐|弟|妹)(?:他|她)?的?(?:一个月|每个?月|月)?$"
)
_SUBJECT: Final = re.compile(
    "我?(?:老公|老婆|媳妇|爱人|对象|爸|妈|父母|儿子|女儿|朋友|哥|姐|弟|妹)"
)
_PAYS: Final = re.compile("还|供|付|掏|出(?!头)|贷|花(?!呗)|承受|扛|最多|以内|以下|封顶|超|不能|别")
TAKE_HOME_YUAN_MAX: Final = 50_000
_INCOME: Final = re.compile("收入|挣|赚|工资|流水|到手|旺季")
_PAST_YEAR: Final = re.compile("去年|前年|往年|行情好|好的时候")
_DAILY: Final = re.compile("每天|一天|一晚|日均|每日|一单|一趟|每单")
_CREDIT: Final = re.compile("月供|首付|贷|分期|还款|供")
_CLOSE: Final = 8
_INSTALMENT_YUAN_MAX: Final = 20_000
_BALANCE: Final = re.compile("欠|剩|刷了|总共(?!.{0,2}还)|一共贷|贷了|额度")
_IN_PARTS: Final = re.compile(
    "分期|还|供|车贷|装修贷|消费贷|助学贷|公积金贷|信用贷|经营贷|花呗|借呗|白条|网贷|卡"
)
_WORKS_HERE: Final = re.compile(
    "上班|打工|干活|进厂|工作|当[^,。]{1,4}|做[^,。]{1,6}的?|跑|开[^,。]{1,4}店|摆摊|退休"
)
_FARMS: Final = re.compile(
    r"(?:做|干|搞|卖|修)[^,。\d年期万成一二三四五六七八九十]{1,8}的(?=[,。]|$)|靠[^,。]{1,6}(?:生活|过日子|吃饭|为生)|收租|给[^,。]{1,4}开车|养(?:猪|鸡|鸭|牛|羊|鱼|虾|蟹|殖)|种(?:地|田|菜|植|果|棉花)|大棚|果园|承包|务农|打渔"
)
_NET: Final = re.compile("除去|除掉|刨去|刨掉|扣掉|扣除|去掉|成本|纯|净|到手|能?落")


def is_foreign(sentence: Sentence, index: int, role: Role) -> bool:
    """Another person's income, or a debt's balance instead of its instalment."""
    amount = sentence.amounts[index]
    if role.name == "down_payment_maybe":
        return sentence.text.startswith("额度", amount.end)
    if role.name.startswith("income") or role.name == "monthly_weak":
        is_price = "到手" in _cue_text(sentence, role) and (amount.high or 0) > TAKE_HOME_YUAN_MAX
        said = sentence.clause_of(amount.start).text
        if _DAILY.search(sentence.text, max(0, amount.start - _CLOSE), amount.start):
            return True
        return is_price or (not TOGETHER.search(said) and _is_anothers(sentence, role))
    if role.name != "debt":
        return False
    return not _is_instalment(sentence, index)


def _is_instalment(sentence: Sentence, index: int) -> bool:
    """A debt counts by what is paid monthly; what is still owed of it does not."""
    amount = sentence.amounts[index]
    clause = sentence.clause_of(amount.start)
    said = clause.text[: amount.start - clause.start]
    if _BALANCE.search(said) or re.search("一年|每年", said):
        return False
    at = clause_at(sentence.clauses, amount.start)
    around = sentence.clauses[at - 1].text + clause.text if at else clause.text
    if re.search("月|每期|房贷|按揭|还着|车贷", around):
        return True
    is_one_of_several = "月" in sentence.text and (amount.high or 0) < _INSTALMENT_YUAN_MAX
    return is_one_of_several and bool(_IN_PARTS.search(said))


def _cue_text(sentence: Sentence, role: Role) -> str:
    return sentence.text[role.cue.start : role.cue.end] if role.cue else ""


def as_income(sentence: Sentence, index: int, role: Role) -> Role:
    """一个月七八千 after a job, with no word of paying, is more likely what is earned."""
    clause = sentence.clause_of(sentence.amounts[index].start)
    if role.name == "income_year" and _PAST_YEAR.search(clause.text):
        return replace(role, name="income_year_weak")
    if role.name == "income_usual":
        is_earned = _earns(sentence, clause) or _INCOME.search(sentence.text[: clause.start])
        return replace(role, name="income" if is_earned else "dropped")
    if role.name == "income_year_weak":
        return role if _earns(sentence, clause) else Role("dropped", role.cue)
    if role.name != "monthly_weak" or _PAYS.search(clause.text, _near(clause, role)):
        return role
    if TOGETHER.search(clause.text):
        return replace(role, name="income_maybe")
    if not _earns(sentence, clause):
        return role
    before = sentence.text[clause.start : role.cue.start] if role.cue else ""
    is_clear = _NET.search(before) or (_WORKS_HERE.search(before) and not clause.is_of_kin)
    return replace(role, name="income" if is_clear else "income_maybe")


def _near(clause: Clause, role: Role) -> int:
    """Give where in the clause the words close before the role word begin."""
    return max(0, role.cue.start - clause.start - _CLOSE) if role.cue else 0


def _earns(sentence: Sentence, clause: Clause) -> bool:
    """Tell whether a job was named up to here."""
    said = sentence.text[: clause.end]
    if _FARMS.search(said):
        return True
    return any(p.value and p.pattern.search(said) for p in lexicon.phrases()["income_kind"])


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
    if role.name != "monthly_weak" or role.cue is None:
        return False
    clause = sentence.clause_of(role.cue.start)
    if not _PAYS.search(clause.text) and not _CREDIT.search(sentence.text):
        return True
    if role.is_after:
        return False
    said = sentence.text[clause.start : role.cue.start].strip()
    return bool(
        re.fullmatch("我|客户|他|她|我们|本人|自己|现在|我现在|平均", said)
    ) and not _PAYS.search(clause.text)
