"""Choice slots: the phrases of the lexicon, and what makes one of them refused or doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chedai.needs import lexicon
from chedai.needs.chips import Chip
from chedai.needs.reading.clauses import Clause
from chedai.needs.reading.sentence import Sentence

_REFUSABLE: Final = frozenset({"body_type", "power", "vehicle_condition", "vehicle_use"})
_NOT_OF_A_SHOP: Final = frozenset({"objective", "power", "income_kind", "refusal"})
_ASKS_AFTER: Final = re.compile(r"\s?(?:行不行|可以不|行吗)?.{0,1}(?:吗|么)\s?$")
_OF_THE_CUSTOMER: Final = frozenset({"credit_history", "income_kind"})
_REFUSED_BEFORE: Final = re.compile(
    r"(?:不要|不买|不想(?:要|买|开)?|不考虑|不喜欢|不是|别给我(?:推|介绍|看)(?:荐)?|别推|不看|不开|不选|不用|看不上|讨厌|不接受|除了|非|开腻了?|受够了?|信不过|不太?(?:想|敢)(?:要|买|开)?|没兴趣|不(?:做|跑|拉))(?:了|给我|那种|这种|什么|那些|太大的|普通|任何|它|的|买)*\s?$|[不没非]$|(?:破|旧|现在开的|家里那[台辆]|家里有[台辆]|还有一?[台辆]|(?<![没再])开的是?[台辆]?)\s?$"
)
_REFUSED_AFTER: Final = re.compile(
    r"(?:(?:和|跟|、)?(?:电车|油车|轿车|suv|新车|二手车?|纯电|增程|插混|混动|面包车?|mpv)(?=都|全|也))?(?:的|我|就|都|也|真|实在|还是|车|太|不太)*(?:不要|不考虑|不喜欢|就?算了|不想要?|看不上|不行|免了|免谈|拉倒|不碰|不买|不看|坐?不惯|开腻|没兴趣|没法充电|旧了|老了|破了|坏了|(?:保险|维修|保养|修)?贵(?!不)|买不起|充电(?:不|麻烦|慢|难)|冬天|掉电|续航(?:短|不|焦虑)|不方便|麻烦|没意思|不靠谱|不放心|不敢|怕|有顾虑|不想碰)"
)
_MAYBE_AFTER: Final = re.compile(
    r"(?:车|的)?(?:其实|我)?(?:也行|也可以|也看|也考虑|也能接受|也能考虑|也成|也好|也中|也无所谓|行不行|是不是更|还是算了|能接受)|[^,。]{0,6}(?:都行|都可以|都成|都中|无所谓|随便|没要求)"
)
_EITHER: Final = re.compile(
    r"或者?|还是|都行|都可以|都看|都能|都考虑|都中|都成|无所谓|纠结|没想好|没定|哪个|要么|不知道|对比|犹豫|、|/|和.{0,8}(?:差|比|选|之间)|跟.{0,8}(?:差|比|选|之间)|二选一|拿不准|定不下|不确定|随便"
)
_CHANGED: Final = re.compile(
    r"不对|说错|改成|改为|换成|算了还是|记错|后来|现在想|,\s?不(?=,)|,\s?不是(?=,)|哦不|不是.{0,6}是|错了|口误|打算换"
)
_RELATIVE: Final = re.compile(
    r"(?<![和跟与同女男])(?:我|他|她)?(?<![和跟与同女男])(?:老公|老婆|媳妇|爱人|对象|女朋友|男朋友|爸妈|爸爸?|妈妈?|父母|儿子|女儿|闺女|哥哥?|姐姐?|弟弟?|妹妹?|朋友|同事|他|她|家里人|岳父|丈母娘|亲戚|邻居)(?:他|她|们|的|那边|之前|以前|现在|是|,|也|在|有|做|开|都|自己|一个月|每个?月)*$"
)
_ASKS_WHETHER: Final = re.compile(
    "要不要|用不用|需不需要|是不是(?:要|得|必须)|需要.{0,12}(?:吗|么|不)$"
)
_FOR_CAR: Final = re.compile(
    r"买|换|想|要|准备|打算|用来|拿来|(?<!家)用(?:的|$)|[辆台]|提车|弄个|搞个|注册|适合|能跑(?!.{0,4}[\d一二两三四五六七八九])"
)
_AS_JOB_BEFORE: Final = re.compile(
    r"(?:我是|是|一直|平时|目前|现在|以前|之前|专门|全职|兼职|职业|在)(?:个|在|都|做)?$"
)
_AS_JOB_AFTER: Final = re.compile(
    r"\s?(?:车)?(?:的(?=$|司机|师傅|,)|一个月|每个?月|一天|平均|司机|师傅|[一二两三四五六七八九十几\d]+年|有?(?:几|好多)年|为生)"
)
_DRIVES: Final = re.compile("我是跑车的|跑车的,")
_DRIVING: Final = re.compile("跑|代驾|开大车|开滴滴|开网约|开出租")
_EARNS: Final = re.compile(
    "补贴(?:点|一下|家)|贴补|一晚|一天[大概能跑挣]*[\\d一二两三四五六七八九]|一个月|每个?月.{0,4}(?:挣|赚|收入|流水)|收入|挣|赚|流水"
)
_DECIDED: Final = re.compile(
    r"还是(?:想|要|得|喜欢|倾向|选|买|看|觉得)(?:要|买|选|看|开)?(?:个|台|辆|一台|一辆)?\s?$"
)
_ONCE: Final = re.compile("(?:本来|原来|原本|之前|一开始|起初|以前)[^,。]{0,5}$")
_PART_TIME: Final = re.compile("周末|偶尔|空了|有空|闲了|没事|兼职|下班|业余|顺便|平时")
_OR_THIS: Final = re.compile(r"(?<!算了)(?<![我想,得])[^,。]{2}(?:还是|或者?|要么)\s?$")
_NOT_AIMED: Final = re.compile(
    "的话[^,。]{0,2}$|(?:不图|不求|不追求|不在乎|不指望|是不是|会不会)[^,。]{0,4}$"
)
_NOT_NOW: Final = re.compile(
    "(?:不|没|没有|别|不是)$|(?:去年|前年|以前|之前|原来|前几年|早年)[^,。现一]*$"
)
_FOR_USE: Final = re.compile("买来|拿来|用来|用的?(?:车|面包|$|,)")
_PAY: Final = re.compile("工资|月薪|年薪|薪")
_LONG_HAUL: Final = re.compile("开大车|(?:跑长途|代驾)(?!多|比较|用|的时候|方便|舒服)")
_HOPES: Final = re.compile(r"不[^,。]{1,12}吧\s?$")
_NAMED: Final = frozenset(
    {"body_type", "power", "vehicle_condition", "trade_in", "income_kind", "vehicle_use"}
)
_ASKS_FACTS: Final = re.compile("怎么|什么|多少|几|会不会|耐用|靠谱|[吗么]$")
_SPEAKS_OF_SELF: Final = re.compile(
    "我|俺|咱|想|要(?!什么)|买|看|(?<!置)换|提|有没有|推荐|来|能贷|能做|可以做|给|现车|客户|跑|开"
)
_LATER: Final = re.compile("年底|年终|以后|到时候?|等|明年|过[一两几]|后面|最后|随时")
_REPEATED: Final = frozenset(
    {"income_kind", "credit_history", "objective", "refusal", "co_borrower"}
)


def choice_chips(sentence: Sentence) -> list[Chip]:
    """Read every choice slot."""
    chips: list[Chip] = []
    for slot in lexicon.CHOICE_FILES:
        heard = [c for c in _heard(sentence, slot) if _stands(sentence, c)]
        chips += _settled(sentence, slot, heard)
    chips = _working_cars(sentence, chips)
    if _is_general_question(sentence):
        return [replace(c, certainty="ambiguous") if c.slot in _NAMED else c for c in chips]
    return chips


def _is_general_question(sentence: Sentence) -> bool:
    """报废期限是几年: it asks how things are; nobody said that it is wanted or so."""
    return (
        len(sentence.clauses) == 1
        and not sentence.amounts
        and bool(_ASKS_FACTS.search(sentence.text))
        and not _SPEAKS_OF_SELF.search(sentence.text)
    )


def _heard(sentence: Sentence, slot: str) -> Iterator[Chip]:
    """Match phrases in the order of the file; what one took another cannot take again."""
    taken: list[tuple[int, int, str | None]] = []
    for phrase in lexicon.phrases()[slot]:
        for m in phrase.pattern.finditer(sentence.text):
            if not m[0].strip() or _is_taken(taken, m, phrase):
                continue
            taken.append((m.start(), m.end(), phrase.value))
            if phrase.value is None or _asks(sentence.text, m.start()):
                continue
            said = m[0].rstrip(" ,。")
            yield Chip(
                slot,
                said,
                m.start(),
                m.start() + len(said),
                value=phrase.value,
                certainty="ambiguous" if phrase.is_ambiguous else "said",
            )


def _is_taken(
    taken: list[tuple[int, int, str | None]], m: re.Match[str], phrase: lexicon.Phrase
) -> bool:
    """不接受gps和抵押 refuses two things with one word; elsewhere words count once."""
    return any(
        start < m.end()
        and m.start() < end
        and (value is None or phrase.slot != "refusal" or value == phrase.value)
        for start, end, value in taken
    )


def _asks(text: str, start: int) -> bool:
    """有没有, 收不收, 要不要: a question, whatever its second half says."""
    around = text[start - 1 : start + 2] if start else ""
    return len(around) == 3 and around[1] in "不没" and around[0] == around[2]


def _stands(sentence: Sentence, chip: Chip) -> bool:
    clause = sentence.clause_of(chip.start)
    before = sentence.text[clause.start : chip.start]
    after = sentence.text[chip.end : clause.end]
    if chip.slot in _REFUSABLE and (_REFUSED_BEFORE.search(before) or _REFUSED_AFTER.match(after)):
        return False
    if _is_anothers(clause, chip, before):
        return False
    if chip.slot == "refusal" and _ASKS_AFTER.match(after):
        return bool(re.search("[不别自找我免]", chip.text))
    return not _is_unmeant(clause, chip, before)


def _is_anothers(clause: Clause, chip: Chip, before: str) -> bool:
    """A friend's, another shop's, a relative's or the seller's, not the customer's."""
    if clause.is_of_others and chip.slot != "co_borrower":
        return chip.value != "bundled_insurance"
    if clause.is_competitor and chip.slot in _NOT_OF_A_SHOP:
        return True
    is_kins = bool(_RELATIVE.search(before))
    if chip.slot in _OF_THE_CUSTOMER:
        return clause.is_of_kin or clause.is_quoted or is_kins
    is_at_work = chip.slot == "vehicle_use" and chip.value != "private"
    return is_at_work and is_kins and not _FOR_CAR.search(clause.text)


