"""A number as it holds on one day, with its text; and the memory of having asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from chedai.core.rules.finding import Citation
from chedai.policy.units import Band, ByWord, PolicyValue, RatioByMonths, jsonable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chedai.policy.reading import Source


@dataclass(frozen=True, kw_only=True)
class DatedValue:
    """One number as it holds on one day. ``in_force_until`` is the latest day, inclusive.

    ``is_verified`` is false where the day lies beyond the latest check of the number,
    such as an LPR of a month nobody has entered yet.
    """

    id: str
    label: str
    value: PolicyValue
    unit: str
    in_force_from: date
    in_force_until: date | None
    citation: Citation
    scope: Mapping[str, tuple[str, ...]]
    origin: str
    note: str = ""
    is_verified: bool = True
    verified_through: date | None = None

    @property
    def decimal(self) -> Decimal:
        """The value of a ratio or a multiple."""
        assert isinstance(self.value, Decimal), f"{self.id} is {self.unit}, not a decimal"
        return self.value

    @property
    def whole(self) -> int:
        """The value in fen, months, days or cubic centimetres."""
        assert isinstance(self.value, int), f"{self.id} is {self.unit}, not whole"
        return self.value

    @property
    def is_true(self) -> bool:
        """The value of a yes-or-no number."""
        assert isinstance(self.value, bool), f"{self.id} is {self.unit}, not a truth"
        return self.value

    @property
    def day(self) -> date:
        """The value of a day."""
        assert isinstance(self.value, date), f"{self.id} is {self.unit}, not a day"
        return self.value

    @property
    def words(self) -> tuple[str, ...]:
        """The value of a list of words."""
        return tuple(item for item in self._items() if isinstance(item, str))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The value of a scale."""
        return tuple(item for item in self._items() if isinstance(item, Band))

    @property
    def by_months(self) -> RatioByMonths:
        """The value of a ladder of terms."""
        assert isinstance(self.value, RatioByMonths), f"{self.id} is {self.unit}, not a ladder"
        return self.value

    @property
    def by_word(self) -> ByWord:
        """The value of a table of words."""
        assert isinstance(self.value, ByWord), f"{self.id} is {self.unit}, not by word"
        return self.value

    def _items(self) -> tuple[str | Band, ...]:
        assert isinstance(self.value, tuple), f"{self.id} is {self.unit}, not a list"
        return self.value

    def as_record(self) -> dict[str, object]:
        """Return the value with its text, for storing with a decision."""
        return {
            "id": self.id,
            "label": self.label,
            "value": jsonable(self.value),
            "unit": self.unit,
            "in_force_from": self.in_force_from.isoformat(),
            "in_force_until": self.in_force_until and self.in_force_until.isoformat(),
            "scope": {key: list(words) for key, words in self.scope.items()},
            "origin": self.origin,
            "is_verified": self.is_verified,
            "citation": citation_record(self.citation),
        }


@dataclass(frozen=True, kw_only=True)
class Consulted:
    """One question put to the book: a number, or a clause that was looked up."""

    id: str
    dated_value: DatedValue | None = None
    citation: Citation | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the book had an answer on that day for that scope."""
        return self.dated_value is not None or self.citation is not None

    def as_record(self) -> dict[str, object]:
        """Return the question and its answer in words JSON knows; an absent value says so."""
        if self.dated_value is not None:
            return self.dated_value.as_record()
        if self.citation is not None:
            return {"id": self.id, "citation": citation_record(self.citation)}
        return {"id": self.id, "value": None, "citation": None}


def citation_record(citation: Citation) -> dict[str, object]:
    """Return the citation in words JSON knows."""
    return {
        "source_id": citation.source_id,
        "instrument": citation.instrument,
        "issuer": citation.issuer,
        "number": citation.number,
        "dated_on": citation.dated_on and citation.dated_on.isoformat(),
        "article": citation.article,
        "was_text_read": citation.was_text_read,
        "is_house_rule": citation.is_house_rule,
    }


def citation_of(source: Source, *, article: str) -> Citation:
    """Return the article of a source as a citation."""
    return Citation(
        source_id=source.id,
        instrument=source.instrument,
        issuer=source.issuer,
        number=source.number,
        dated_on=source.dated_on,
        article=article,
        was_text_read=source.was_read(article),
        is_house_rule=source.is_house_rule,
    )
