"""Makes, models and the place of the plate: values as they were said."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from chedai.needs import lexicon
from chedai.needs.chips import Certainty, Chip
from chedai.needs.reading.sentence import Sentence

_PROVINCES: Final = "京沪津渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕甘青宁新"
_TRIM: Final = r"(?:\s?(?:plus|pro|max|mini|经典|荣耀|冠军版?|智驾版?|l(?![a-z])))?"
_NOT_WORD: Final = r"(?!(?!dm-?[ip]|ev|phev)[a-z0-9])"
_OWNED_BEFORE: Final = re.compile(
    r"(?:现在|目前|平时|原来|以前|之前|一直)开的?$|(?:现在|目前|平时|原来|以前|之前|一直)?(?:开的?(?:是|一?辆|一?台|着|了|就是)|开着|(?:旧|老|二手)车(?:是|就?是?个?|,)|家里(?:有|那)(?:一?[辆台个])?(?:老|旧|破)?|(?:我|家里)(?:的|(?:那|这)(?:台|辆|个)?)(?:老|旧|破)?|名下(?:有|的)|旧的(?:那[台辆个])?是?$|(?:老|旧|破|开了[^,。]{1,4}年的|\d+年的?老?)$|(?:有|把)(?:我)?(?:一|这|那)?[辆台个]?(?:老|旧|破|开了.{1,3}年的))[一-龥\d]{0,4}$"
)
_OWNED_AFTER: Final = re.compile(
    r"^.{0,6}(?:开了.{1,3}年|置换|卖(?:掉|了)|想换|要换|换成|抵(?!押)|能?(?:折|估)|旧的|要换掉|报废)"
)
_OWN_YEAR: Final = re.compile(r"\d{2,4}\s?年的?\s?$")
_HAS_OLD_CAR: Final = re.compile(r"旧车|置换|老车|抵首付|换掉")
_PLACE_THEN_PLATE: Final = (
    "(?:在|上|落|挂)?(?:老家|我们|咱们)?(?P<a>{place})(?:市)?(?:本地)?(?:的)?"
    "(?:上(?:的)?(?:牌|户)|(?<=落..)户(?!口)|落户|挂牌|牌照|(?:的)?(?:蓝|绿|黄)?牌(?!子|面|价|车商)(?:照)?)"
)
_PLATE_THEN_PLACE: Final = (
    "(?<![品招面])(?:牌(?:照|子)?|落户|上牌|上户)(?:要|得|想|准备|打算|是|的话|地|城市)?"
    "(?:[?,]我?想?)?(?:上|落|挂|办)?(?:到|在|去|是|回|,)?(?:老家|我们|我老家)?(?P<b>{place})"
)
_NO_CITY: Final = frozenset({"本地", "外地", "老家"})
_NO_PLATE: Final = re.compile(r"限牌|摇号怎么|车商")


def _initials(name: str) -> str:
    """Give the characters the words of a list begin with, as a character class: quick to refuse."""
    return re.escape("".join(sorted({word[0] for word in lexicon.words(name)})))


@cache
def _car() -> re.Pattern[str]:
    brands = "|".join(map(re.escape, lexicon.words("brands")))
    models = "|".join(map(re.escape, lexicon.words("models")))
    number = r"\d{1,2}(?![\d.万年期成%个手块元wk千百])"
    ascii_model = (
        rf"[a-z]{{1,3}}-?\d{{1,3}}[a-z]{{0,2}}|[\d一二三五七八]系|{number}|[a-z]级|model\s?[3ysx]"
    )
    short = "秦|宋|汉|唐|元|炮|夏"
    return re.compile(
        rf"(?<![a-z0-9])(?=[{_initials('models')}m])(?P<alone>(?:{models}|model\s?[3ysx])){_TRIM}{_NOT_WORD}"
        rf"|(?=[{_initials('brands')}])(?P<brand>(?:{brands})(?:\s?(?:{brands}))?)\s?(?:的|家)?(?P<model>(?:{models})(?![a-z0-9])|{ascii_model}{_NOT_WORD}|(?:{short}|[a-z]{{1,2}}){_NOT_WORD})?{_TRIM}"
        r"|[秦宋汉唐元](?=\s?(?:dm-?[ip]?|ev|plus|pro|l(?![a-z])|max))(?:\s?(?:plus|pro|max|l(?![a-z])))?"
        rf"|(?<=[的台辆款个看买订换])(?P<short>秦|宋|汉|唐)(?=$|[,。!?\s]|落|首|月|多|plus|pro|l|dm|ev|怎|有|能|现|顶|纯|插|增|还|分|贷){_TRIM}"
    )


_ABOUT_A_CAR: Final = re.compile(
    r"车|买|看|提|订|换|首付|月供|落地|裸车|suv|贷|款|新|增程|纯电|插混|油|顶配|低配|预算|期|试驾|那个|这个|全款|想要"
)


def word_chips(sentence: Sentence) -> list[Chip]:
    """Find the wanted car and the place of its plate."""
    return [*_cars(sentence), *_places(sentence)]


def _cars(sentence: Sentence) -> list[Chip]:
    found: list[Chip] = []
    for m in _car().finditer(sentence.text):
        said = re.sub("(?:的|家)$", "", m[0].strip())
        clause = sentence.clause_of(m.start())
        if clause.is_of_others or clause.is_competitor or _is_risky(sentence, m, said):
            continue
        before = sentence.text[clause.start : m.start()]
        after = sentence.text[m.end() : clause.end]
        if _OWNED_BEFORE.search(before) or (
            _OWNED_AFTER.match(after) and not before.endswith("换")
        ):
            continue
        if _OWN_YEAR.search(before) and _HAS_OLD_CAR.search(sentence.text):
            continue
        if re.match("(?:的)?(?:我)?(?:也|都|就)?(?:太贵|不要|不考虑|算了|不喜欢|看不上)", after):
            continue
        if re.search(r"(?:不要|不买|不看|不喜欢|不考虑|除了|不是|别给我推|姓|先生|比)\s?$", before):
            continue
        start = m.start()
        is_cut = re.match(r"(?!dm|ev|phev)[a-z\d]", sentence.text[start + len(said) :])
        certainty: Certainty = "ambiguous" if is_cut else "said"
        found.append(
            Chip("brand_model", said, start, start + len(said), value=said, certainty=certainty)
        )
    return found


def _is_risky(sentence: Sentence, m: re.Match[str], said: str) -> bool:
    if said in {"a级", "b级"}:
        return True
    if said not in lexicon.words("risky_models"):
        return False
    rest = sentence.text[: m.start()] + sentence.text[m.end() :]
    before = sentence.text[max(0, m.start() - 2) : m.start()]
    after = sentence.text[m.end() : m.end() + 1]
    names_another = any(other[0].strip() != said for other in _car().finditer(rest))
    if re.search(r"[一-龥]", said) and not names_another and not _ABOUT_A_CAR.search(rest):
        return True
    if said in {"理想", "现代", "发现", "世纪", "大众", "标致", "初恋", "夏", "仰望", "迷你"}:
        return not re.search(
            r"(?:看|买|提|订|辆|台|款|是|个|手|试|驾)$|^$", before
        ) or after in set("的化人价")
    return False


def _places(sentence: Sentence) -> list[Chip]:
    if m := _plate_letters().search(sentence.text):
        return [Chip("plate_city", m[0], m.start(), m.end(), value=m[0])]
    for m in _plate().finditer(sentence.text):
        clause = sentence.clause_of(m.start())
        if clause.is_of_others or _NO_PLATE.search(m[0]):
            continue
        group = "a" if m["a"] else "b"
        before = sentence.text[max(clause.start, m.start() - 3) : m.start()]
        if re.search("不(?:上|想|要|在|是|用)?$|别$", before):
            continue
        value = m[group]
        certainty: Certainty = "ambiguous" if value in _NO_CITY else "said"
        return [Chip("plate_city", m[0], m.start(), m.end(), value=value, certainty=certainty)]
    return []


@cache
def _plate_letters() -> re.Pattern[str]:
    """苏c就行: province and letter without the number of a car."""
    return re.compile(
        rf"(?<![一-龥a-z])[{_PROVINCES}][a-h](?![a-z\d])(?=牌|照|指标|号牌|就|也|都|行|可以|吧|,|。|$)"
    )


@cache
def _plate() -> re.Pattern[str]:
    cities = "|".join(lexicon.words("cities"))
    place = rf"(?:[{_PROVINCES}][a-h](?![a-z])|{cities}|[{_PROVINCES}](?=[a-z]?牌))"
    # A named place wins over a general one: 牌上到老家阜阳 is 阜阳.
    return re.compile(
        f"{_PLACE_THEN_PLATE.format(place=place)}|{_PLATE_THEN_PLACE.format(place=place)}"
    )
