"""Which role each money amount or ratio plays: words beside it, then the clause before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chedai.needs.reading.clauses import clause_at
from chedai.needs.reading.cues import Cue
from chedai.needs.reading.sentence import Sentence

_MONTHLY: Final = frozenset({"monthly", "monthly_weak"})
_OWED: Final = frozenset({"debt", "balance"})
_EARNED: Final = frozenset({"income", "income_maybe", "income_year", "income_year_weak"})
_WEAK: Final = frozenset({"monthly_weak", "total_weak"})
_NAMED: Final = frozenset(
    {"down_payment", "down_payment_maybe", "monthly", "vehicle_price", "on_road_price"}
)
_NEVER_CARRIED: Final = frozenset({"car", "loan", "dropped", "rate", "rate_annual", "trade_in"})
_GAP_AFTER: Final = re.compile(
    r"\s?(?:块钱?|元)?(?:左右|上下|以内|之内|以下|出头|多|的样子|封顶)?\s?(?:的|是|能不能|可不可以|能|可以)?\s?$"
)
LEAD_IN: Final = re.compile(
    r"^\s?(?:(?:好像|记得|应该是|大概|大约|差不多|估计|约|不到|将近|接近|快|小|也?就|只?有|我|想|是|要|得|最多|顶多|至少|起码|最好|尽量|别超过?|不超过?|"
    r"不能超过?|超过|高于|控制在|应该|一共|就要|可能|给|拿|个|那就|改成|还是|嘛|吧|呢|说|他|在|能|可以|到|出|再|加|定|按|算|压|降|减|弄|做|换成?)\s?){0,4}$"
)
_PAYING: Final = re.compile(r"车贷|月供|能还|能拿|承受|拿得出|还车|能出")
_PAYING_NEW: Final = re.compile(r"能还|能拿|能出|承受|拿得出|还得起|以内|再背|再供|再加")
_WISHED_LOAN: Final = re.compile(r"再|想|能|以内|控制|以下|承受|最好|准备|打算|尽量|左右")
_OWNED_LOAN_BEFORE: Final = re.compile(
    r"(?:已经|现在|还有|有个|有一个|还在|名下|目前)[^,。]{0,4}车贷|还没还|没还完|没结清|还剩|还有[^,。]{1,3}期"
)
_SOLD: Final = re.compile(r"[^,。]{0,4}卖(?:了|掉)")
_OWNED_LOAN: Final = re.compile(
    r"(?:还|现在|名下|已经|目前|本来|我)?(?:有|背着|还着|供着)(?:个|一个|一笔|笔)?\s?$"
)
_OUT_OF_REACH: Final = re.compile(r"\s?(?:都|也|还|是|有点)*不够|超了|没了")
_LIMIT: Final = re.compile("最多|最高|顶多|至多|上限|不超|别超|不能超|至少|起码|撑死")
_AND: Final = re.compile(r"\s?(?:和|跟|与|或者?|还是|、)\s?")
_VALUED: Final = re.compile("抵|折|值|置换|卖给|顶|估")
_MORE: Final = re.compile("(?:再|又|另外)(?:给|加|添|凑|拿|出|补|借)")
_FAR: Final = 14
_AS_THAT: Final = re.compile(
    r"\s?(?:全|都|正好|刚好|就|可以|拿来|用来|打算|准备)*(?:当|做|作|付|拿来|算)"
)
_NO_MORE: Final = re.compile(
    r"(?:就|也就|只能|只有)?(?:这么|这些|这样|别再|不能再|不要再|别往上|再多|再高)"
)


@dataclass(frozen=True, slots=True)
class Role:
    """The role of one amount; ``cue`` None when no word beside it says so."""

    name: str
    cue: Cue | None = None
    is_after: bool = False

    @property
    def cue_end(self) -> int:
        """Where the word ends that gave the role."""
        return self.cue.end if self.cue else 0


def roles_of(sentence: Sentence) -> dict[int, Role]:
    """Give each money amount and ratio its role; months and days are read elsewhere."""
    roles: dict[int, Role] = {}
    taken: set[Cue] = set()
    for index, amount in enumerate(sentence.amounts):
        if amount.kind in {"months", "days"}:
            continue
        role = (
            _side_by_side(sentence, index, roles)
            or _beside(sentence, index, taken)
            or _carried(sentence, index, roles)
            or _carried_back(sentence, index)
        )
        if role and role.name in _MONTHLY and _is_owed(sentence, index, role):
            role = Role("debt", role.cue, role.is_after)
        if role is None:
            role = _inherited(sentence, index, roles) or Role("none")
        if role.cue:
            taken.add(role.cue)
        roles[index] = role
    return roles


def _beside(sentence: Sentence, index: int, taken: set[Cue]) -> Role | None:
    before = _leading(sentence, index, taken)
    role = _share_of_price(sentence, index, before) or _strongest(before)
    if role is None or role.name in _WEAK:
        after = _following(sentence, index, taken)
        is_plain_loan = role and role.name == "monthly_weak" and after and after.name == "loan"
        if after and not is_plain_loan and (role is None or after.name not in _MONTHLY):
            owes = after.name in _MONTHLY and _is_owed(sentence, index, after)
            return Role("debt", after.cue, is_after=True) if owes else after
    if (
        role
        and role.name == "trade_in"
        and _SOLD.search(_cue_of(sentence, role) + sentence.text[role.cue_end : role.cue_end + 4])
    ):
        return None
    if role and role.name == "total_weak" and (paid := _summed_up(sentence, index)):
        return paid
    if role and role.name == "car_loan":
        return Role(_car_loan(sentence, index), role.cue)
    if role and role.name in _MONTHLY and _is_owed(sentence, index, role):
        return Role("debt", role.cue)
    return role


def _summed_up(sentence: Sentence, index: int) -> Role | None:
    """首付我出四万,我妈再给两万,一共六万: the sum of what was named before."""
    start = sentence.clause_of(sentence.amounts[index].start).start
    cues = [c for c in sentence.cues if c.role == "down_payment" and c.start < start]
    if cues and _MORE.search(sentence.text, cues[-1].end, start):
        return Role("down_payment", None)
    return None


def _is_owed(sentence: Sentence, index: int, role: Role) -> bool:
    """Tell whether a monthly sum goes to something bought before."""
    clause = sentence.clause_of(sentence.amounts[index].start)
    if clause.is_of_old_loan:
        return not _LIMIT.search(clause.text) and not _PAYING_NEW.search(clause.text)
    is_weak = role.name == "monthly_weak" or _cue_of(sentence, role).startswith(("每期", "月还"))
    return is_weak and _owes_before(sentence, index)


def _cue_of(sentence: Sentence, role: Role) -> str:
    return sentence.text[role.cue.start : role.cue.end] if role.cue else ""


def _share_of_price(sentence: Sentence, index: int, cues: list[Cue]) -> Role | None:
    """首付是车价的三成: the price is only what the share is taken of."""
    is_share = sentence.amounts[index].kind in {"ratio", "percent"}
    if is_share and [c.role for c in cues[-2:]] == ["down_payment", "vehicle_price"]:
        return Role("down_payment", cues[-2])
    return None


def _leading(sentence: Sentence, index: int, taken: set[Cue]) -> list[Cue]:
    """Role words of the clause before the amount; a count of months between does not cut."""
    amount = sentence.amounts[index]
    start = sentence.clause_of(amount.start).start
    for earlier in range(index - 1, -1, -1):
        other = sentence.amounts[earlier]
        if other.kind not in {"months", "days"}:
            start = max(start, other.end)
            break
    return [c for c in sentence.cues if start < c.end <= amount.start and c not in taken]


def _strongest(cues: list[Cue]) -> Role | None:
    """Let the last word decide, unless it is a weak one beside a stronger."""
    if not cues:
        return None
    names = [cue.role for cue in cues]
    for choose in (_paid_or_earned, _named_total):
        if role := choose(cues, names):
            return role
    last = cues[-1]
    if last.role == "income_year_weak" and len(cues) > 1:
        last = cues[-2]
    if last.role == "loan":
        others = [cue for cue in cues if cue.role in _MONTHLY]
        last = others[-1] if others else last
    if last.role == "income" and "income_year" in names:
        return Role("income_year", cues[names.index("income_year")])
    if last.role == "income" and "income_maybe" in names:
        return Role("income_maybe", cues[names.index("income_maybe")])
    first_monthly = next((c for c in cues if c.role == "monthly_weak"), last)
    starts = first_monthly if last.role in _EARNED | {"debt"} | _MONTHLY else last
    return Role(last.role, starts if last.start - starts.start <= _FAR else last)


def _paid_or_earned(cues: list[Cue], names: list[str]) -> Role | None:
    """房贷每月三千三 is a debt and 工资每月九千 an income, although 每月 comes last."""
    last = cues[-1]
    is_told_of = len(cues) > 1 and last.start - cues[-2].end <= 1
    if last.role == "monthly_weak" and is_told_of and cues[-2].role == "dropped":
        return Role("dropped", cues[-2])
    if last.role not in _MONTHLY | {"loan", "total_weak"}:
        return None
    if _OWED & set(names):
        return Role("debt", next(cue for cue in cues if cue.role in _OWED))
    earned = [cue for cue in cues if cue.role in _EARNED]
    return Role(earned[-1].role, earned[0]) if earned and last.role != "monthly" else None


def _named_total(cues: list[Cue], names: list[str]) -> Role | None:
    """首付一共六万 is a down payment: 一共 alone only sums up what was named before."""
    last, named = cues[-1], [cue for cue in cues if cue.role in _NAMED]
    if not named:
        return None
    if last.role == "down_payment_maybe":
        return (
            Role("down_payment", named[-2]) if len(named) > 1 and "down_payment" in names else None
        )
    is_landed = last.role == "total_budget" and named[-1].role == "on_road_price"
    return Role(named[-1].role, named[-1]) if last.role == "total_weak" or is_landed else None


def _following(sentence: Sentence, index: int, taken: set[Cue]) -> Role | None:
    amount = sentence.amounts[index]
    end = sentence.clause_of(amount.start).end
    cues = [c for c in sentence.cues if amount.end <= c.start < end and c not in taken]
    if not cues or not _GAP_AFTER.fullmatch(sentence.text[amount.end : cues[0].start]):
        return None
    cue = cues[0]
    if cue.role == "monthly_weak" and len(cues) > 1 and cues[1].role in _EARNED:
        cue = cues[1] if cues[1].start - cue.end <= 2 else cue
    if cue.role == "new_loan":
        return Role(_loan_after(sentence, index), cue, is_after=True)
    if cue.role == "car" or _binds_forward(sentence, index, cue):
        return None
    return Role(cue.role, cue, is_after=True)


def _car_loan(sentence: Sentence, index: int) -> str:
    """房贷三千,车贷一千二 are owed both; 再加车贷三千 and 车贷别超三千 are wished for."""
    clause = sentence.clause_of(sentence.amounts[index].start)
    if _LIMIT.search(clause.text) or _WISHED_LOAN.search(clause.text):
        return "monthly"
    if _OWNED_LOAN_BEFORE.search(clause.text):
        return "debt"
    at = clause_at(sentence.clauses, clause.start)
    near = sentence.clauses[max(0, at - 1) : at + 2]
    owes = any(
        c.role == "debt" and beside.start <= c.start < beside.end
        for beside in near
        for c in sentence.cues
    )
    return "debt" if owes else "monthly"


def _loan_after(sentence: Sentence, index: int) -> str:
    """再背个三千的车贷 is wished for, 还有个两千的车贷 is owed."""
    amount = sentence.amounts[index]
    before = sentence.text[sentence.clause_of(amount.start).start : amount.start]
    return "debt" if _OWNED_LOAN.search(before) else "monthly"


def _binds_forward(sentence: Sentence, index: int, cue: Cue) -> bool:
    """In 18万首付6万 the word belongs to the second amount, in 三千月供五万首付 to the first."""
    for later in range(index + 1, len(sentence.amounts)):
        other = sentence.amounts[later]
        if other.kind in {"months", "days"}:
            continue
        clause = sentence.clause_of(cue.start)
        if other.start >= clause.end or other.start - cue.end > _FAR:
            return False
        between = [c for c in sentence.cues if cue.end <= c.start < other.start]
        own = [c for c in sentence.cues if c.start == other.end]
        return not between and not own
    return False


def _owes_before(sentence: Sentence, index: int) -> bool:
    """每月还1800 after 还有贷款没还完 is a debt, not what can be paid for the car."""
    at = clause_at(sentence.clauses, sentence.amounts[index].start)
    if at == 0 or _PAYING.search(sentence.clauses[at].text):
        return False
    previous = sentence.clauses[at - 1]
    if re.search("还清了|结清了|还完了|没有?(?:房贷|贷款|负债|网贷)", previous.text):
        return False
    return any(c.role in _OWED and previous.start <= c.start < previous.end for c in sentence.cues)


def _carried(sentence: Sentence, index: int, roles: dict[int, Role]) -> Role | None:
    """Take the role word that the clause before left without an amount."""
    amount = sentence.amounts[index]
    at = clause_at(sentence.clauses, amount.start)
    clause = sentence.clauses[at]
    if at == 0 or not LEAD_IN.match(sentence.text[clause.start : amount.start]):
        return None
    previous = sentence.clauses[at - 1]
    cues = [c for c in sentence.cues if previous.start <= c.start < previous.end]
    used = {role.cue for role in roles.values()}
    if not cues or cues[-1] in used:
        return None
    is_valued = cues[-1].role == "trade_in" and _VALUED.search(previous.text)
    if cues[-1].role in _NEVER_CARRIED and not is_valued:
        return None
    if any(
        previous.start <= a.start < previous.end for a in sentence.amounts if a.kind == amount.kind
    ):
        return None
    if _OUT_OF_REACH.match(sentence.text, cues[-1].end):
        return None
    role = _strongest(cues)
    return role and Role(role.name, role.cue)


def _side_by_side(sentence: Sentence, index: int, roles: dict[int, Role]) -> Role | None:
    """首付两成跟三成: the second share is one of the same thing."""
    if index - 1 not in roles:
        return None
    first, amount = sentence.amounts[index - 1], sentence.amounts[index]
    is_like = first.kind == amount.kind == "ratio"
    if is_like and _AND.fullmatch(sentence.text[first.end : amount.start]):
        return Role(roles[index - 1].name)
    return None


def _carried_back(sentence: Sentence, index: int) -> Role | None:
    """两千五是极限,月供别再高了 and 六万,全当首付: the word comes in the next clause."""
    at = clause_at(sentence.clauses, sentence.amounts[index].start)
    if at + 1 >= len(sentence.clauses):
        return None
    clause, following = sentence.clauses[at], sentence.clauses[at + 1]
    if any(following.start <= a.start < following.end for a in sentence.amounts):
        return None
    if any(clause.start <= c.start < clause.end for c in sentence.cues if c.role != "trade_in"):
        return None
    cue = next((c for c in sentence.cues if following.start <= c.start < following.end), None)
    if cue is None or cue.role not in {"down_payment", "monthly"}:
        return None
    lead = sentence.text[following.start : cue.start]
    rest = sentence.text[cue.end : following.end]
    said_as = sentence.text[following.start : cue.start + 1]
    if (
        _AS_THAT.fullmatch(lead)
        or _AS_THAT.fullmatch(said_as)
        or (not lead.strip() and _NO_MORE.match(rest))
    ):
        return Role(cue.role, cue, is_after=True)
    return None


def _inherited(sentence: Sentence, index: int, roles: dict[int, Role]) -> Role | None:
    """In 首付五万不行,六万吧 and 不是3500,是2500 the new number takes the old one's place."""
    amount = sentence.amounts[index]
    at = clause_at(sentence.clauses, amount.start)
    for earlier in range(index - 1, -1, -1):
        other = sentence.amounts[earlier]
        if other.kind in {"months", "days"}:
            continue
        near = at - clause_at(sentence.clauses, other.start) <= 2
        if not near or other.kind != amount.kind or earlier not in roles:
            return None
        is_limit = bool(_LIMIT.search(sentence.text[other.end : amount.start]))
        if earlier in sentence.rejected or is_limit:
            role = roles[earlier]
            return Role(role.name, role.cue if earlier in sentence.rejected else None)
        return None
    return None
