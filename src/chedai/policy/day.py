"""The policy book on one day for one scope, with a memory of what was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chedai.policy.dated import Consulted, DatedValue, citation_of

if TYPE_CHECKING:
    from datetime import date

    from chedai.core.rules.finding import Citation
    from chedai.policy.book import PolicyBook
    from chedai.policy.scope import Scope


class PolicyNumberAbsentError(LookupError):
    """The parameter has no value on that day for that scope."""


class PolicyClauseUnknownError(LookupError):
    """A source or an article is asked for that the book does not list."""


class PolicyDay:
    """The book on one day for one scope; remembers every question put to it."""

    def __init__(self, *, book: PolicyBook, day: date, scope: Scope) -> None:
        self.book = book
        self.day = day
        self.scope = scope
        self._asked: dict[str, Consulted] = {}

    def value(self, parameter_id: str) -> DatedValue:
        """Return the number in force.

        Raises
        ------
        PolicyNumberAbsentError
            When it has no value for this day and scope.
        """
        found = self.value_or_none(parameter_id)
        if found is None:
            raise PolicyNumberAbsentError(
                f"{parameter_id} 在 {self.day} 对 {self.scope.words()} 没有值；"
                f"请在 parameters/{parameter_id}.yaml 补充，或先确认车辆与资金方信息"
            )
        return found

    def value_or_none(self, parameter_id: str) -> DatedValue | None:
        """Return the number in force, or ``None`` where none applies.

        The question is remembered. A parameter the book does not have is a
        ``PolicyNumberUnknownError``, raised by the book.
        """
        found = self.book.look_up(parameter_id, day=self.day, scope=self.scope)
        self._asked[parameter_id] = Consulted(id=parameter_id, dated_value=found)
        return found

    def clause(self, source_id: str, *, article: str) -> Citation | None:
        """Return the article as a citation, or ``None`` where its source is not in force that day.

        Raises
        ------
        PolicyClauseUnknownError
            When the book does not list the source or the article.
        """
        source = self.book.source(source_id)
        if article not in source.articles:
            raise PolicyClauseUnknownError(f"sources/{source_id}.yaml 没有列出 {article}")
        is_over = source.repealed_on is not None and self.day >= source.repealed_on
        if self.day < source.in_force_on or is_over:
            return None
        citation = citation_of(source, article=article)
        key = f"{source_id}#{article}"
        self._asked[key] = Consulted(id=key, citation=citation)
        return citation

    @property
    def consulted(self) -> tuple[Consulted, ...]:
        """Every question put so far, in the order asked, each once."""
        return tuple(self._asked.values())

    def narrowed(self, **words: str | None) -> PolicyDay:
        """Return the same day for another scope; its questions are its own."""
        return PolicyDay(book=self.book, day=self.day, scope=replace(self.scope, **words))

    def apart(self) -> PolicyDay:
        """Return the same day and scope with an empty memory, to see what one rule asks."""
        return PolicyDay(book=self.book, day=self.day, scope=self.scope)

    def remember(self, other: PolicyDay) -> None:
        """Take over the questions another view of the same day was asked."""
        self._asked.update(other._asked)

    def as_record(self) -> dict[str, object]:
        """Day, scope, version and answers, for storing with a decision."""
        return {
            "day": self.day.isoformat(),
            "book_version": self.book.version,
            "scope": self.scope.words(),
            "consulted": [item.as_record() for item in self.consulted],
        }
