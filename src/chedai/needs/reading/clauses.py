"""Clauses of a sentence and whose matter each of them is."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from chedai.needs.reading import voices

_BREAK: Final = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))|[;。!?\n、…]|·{2,}|(?<=\D)\.(?=\D|$)")
_OLD_LOAN_REACH: Final = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words between two breaks; offsets are those of the sentence.

    ``is_quoted`` marks what the seller said or people say, ``is_of_kin`` a relative's
    credit or income, ``is_of_old_loan`` something bought on credit before.
    """

    start: int
    end: int
    text: str
    is_competitor: bool
    is_of_others: bool
    is_quoted: bool = False
    is_of_kin: bool = False
    is_of_old_loan: bool = False


def clauses_in(text: str) -> list[Clause]:
    """Split normalised ``text``; another shop's offer goes on until "you" or "I" is said."""
    clauses: list[Clause] = []
    start, teller = 0, _Teller()
    for m in [*_BREAK.finditer(text), None]:
        end = m.start() if m else len(text)
        said = text[start:end]
        if said.strip():
            clauses.append(teller.told(text, start, end))
        start = m.end() if m else end
    return clauses


class _Teller:
    """What goes on from one clause to the next."""

    def __init__(self) -> None:
        self._is_competitor = False
        self._is_kin = False
        self._is_hearsay = False
        self._is_others = False
        self._old_loan_left = 0

    def told(self, text: str, start: int, end: int) -> Clause:
        said = text[start:end]
        names_other = bool(voices.COMPETITOR.search(said))
        is_competitor = names_other or (self._is_competitor and not voices.BACK_HERE.search(said))
        self._is_competitor = is_competitor and (not names_other or bool(voices.OFFER.search(said)))
        is_they = voices.is_they(text[:start], said)
        return Clause(
            start,
            end,
            said,
            is_competitor,
            self._of_others(said) or is_they,
            is_quoted=self._quoted(said),
            is_of_kin=self._of_kin(said, is_they=is_they),
            is_of_old_loan=self._of_old_loan(said),
        )

    def _of_others(self, said: str) -> bool:
        names_them = bool(voices.OTHERS.search(said))
        goes_on = self._is_others and voices.tells_of_a_deal(said)
        self._is_others = goes_on or (names_them and voices.bought(said))
        return names_them or goes_on

    def _of_kin(self, said: str, *, is_they: bool) -> bool:
        is_kin = is_they or voices.is_of_kin(said, was_kin=self._is_kin)
        self._is_kin = is_kin and (self._is_kin or is_they or voices.goes_on_about_kin(said))
        return is_kin

    def _quoted(self, said: str) -> bool:
        repeats = voices.is_hearsay(said)
        goes_on = self._is_hearsay and not re.search("我|其实|但|不过|可是|想|实际", said)
        self._is_hearsay = repeats or goes_on
        return self._is_hearsay or (voices.is_seller(said) and not voices.is_agreed(said))

    def _of_old_loan(self, said: str) -> bool:
        if voices.tells_of_old_loan(said):
            self._old_loan_left = _OLD_LOAN_REACH
            return True
        if voices.wishes_anew(said):
            self._old_loan_left = 0
        self._old_loan_left = max(0, self._old_loan_left - 1)
        return self._old_loan_left > 0


def clause_at(clauses: list[Clause], offset: int) -> int:
    """Give the index of the clause which holds ``offset``."""
    at = bisect.bisect_right(clauses, offset, key=attrgetter("end"))
    return min(at, len(clauses) - 1)