def _is_unmeant(clause: Clause, chip: Chip, before: str) -> bool:
    """What was once so, is asked about, or comes later."""
    if chip.slot == "income_kind":
        return bool(_NOT_NOW.search(before)) and not _PAY.match(chip.text)
    if chip.slot == "co_borrower":
        return bool(_ASKS_WHETHER.search(clause.text))
    if chip.slot == "objective":
        return bool(_NOT_AIMED.search(before))
    return chip.slot == "cash_only" and bool(_LATER.search(before) or _ONCE.search(before))


def _settled(sentence: Sentence, slot: str, heard: list[Chip]) -> list[Chip]:
    """One chip a value; several values of one slot are alternatives or a correction."""
    by_value: dict[str, Chip] = {}
    for chip in sorted(heard, key=lambda c: c.start):
        held = by_value.get(chip.value or "")
        if held is None or (held.certainty == "ambiguous" and chip.certainty != "ambiguous"):
            by_value[chip.value or ""] = chip
    chips = list(by_value.values())
    if slot == "co_borrower" and re.search("用[^,。]{0,4}名[字义]", sentence.text):
        chips = [replace(c, certainty="ambiguous") for c in chips]
    if slot in _REPEATED:
        return [_hoped(sentence, c) for c in _without_shadows(chips)]
    if slot == "power" and not any(c.value == "combustion" for c in chips):
        chips = [c for c in chips if c.value != "new_energy"] or chips
    if len(chips) > 1:
        return _alternatives(sentence, chips)
    return [_doubted(sentence, c) for c in chips]


