"""Clauses of a sentence and whose matter each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_BREAK: Final = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))|[;。!?\n、…]|·{2,}|(?<=\D)\.(?=\D|$)")
_COMPETITOR: Final = re.compile(
    r"隔壁(?!老)|别家|他们家?(?=.{0,4}(?:月供|报|给|利率|费率|年化|[一二三四五\d]年))|别的(?:店|家|地方|4s店)|他家|她家|人家|那边(?=.{0,3}(?:说|报|给|店|月|利|费|年|免))|另一家|(?<![你我这])那家(?:店|4s店)?|(?:有|附近|前面|上|昨天)(?:一)?家(?:店|4s店)|别人(?:给|报|那)|另外一家|对面(?:店|那家|家)?|其他(?:店|家)|同行|别人家|别处"
    r"|(?:银行|那家|城东|城西|城南|城北|网上|朋友圈).{0,3}(?:给我?(?:报|算|的)|报(?:的|价|给)|年化|利率|费率)"
)
_OFFER: Final = re.compile(r"\d|[一二两三四五六七八九十][万千年期成个]|报|算的|方案|给我|开的")
_BACK_HERE: Final = re.compile(r"你们|你这|你家|你能|您|咱们?|我(?!那边|们?隔壁)|这边|这儿")
_OTHERS: Final = re.compile(
    r"(?:我(?:有个)?|人家|隔壁)?(?:朋友|同事|邻居|同学|闺蜜|哥们|老王|亲戚|表哥|表弟|战友|室友|(?:小区|楼下)(?:里|的)?人)(?!圈)"
    r"(?!.{0,6}(?:一起|担保|共同|共借|合伙|介绍|推荐|做保险))"
)
_RELATIVE: Final = re.compile("老婆|老公|媳妇|爱人|爸|妈|哥|姐|弟|妹|儿子|女儿|岳父|丈母娘")
_THEY: Final = re.compile("^ ?[他她](?!们?家|们|那|的?名)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words between two breaks; offsets are those of the sentence."""

    start: int
    end: int
    text: str
    is_competitor: bool
    is_of_others: bool


def clauses_in(text: str) -> list[Clause]:
    """Split normalised ``text``; another shop's offer goes on until "you" or "I" is said."""
    clauses: list[Clause] = []
    start, is_competitor = 0, False
    for m in [*_BREAK.finditer(text), None]:
        end = m.start() if m else len(text)
        said = text[start:end]
        if said.strip():
            names_other = bool(_COMPETITOR.search(said))
            is_competitor = names_other or (is_competitor and not _BACK_HERE.search(said))
            clauses.append(
                Clause(
                    start,
                    end,
                    said,
                    is_competitor,
                    bool(_OTHERS.search(said) or _is_they(text[:start], said)),
                )
            )
            is_competitor = is_competitor and (not names_other or bool(_OFFER.search(said)))
        start = m.end() if m else end
    return clauses


def _is_they(earlier: str, said: str) -> bool:
    """Tell whether she or he is a relative named before; of a 客户 it is the buyer."""
    return bool(_THEY.match(said) and _RELATIVE.search(earlier) and "客户" not in earlier)


def clause_at(clauses: list[Clause], offset: int) -> int:
    """Give the index of the clause which holds ``offset``."""
    for index, clause in enumerate(clauses):
        if offset < clause.end:
            return index
    return len(clauses) - 1
