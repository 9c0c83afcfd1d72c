"""Money and ratios with their roles become chips."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from chedai.needs.amounts import Amount
from chedai.needs.chips import Chip
from chedai.needs.reading.clauses import Clause
from chedai.needs.reading.limits import Bounds
from chedai.needs.reading.making import bounds_in, is_half_read, made, scaled, with_span
from chedai.needs.reading.roles import LEAD_IN, Role, roles_of
from chedai.needs.reading.sentence import Sentence
from chedai.needs.reading.whose import TOGETHER, as_income, is_foreign, is_told

WAN: Final = 10_000
THOUSAND: Final = 1_000
YUAN_MIN: Final = 500
_DEBT_YUAN_MIN: Final = 100
BARE_PRICE_MIN_YUAN: Final = 20_000
BASIS: Final = 10_000
_PLAUSIBLE_YUAN: Final = {
    "down_payment": (1_000, 5_000_000),
    "monthly_target": (300, 100_000),
    "monthly_max": (300, 100_000),
    "competitor_monthly": (300, 100_000),
    "vehicle_price": (8_000, 10_000_000),
    "on_road_price": (8_000, 10_000_000),
    "total_budget": (5_000, 10_000_000),
    "income_monthly": (500, 200_000),
    "debt_monthly": (50, 50_000),
    "trade_in": (500, 3_000_000),
}
_SLOT_OF: Final = {
    "down_payment": "down_payment",
    "down_payment_maybe": "down_payment",
    "vehicle_price": "vehicle_price",
    "car": "vehicle_price",
    "none": "vehicle_price",
    "on_road_price": "on_road_price",
    "total_budget": "total_budget",
    "total_weak": "total_budget",
    "income": "income_monthly",
    "income_year": "income_monthly",
    "income_year_weak": "income_monthly",
    "income_maybe": "income_monthly",
    "debt": "debt_monthly",
    "trade_in": "trade_in",
    "monthly": "monthly_target",
    "monthly_weak": "monthly_target",
}
_DOUBTFUL: Final = frozenset(
    {"down_payment_maybe", "car", "none", "income_maybe", "income_year_weak"}
)
_YEARLY: Final = frozenset({"income_year", "income_year_weak"})
_CAN_PAY: Final = re.compile(
    r"能(?:够)?(?:还|承受|拿出?|付|出)|还得起|扛得住|负担得起|供得起|承受得(?:起|住)|可以(?:还|承受|拿出)|拿得出|能力|(?:能|可以)接受|接受得了"
)
_PRICE_AFTER: Final = re.compile(
    r"\s?(?:块钱?|元)?\s?(?:左右|以内|之内|以下|出头|多|上下|起|档|级别|价位|区间|这个价)?(?:的|,|。|$|\s|!|\?|吧|有啥|有什么|能买|买|想|来|换|上个|够|能|我?就(?:不|算)|那[款个台辆]|这[款个台辆]|到头|打住|顶天|拿下|全款|搞定|可以|行|左右|以内|以下|之间|封顶)"
)
_NO_PRICE: Final = re.compile(
    r"公里|里程|跑了|花了|交了|凑|欠|优惠|便宜|降(?!到|至|成)|送|差|补|车位|缺|报销|拆迁|到了|本金|买了|付了|存|赔|罚|保额|额度|贷|借|剩|余|尾款|流水|订|定金|修|租|押|寄|费|续航|返|利息|抵|卖|值|估|挣|赚|亏|涨|加了|订金|定金|红包|多付|少付|多花|彩礼|礼金"
)
_NO_DEBT: Final = re.compile(
    r"负债(?:为|是)?(?:零|0)(?!首)|(?<!有)(?:没有?|无|零)(?:别的|其他|其它|任何|啥|什么|一点|一分钱?|半点|半分|的)*(?:外债|负债|欠债|欠款|债务?(?!券)|贷款(?!记录|资格|经验|过|吗|么))(?!吗|么|的话)|[没不]欠(?:别人|人家|谁|银行)?(?:一分)?(?:钱|债)"
)
_BUT: Final = re.compile("除了|除(?=.{1,6}外)|就一?个|只有|以外|之外")
_GRUDGING: Final = re.compile(r"\s?(?:块钱?)?(?:的)?(?:其实)?也(?:行|可以|成|中|能接受|凑合|考虑)")
_PAYS_SHARE: Final = re.compile("(?:先|就|我|^|,|首)(?:付|交|出|掏)(?:个|它)?$")
_SANK: Final = re.compile("[降减]到|降至")
_SETTLED: Final = re.compile("^[^,。]{0,4}(?:刚|已经|早|都)[^,。]{0,2}(?:结清|还清|还完)")
_GIVEN_FOR: Final = re.compile("值|估|卖|抵|顶|作价|收|折|给|换")
_SWAPPED: Final = re.compile("置换|旧换新|抵")
_ADDED: Final = re.compile(r"加(?:个)?\s?$")
_FAR: Final = 12
_BARE_ROW: Final = 3
_PERSONAL: Final = frozenset({"income_monthly", "debt_monthly"})
_WISHED: Final = frozenset({"down_payment", "down_payment_ratio", "vehicle_price"})
_QUOTABLE: Final = frozenset(
    {"down_payment", "down_payment_ratio", "monthly_target", "monthly_max", "income_monthly"}
)


def money_chips(sentence: Sentence) -> list[Chip]:
    """Read every money amount and ratio that a slot wants to know."""
    row = _bare_row(sentence)
    if row:
        return row
    chips = _no_debt(sentence)
    for index, role in roles_of(sentence).items():
        clause = sentence.clause_of(sentence.amounts[index].start)
        if index in sentence.rejected or clause.is_of_others:
            continue
        chip = _chip(sentence, index, role)
        if chip and not _is_not_asked(clause, chip, sentence.next_said(clause)):
            chips.append(replace(chip, certainty="ambiguous") if clause.is_quoted else chip)
    return chips


def _is_not_asked(clause: Clause, chip: Chip, following: str) -> bool:
    """What the seller quoted, people say or an older loan cost is no wish of the customer."""
    if chip.slot == "debt_monthly" and _SETTLED.search(following):
        return True
    if clause.is_of_kin and chip.slot in _PERSONAL:
        return True
    if clause.is_of_old_loan and chip.slot in _WISHED:
        return True
    return clause.is_quoted and chip.slot in _QUOTABLE


def _no_debt(sentence: Sentence) -> list[Chip]:
    m = _NO_DEBT.search(sentence.text)
    if m is None or sentence.clause_of(m.start()).is_of_others:
        return []
    if _BUT.search(sentence.text, max(0, m.start() - _FAR), m.start()):
        return []
    return [made(sentence, "debt_monthly", m.start(), m.end(), ends_of=(0, 0), certainty="said")]


def _bare_row(sentence: Sentence) -> list[Chip]:
    """15万,5万,3000 with no word beside them: price, down payment, instalment, all doubtful."""
    amounts = [a for a in sentence.amounts if a.kind == "money"]
    if len(amounts) != _BARE_ROW or any(c.role != "loan" for c in sentence.cues):
        return []
    first, second, third = amounts
    between = sentence.text[first.end : second.start] + sentence.text[second.end : third.start]
    ends = [_yuan(a, "none") for a in amounts]
    if between.strip(" ,、/-;。+和") or None in ends:
        return []
    price, down, monthly = (e[0] for e in ends if e)
    if not price > down > monthly or monthly < YUAN_MIN:
        return []
    slots = ("vehicle_price", "down_payment", "monthly_target")
    return [
        made(sentence, slot, a.start, a.end, ends_of=(e, e), certainty="ambiguous")
        for slot, a, e in zip(slots, amounts, (price, down, monthly), strict=True)
    ]


def _chip(sentence: Sentence, index: int, role: Role) -> Chip | None:
    amount = sentence.amounts[index]
    clause = sentence.clause_of(amount.start)
    if clause.is_competitor:
        return _competitor(sentence, index, role)
    if role.name in {"rate", "rate_annual", "dropped", "loan", "balance"}:
        return None
    if amount.kind != "money" or (role.name == "down_payment" and _is_percent(sentence, index)):
        return _ratio(sentence, index, role)
    if role.name == "none" and not _is_bare_price(sentence, index):
        return None
    if role.name == "trade_in" and not _is_worth(sentence, role, clause):
        role = Role("none", None)
        if not _is_bare_price(sentence, index):
            return None
    if is_foreign(sentence, index, role):
        return None
    role = as_income(sentence, index, role)
    return None if role.name == "dropped" else _sized(sentence, index, role)


def _is_worth(sentence: Sentence, role: Role, clause: Clause) -> bool:
    """Tell whether the sum beside an old car is what it is given for."""
    start = min(role.cue.start, clause.start) if role.cue else clause.start
    is_given = _GIVEN_FOR.search(sentence.text[start : clause.end]) or _SWAPPED.search(
        sentence.text
    )
    return bool(is_given) and not re.search("卖(?:了|掉)", clause.text)


def _is_bare_price(sentence: Sentence, index: int) -> bool:
    amount = sentence.amounts[index]
    clause = sentence.clause_of(amount.start)
    if amount.form != "unit" or amount.high is None or amount.high < BARE_PRICE_MIN_YUAN:
        return False
    before = sentence.text[sentence.before(index) : amount.start]
    after = sentence.text[amount.end : sentence.after(index)]
    if re.search("[一每]年(?:能|有|大概|差不多|也就)*$", sentence.text[: amount.start]):
        return False
    if re.search("(?:搞定|拿下)(?:来)?$", before):
        return True
    if _ADDED.search(before) or _NO_PRICE.search(before) or _NO_PRICE.search(after[:6]):
        return False
    if any(
        c.role == "down_payment_maybe"
        for c in sentence.cues
        if clause.start <= c.start < clause.end
    ):
        return False
    return bool(
        _PRICE_AFTER.match(sentence.text, amount.end)
        or re.search("车|买|换|suv|轿|价|预算|纯电|混|油|新能源", clause.text)
    )


def _is_percent(sentence: Sentence, index: int) -> bool:
    """首付30 without a unit is thirty per cent, 首付8 is eighty thousand: both to be asked."""
    amount = sentence.amounts[index]
    if amount.high == 0:
        return True
    if amount.form != "bare" or amount.high is None or amount.high != amount.low:
        return False
    return bool(amount.high % 10 == 0 and 10 <= amount.high <= 90)


def _ratio(sentence: Sentence, index: int, role: Role) -> Chip | None:
    amount = sentence.amounts[index]
    if role.name not in {"down_payment", "none"} or (
        role.name == "none" and amount.kind != "ratio"
    ):
        return None
    if role.name == "none" and not _asks_down_payment(sentence, index):
        return None
    bounds = bounds_in(sentence, index, role)
    is_doubtful = amount.is_choice or (amount.kind == "money" and amount.high != 0)
    scale = BASIS // 100 if amount.kind == "money" else BASIS
    low, high = scaled(bounds.low, scale), scaled(bounds.high, scale)
    if (high if high is not None else low or 0) > BASIS:
        return None
    return with_span(
        sentence, role, bounds, "down_payment_ratio", (low, high), is_doubtful=is_doubtful
    )


def _asks_down_payment(sentence: Sentence, index: int) -> bool:
    """A bare 三成 counts only when nothing else in the sentence could have been meant."""
    at = sentence.amounts[index]
    if _PAYS_SHARE.search(sentence.text, max(0, at.start - _FAR), at.start):
        return True
    return (
        at.unit_word != "一半"
        and "首付" in sentence.text
        and not re.search("利率|利息|贷[一二两三四五六七八九\\d]|优惠|折|尾款", sentence.text)
    )


def _sized(sentence: Sentence, index: int, role: Role) -> Chip | None:
    amount = sentence.amounts[index]
    sized = _yuan(amount, role.name)
    if sized is None or (amount.form != "unit" and not _is_beside_cue(sentence, amount, role)):
        return None
    low_yuan, scale, is_doubtful = sized[0], sized[1], sized[2]
    bounds = bounds_in(sentence, index, role)
    slot = _SLOT_OF[role.name]
    is_offer = slot == "trade_in" and sentence.text[: amount.start].endswith("到")
    if is_offer or (
        slot == "income_monthly" and _SANK.search(sentence.text, amount.start - 3, amount.start)
    ):
        bounds = replace(bounds, low=amount.low, high=amount.high, limit=None)
    is_doubtful = is_doubtful or amount.is_choice or is_told(sentence, role)
    is_doubtful = is_doubtful or is_half_read(sentence.text, amount.start, amount.end)
    clause = sentence.clause_of(amount.start)
    if slot == "monthly_target":
        slot, bounds = _monthly(sentence, index, bounds)
    if role.name in _YEARLY:
        scale /= 12
    floor, ceiling = _PLAUSIBLE_YUAN[slot]
    if not floor <= low_yuan * (Fraction(1, 12) if role.name in _YEARLY else 1) <= ceiling:
        return None
    if slot == "income_monthly" and TOGETHER.search(clause.text):
        is_doubtful = True
    fen = scaled(bounds.low, scale * 100, whole=100), scaled(bounds.high, scale * 100, whole=100)
    chip = with_span(
        sentence, role, bounds, slot, fen, is_doubtful=is_doubtful or role.name in _DOUBTFUL
    )
    if _GRUDGING.match(sentence.text, chip.end):
        chip = replace(chip, certainty="ambiguous")
    return replace(chip, value="yes") if slot == "trade_in" else chip


def _is_beside_cue(sentence: Sentence, amount: Amount, role: Role) -> bool:
    """A number without a unit counts only where nothing but small words part it from its cue."""
    if role.cue is None or role.is_after or (amount.low or 0) >= YUAN_MIN:
        return True
    if sentence.text[amount.start] in "一两" and amount.form == "vague_unit":
        return role.cue.end == amount.start
    return bool(LEAD_IN.match(sentence.text[role.cue.end : amount.start]))


def _yuan(amount: Amount, role: str) -> tuple[Fraction, Fraction, bool] | None:
    """Give the size in yuan, the yuan of one spoken unit and whether that unit is a guess."""
    low = amount.low
    if amount.kind != "money" or low is None:
        return None
    is_monthly = role in {"monthly", "monthly_weak", "debt", "income", "income_maybe"}
    if amount.form == "unit":
        return low, Fraction(1), False
    if amount.form == "vague_unit":
        if role in {"none", "car", "debt", "trade_in"} or low >= 1_000:
            return None
        worth = Fraction(THOUSAND if is_monthly else WAN)
        return low * worth, worth, is_monthly
    if low >= (_DEBT_YUAN_MIN if role == "debt" else YUAN_MIN):
        return low, Fraction(1), False
    if is_monthly or role in {"none", "trade_in", "car"} or not 0 < low < 100:
        return None
    return low * WAN, Fraction(WAN), True


def _monthly(sentence: Sentence, index: int, bounds: Bounds) -> tuple[str, Bounds]:
    clause = sentence.clause_of(sentence.amounts[index].start)
    if bounds.limit == "ceiling":
        return "monthly_max", bounds
    is_plain = bounds.low == bounds.high and not bounds.is_vague and bounds.limit is None
    said = sentence.text[max(clause.start, sentence.before(index) - 0) : sentence.after(index)]
    if is_plain and _CAN_PAY.search(said):
        return "monthly_max", replace(bounds, low=None, is_soft=True, limit="ceiling")
    return "monthly_target", bounds


def _competitor(sentence: Sentence, index: int, role: Role) -> Chip | None:
    amount = sentence.amounts[index]
    bounds = bounds_in(sentence, index, role)
    if role.name in {"monthly", "monthly_weak"} and (sized := _yuan(amount, role.name)):
        fen = tuple(scaled(end, sized[1] * 100, whole=100) for end in (bounds.low, bounds.high))
        return with_span(
            sentence,
            role,
            bounds,
            "competitor_monthly",
            (fen[0], fen[1]),
            is_doubtful=sized[2],
        )
    is_rate = amount.kind in {"percent", "points"} or role.name in {"rate", "rate_annual"}
    if not is_rate or role.name == "down_payment" or amount.kind == "ratio" or amount.low is None:
        return None
    scale = BASIS // 100 if amount.kind == "money" else BASIS
    low, high = scaled(bounds.low, scale), scaled(bounds.high, scale)
    if (
        not 0 <= (high if high is not None else low or 0) <= BASIS * 36 // 100
        or amount.form == "unit"
    ):
        return None
    return with_span(
        sentence,
        role,
        bounds,
        "competitor_rate",
        (low, high),
        is_doubtful=role.name != "rate_annual",
    )