def _working_cars(sentence: Sentence, chips: list[Chip]) -> list[Chip]:
    """跑滴滴五年了 is a job and perhaps a use; 买个车跑滴滴 is a use and no job yet."""
    return [settled for chip in chips if (settled := _working_car(sentence, chip))]


def _working_car(sentence: Sentence, chip: Chip) -> Chip | None:
    clause = sentence.clause_of(chip.start)
    is_linked = bool(_FOR_CAR.search(clause.text))
    is_job = not is_linked and bool(
        _AS_JOB_BEFORE.search(sentence.text, clause.start, chip.start)
        or _AS_JOB_AFTER.match(sentence.text, chip.end, clause.end)
        or _DRIVES.search(sentence.text)
    )
    if chip.slot == "vehicle_use" and chip.value != "private" and is_job:
        return replace(chip, certainty="ambiguous")
    if chip.value == "ride_hailing" and not is_linked and _PART_TIME.search(clause.text):
        return replace(chip, certainty="ambiguous")
    if chip.value == "gig" and chip.text.startswith("送") and _FOR_USE.search(clause.text):
        return None
    if chip.slot == "income_kind" and chip.value == "gig" and _DRIVING.match(chip.text):
        is_own = sentence.text[clause.start : chip.start].endswith("自己")
        is_own = is_own or bool(_LONG_HAUL.match(sentence.text, chip.start))
        is_work = is_job or is_own or _EARNS.search(sentence.text)
        return chip if is_work and not is_linked else None
    return chip


