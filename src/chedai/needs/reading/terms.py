"""Months, days and time words: the term, early repayment, when the car is wanted."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from chedai.needs.amounts import Amount
from chedai.needs.chips import Chip
from chedai.needs.reading.clauses import Clause, clause_at
from chedai.needs.reading.limits import Bounds, bounds_of
from chedai.needs.reading.prepaying import is_prepayment, until_verb
from chedai.needs.reading.sentence import Sentence

TERM_MONTHS_MIN: Final = 6
TERM_MONTHS_MAX: Final = 120
BARE_TERM_MONTHS_MAX: Final = 96
_DELIVER: Final = re.compile(
    r"提(?:车|到|走|回|上车|新车|一?[台辆个]|得到|不到|了(?=$|[,。不吗吧么行]))"
    r"|(?:能|要|得|想|就|内|前|必须|可以)提(?!前|供|高|示|醒|出|额|问|款)"
    r"|提(?=$|[,。!?吗吧呢不行就])(?!不出)|开走|开上|开回|拿(?:到)?(?:新)?车|拿到手|交车|取车|(?:要|得|着|就)用车|用上车|车到手|接车|交付|弄到车|得?到手|拿(?:得)?到(?=$|[,。!?吗吧不])|提得?着"
)
_TERM_BEFORE: Final = re.compile(
    r"(?:贷款?|分期?|做|还|按揭|免息|[零0无]利[息率]|期限|年限|期数|供|办|选|签|签个|合同|拉到|拉长到?|改成?|改为|延长到?|缩短到?|最长|最短|最多|顶多|至少|起码|长|换成|算|按|还款|其余的?)(?:款|期|不|超过?|能|高于|要|别|成|个|到|的|吧|够|满|上|足|是|就|我|想|要|清|它|在|,|\s)*$"
)
_TERM_AFTER: Final = re.compile(
    r"\s?(?:左右|以?之?内)?\s?(?:就|的|能|必须|得|要|一定|肯定|尽量|争取|想|希望|全部|内|把它|慢慢|分期|来|给)*(?:(?:总|的)?利息|还(?!要收|要交|得交|有|没|在|是|算|剩)|贷|分|供|按揭|期|付清|结清|就够|刚好|正好|(?:最|更|比较)?合适|就行|都行|都可以|行不|可以不|的?合同|以上|的方案|下来|哪个(?:划算|好|合适|利息|省)|怎么选|免息|无息|0息|零息|低息|[零0无]利[息率])"
)
_NOT_TERM_BEFORE: Final = re.compile(
    r"(?:近|最近|过去|提前|前|保|保险|交|开上|用上|质保|保修|三包|用了?|开了?|跑了?|跑滴滴|跑车|买了?|住了?|结婚|工作了?|上班|上了|干了?|做了|满了?|社保|公积金|流水|剩|剩下|还剩|还有|免|第|车龄|有效期|营业|注册|开店|成立|逾期了?|送|年审|保养|驾龄|拿证|等了?|考虑了?|每隔|工龄|半年|还了|交了|查询|已经还?了?)\s?(?:大概|差不多|快|有|了|的|不到|将近)*\s?$"
)
_NOT_TERM_AFTER: Final = re.compile(
    r"\s?(?:多|左右|来)?(?:的)?(?:车龄|质保|保修|保养|流水|社保|公积金|工龄|驾龄|前(?!后|\s?[\d一二两三]\s?年)|以前|之前|以来|里|内?查|新|的车(?!贷)|车(?!贷)|了(?!,?给)|没(?!想好|定|决定|考虑好)|一(?:次|保)|逾期|查|就?(?:跑|开)了|会员|延保|万公里|免费|贬值|折旧|保值|(?:还)?能?(?:剩|值)|换|(?:要|得|能)?(?:还|付|交|花)(?:个|大概)?[\d一二两三四五六七八九十.]+[万千百])"
)
_INTEREST_FREE: Final = re.compile(r"\s?(?:的)?(?:免息|无息|0息|零息|贴息|[零0无]利[息率])")
_PAID_OVER: Final = re.compile(
    r"\s?(?:就|来|给我|慢慢)*(?:免息|无息|[零0无]利?息|分期|还清|付清|贷|还完)"
)
_FREE_BEFORE: Final = re.compile(r"(?:免息|[零0无]利[息率])的?\s?$")
_WHICH: Final = re.compile(r"\s?(?:的)?(?:哪个|怎么选|选哪)")
_FREE_YEARS: Final = re.compile(
    r"(?P<years>[1-8一二两三四五六七八])\s?年\s?(?:免\s?[1-8一二两三四五六七八]\s?年?(?:息|利息)?|[1-8一二两三四五六七八]\s?年?免(?:息)?|还?(?:满|贷)\s?[1-8一二两三四五六七八](?![年月期个]))"
    r"|(?<![\d一二三四五六七八九十年])(?P<bare>[3-8三四五六])免\s?[1-5一二两三四]"
    r"|贷(?P<lent>[5五])满[2-4二三两四]"
)
_WITHIN: Final = re.compile(r"\s?(?:以|之)?内|\s?就?(?:能|要|可以|得)?(?:提|拿|交)")
_DAY_WORDS: Final = re.compile(
    r"(?P<today>今天|今晚|今儿|当天|今日|马上|立马|现在)|(?P<tomorrow>明天|明儿|明日)|(?P<two>(?<![大明])后天)|(?P<three>大后天)"
)
_DAYS_OF: Final = {"today": 0, "tomorrow": 1, "two": 2, "three": 3}
_WEEKDAY = "[一二三四五六日天末]"
_TIME_WORDS: Final = re.compile(
    r"双十[一二](?:之前|以前|前|期间|后)?|618(?:之前|前|期间)?|(?:这|本|下)(?:个)?(?:周|星期|礼拜|月)之?内|(?:这个?|本|下个?|下下个?)月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日](?:之前|以前|前|之后|以后)?|"
    r"(?:五一|国庆|十一|春节|中秋|元旦)(?:放假|假期|长假)(?:之前|前)?|"
    rf"(?:这|本|下|下下)个?(?:周|星期|礼拜){_WEEKDAY}?(?:之前|以前|前)?|周{_WEEKDAY}(?:之前|以前|前)?|星期{_WEEKDAY}(?:之前|以前|前)?|礼拜{_WEEKDAY}(?:之前|以前|前)?"
    r"|(?:这|本|下)?个?月(?:底|初|中|末)(?:之前|以前|前)?|(?:这|本|下|下下)个月(?:底|初|中|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日])?(?:之前|以前|前|之后|以后)?|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|底|初[一二三四五六七八九十]?|中旬?|\d{1,2}[号日]|[二三]?十[一二三四五六七八九]?[号日]?(?=之?以?前|左右|提))?(?:之前|以前|前)?|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日](?:之前|以前|前|之后|以后)?"
    r"|(?:过年|春节|(?<!去年)年底|年|元旦|国庆节?|五一|十一|中秋节?|端午节?|清明|元宵节?|双十一|开学|暑假|寒假|放假|结婚|婚礼|生日|清明节|情人节|圣诞节?)(?:之前|以前|前)|(?:春节|国庆|五一(?![一二三四五六七八九十万千])|十一(?![一二三四五六七八九十万千])|元旦|中秋|暑假|寒假|放假)(?:期间|后)?|腊月(?:里|(?:二?十?[一二三四五六七八九十]{1,2}|初[一二三四五六七八九十]))?(?:之前|以前|前)?|正月(?:里|十五|初[一二三四五六七八九十])?(?:之前|以前|前)?|年底(?:之前|以前|前)?|月内|明年初?|过完年|年后|婚前|这两天|这几天|近期|最近"
)
_VISITING: Final = re.compile(
    r"试驾|看车|到店|过来|再来|去看|联系|订车|下订|定车|签(?:约|合同)|给你|回复|打款|付款|电话|发工资|开业|有空|活动"
)
_USED_CAR: Final = re.compile("二手|准新|车龄|车况|公里")
_SMALL_WORDS: Final = re.compile(
    r"(?:\s|大概|差不多|最好|可能|应该|估计|最晚|最迟|吧|左右|就|的|得|在|要)*"
)
_STORY_CHARS: Final = 60
_A_YEAR_EACH: Final = re.compile(r"\s?[\d一二两三四五六七八九十.]+[万千]")
MONTHS_A_YEAR: Final = 12
_MORE_TIME: Final = re.compile(r"[之以]?[前后内初底中末]|左右|期间|[一二三四五六日天]?[号日周]")
_TIME_BEFORE: Final = re.compile(r"(?:\d|[一二三四五六七八九十初]|[下这本上明今后]个?|月|年|节)$")
_NEAR: Final = 12


def term_chips(sentence: Sentence) -> list[Chip]:
    """Read terms, early repayment and delivery."""
    free = _free_years(sentence)
    taken = [(c.start, c.end) for c in free]
    chips = list(free)
    for index, amount in enumerate(sentence.amounts):
        is_taken = any(s < amount.end and amount.start < e for s, e in taken)
        if amount.kind not in {"months", "days"} or is_taken:
            continue
        chip = _timed(sentence, index)
        if chip:
            chips.append(chip)
    delivery = [c for c in chips if c.slot == "delivery_within_days"]
    if not delivery:
        chips += _day_words(sentence) or _time_words(sentence)
    return chips


def _free_years(sentence: Sentence) -> list[Chip]:
    found = []
    for m in _FREE_YEARS.finditer(sentence.text):
        clause = sentence.clause_of(m.start())
        said = m["years"] or m["bare"] or m["lent"]
        years = int(said) if said.isdigit() else "零一二三四五六七八".find(said.replace("两", "二"))
        slot = "competitor_term_months" if clause.is_competitor else "term_months"
        found.append(
            Chip(slot, m[0], m.start(), m.end(), years * 12, years * 12, certainty="ambiguous")
        )
    return found


def _timed(sentence: Sentence, index: int) -> Chip | None:
    amount = sentence.amounts[index]
    clause = sentence.clause_of(amount.start)
    if index in sentence.rejected or clause.is_of_others:
        return None
    bounds = bounds_of(
        sentence.text, amount, before_from=sentence.before(index), after_to=clause.end
    )
    if chip := _delivery(sentence, amount, clause, bounds):
        return chip
    if amount.kind == "days":
        return None
    if is_prepayment(sentence, amount, clause):
        return _made(sentence, "prepayment_month", bounds, until_verb(sentence, bounds.end, clause))
    is_free = _INTEREST_FREE.match(sentence.text, amount.end, clause.end)
    if (
        (clause.is_quoted and not is_free)
        or clause.is_of_old_loan
        or not _is_term(sentence, index, clause)
    ):
        return None
    slot = "competitor_term_months" if clause.is_competitor else "term_months"
    chip = _made(sentence, slot, bounds, bounds.end)
    is_product = (
        _FREE_BEFORE.search(sentence.text, clause.start, amount.start)
        or _INTEREST_FREE.match(sentence.text, amount.end, clause.end)
        or _WHICH.match(sentence.text, amount.end, clause.end)
    )
    return replace(chip, certainty="ambiguous") if is_product or amount.is_choice else chip


def _delivery(sentence: Sentence, amount: Amount, clause: Clause, bounds: Bounds) -> Chip | None:
    if amount.kind == "days" and sentence.text[max(0, amount.start - 1) : amount.start] in {
        "这",
        "那",
        "近",
    }:
        return None
    days = amount.high if amount.kind == "days" else _days(amount)
    if days is None or days > 90:
        return None
    verb = _DELIVER.search(sentence.text, amount.end, min(clause.end, amount.end + _NEAR))
    start = bounds.start
    if verb is None:
        verb = _DELIVER.search(sentence.text, max(clause.start, amount.start - _NEAR), amount.start)
        start = verb.start() if verb else start
    if verb is None or not (bounds.limit == "ceiling" or _WITHIN.match(sentence.text, amount.end)):
        return None
    ceiling = replace(bounds, start=start, low=None, high=Fraction(days), limit="ceiling")
    return _made(sentence, "delivery_within_days", ceiling, max(verb.end(), bounds.end))


def _days(amount: Amount) -> Fraction | None:
    is_short = amount.unit_word == "个月" and amount.high is not None and amount.high <= 3
    return amount.high * 30 if is_short and amount.high is not None else None


def _is_term(sentence: Sentence, index: int, clause: Clause) -> bool:
    amount = sentence.amounts[index]
    longest = amount.high or Fraction(0)
    if not TERM_MONTHS_MIN <= longest <= TERM_MONTHS_MAX:
        return False
    before = sentence.text[sentence.before(index) : amount.start]
    after = sentence.text[amount.end : clause.end]
    if _NOT_TERM_BEFORE.search(before) and not (
        re.search("(?:贷|分|做)(?:满)?$", before)
        or (clause.is_competitor and re.match("的(?:方案|贷|分)", after))
        or (re.search("(?:剩下?|余下)的?$", before) and _PAID_OVER.match(after))
        or (
            before.strip() in {"剩下", "剩下的", "余下", "其余", "其余的", "余款"}
            and not after
            and "首付" in sentence.text
        )
    ):
        return False
    if after.startswith("就" + sentence.text[amount.start : amount.end]):
        return True
    if _NOT_TERM_AFTER.match(after):
        return False
    if longest == MONTHS_A_YEAR and _A_YEAR_EACH.match(after) and not _TERM_BEFORE.search(before):
        return False
    if _TERM_BEFORE.search(before) or _TERM_AFTER.match(after):
        return not re.search("车龄|质保|保修|驾龄|工龄", clause.text)
    if amount.unit_word == "期":
        return longest in {12, 18, 24, 30, 36, 42, 48, 54, 60, 72, 84} or amount.low != amount.high
    return longest <= BARE_TERM_MONTHS_MAX and _stands_alone(sentence, index, clause)


def _stands_alone(sentence: Sentence, index: int, clause: Clause) -> bool:
    """三年 between commas, or beside the amounts of a loan, is a term; in a story it is not."""
    amount = sentence.amounts[index]
    if len(clause.text) > _STORY_CHARS:
        return False
    if _is_between_spaces(sentence.text, amount) and sentence.cues:
        return True
    rest = clause.text[: amount.start - clause.start] + clause.text[amount.end - clause.start :]
    rest = re.sub(
        r"他们?家|隔壁|人家|别家|那边|对面|最后|最终|定了|定|商量|决定|后来|老婆|老公|媳妇|我爸|我妈|爸妈|家里|说|以内|之内|左右|纠结|没想好|有没有|吗|吧|呢|嘛|啊|的话?|就|行|够|可以|还|清|完|大概|差不多|也|最好|都|期限|年限|改成|给我|不|好|是|我|想|要|月供多少|利息多少|\s",
        "",
        rest,
    )
    at = clause_at(sentence.clauses, amount.start)
    near = "".join(c.text for c in sentence.clauses[max(0, at - 1) : at + 2])
    if _USED_CAR.search(near) and not re.search("贷|分期|首付|月供", near):
        return False
    if not rest and (
        amount.is_choice or amount.unit_word == "个月" or len(sentence.clauses) > 1 or sentence.cues
    ):
        return True
    if at and re.search("期限|年限|几年|多久|多长|多少期|几期", sentence.clauses[at - 1].text):
        return amount.start - clause.start < 4
    here = sentence.clauses[at]
    money_cues = {"monthly", "down_payment", "loan"}
    if clause.is_competitor:
        money_cues |= {"rate", "rate_annual"}
    is_beside = any(
        c.role in money_cues and here.start <= c.start < here.end for c in sentence.cues
    )
    return is_beside and not re.search(
        "工资|挣|收入|流水|上班|工作|逾期|征信|查询|开了|跑|驾|龄|社保", here.text
    )


def _is_between_spaces(text: str, amount: Amount) -> bool:
    """全下来七万 三年: a space is as good as a comma."""
    return text[: amount.start].endswith(" ") and (text[amount.end : amount.end + 1] in {"", " "})


def _day_words(sentence: Sentence) -> list[Chip]:
    for m in _DAY_WORDS.finditer(sentence.text):
        clause = sentence.clause_of(m.start())
        verb = _DELIVER.search(sentence.text, m.end(), min(clause.end, m.end() + _NEAR))
        if verb is None or clause.is_of_others or _VISITING.search(clause.text):
            continue
        if _DAY_WORDS.search(sentence.text, m.end(), verb.start()):
            continue
        if m["today"] in {"马上", "立马", "现在"}:
            continue
        days = Fraction(_DAYS_OF[m.lastgroup or "today"])
        is_soft = bool(re.search("最好|尽量|争取", clause.text))
        bounds = Bounds(
            m.start(), verb.end(), None, days, is_vague=False, is_soft=is_soft, limit="ceiling"
        )
        return [_made(sentence, "delivery_within_days", bounds, verb.end())]
    return []


def _time_words(sentence: Sentence) -> list[Chip]:
    found = None
    for m in _TIME_WORDS.finditer(sentence.text):
        clause = sentence.clause_of(m.start())
        if clause.is_competitor or m[0] in {"近期", "最近"}:
            continue
        verb = _DELIVER.search(sentence.text, m.end(), min(clause.end, m.end() + _NEAR))
        start, end = m.start(), verb.end() if verb else m.end()
        if verb is None:
            verb = _DELIVER.search(sentence.text, max(clause.start, m.start() - _NEAR), m.start())
            start = verb.start() if verb else start
        if verb is None and found is None and _is_only_time(sentence, clause, m):
            verb = m
        between = sentence.text[start:end]
        if verb is None or _VISITING.search(between):
            continue
        value = sentence.text[m.start() : m.end()]
        is_cut = _MORE_TIME.match(sentence.text, m.end()) or _TIME_BEFORE.search(
            sentence.text, 0, m.start()
        )
        found = Chip(
            "delivery_time",
            sentence.text[start:end],
            start,
            end,
            value=value,
            certainty="ambiguous" if is_cut else "said",
        )
    return [found] if found else []


def _is_only_time(sentence: Sentence, clause: Clause, m: re.Match[str]) -> bool:
    """苹果卖完再提车,大概十一月份: the clause only says when."""
    at = clause_at(sentence.clauses, m.start())
    rest = sentence.text[clause.start : m.start()] + sentence.text[m.end() : clause.end]
    if at == 0 or not _SMALL_WORDS.fullmatch(rest):
        return False
    previous = sentence.clauses[at - 1].text
    return bool(_DELIVER.search(previous)) and not _VISITING.search(previous)


def _made(sentence: Sentence, slot: str, bounds: Bounds, end: int) -> Chip:
    start = bounds.start
    if slot in {"term_months", "competitor_term_months"} and (
        m := re.compile(r"(?:先|再)?(?:贷款?|分期?|做|还)(?:个)?\s?$").search(
            sentence.text, max(0, start - 5), start
        )
    ):
        start = m.start()
    low, high = (None if e is None else round(e) for e in (bounds.low, bounds.high))
    return Chip(
        slot,
        sentence.text[start:end],
        start,
        end,
        low,
        high,
        certainty="roughly" if bounds.is_vague else "said",
        strength="soft" if bounds.is_soft else "hard",
    )