def _without_shadows(chips: list[Chip]) -> list[Chip]:
    """A good word beside a bad one is about something else; a vague one yields to a clear one."""
    values = {c.value for c in chips}
    if "clean" in values and len(values) > 1:
        chips = [c for c in chips if c.value != "clean"]
    if "none" in values and values & {"gig", "business", "retired"}:
        chips = [c for c in chips if c.value != "none"]
    clear_faults = {"current_overdue", "past_overdue", "severe_overdue", "many_inquiries"}
    return [
        c
        for c in chips
        if not (
            c.value == "past_overdue"
            and c.certainty == "ambiguous"
            and values & (clear_faults - {"past_overdue"})
        )
    ]


def _alternatives(sentence: Sentence, chips: list[Chip]) -> list[Chip]:
    chips.sort(key=lambda c: c.start)
    around = sentence.text[chips[0].start : chips[-1].end + 12]
    if _DECIDED.search(sentence.text[chips[-2].end : chips[-1].start]):
        return [chips[-1]]
    if _CHANGED.search(around) and not re.search("都行|都可以|纠结", around):
        return [chips[-1]]
    return [replace(c, certainty="ambiguous") for c in chips]


def _hoped(sentence: Sentence, chip: Chip) -> Chip:
    """不强制买保险吧 asks as much as it refuses."""
    said = sentence.text[chip.start : sentence.clause_of(chip.start).end]
    is_hoped = chip.slot == "refusal" and (
        _HOPES.match(said) or re.match("的?话", said[len(chip.text) :])
    )
    return replace(chip, certainty="ambiguous") if is_hoped else chip


def _doubted(sentence: Sentence, chip: Chip) -> Chip:
    clause = sentence.clause_of(chip.start)
    if _OR_THIS.search(sentence.text, clause.start, chip.start):
        return replace(chip, certainty="ambiguous")
    if _MAYBE_AFTER.match(sentence.text, chip.end, clause.end):
        return replace(chip, certainty="ambiguous")
    return chip


def are_alternatives(text: str, chips: list[Chip]) -> bool:
    """Tell whether the words between the chips offer a choice."""
    start, end = min(c.start for c in chips), max(c.end for c in chips)
    return bool(_EITHER.search(text[start : end + 8]))
