"""The last look at a proposal's words before a customer sees them."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from chedai.core.plans.explanation import banned_words_in
from chedai.documents.printing.punctuation import full_width
from chedai.documents.printing.sheet import ProposalSheet

if TYPE_CHECKING:
    from collections.abc import Iterator


class BannedWordingError(Exception):
    """A text of the sheet contains a word that must not be shown to a customer."""


def fit_for_customers(sheet: ProposalSheet) -> ProposalSheet:
    """Set every text in full-width punctuation and refuse banned words.

    Raises
    ------
    BannedWordingError
        A text of ours, a lender's or a product's promises what nobody can (``banned_words_in``).
    """
    widened = _widened(sheet)
    assert isinstance(widened, ProposalSheet)
    # What the customer or the seller said is quoted, not ours to reword.
    ours = replace(widened, needs=(), promises=())
    has_fees = any(plan.extra_over_cash_fen > 0 for plan in sheet.plans)
    found = Counter(
        word for text in _texts(ours) for word in banned_words_in(text, has_fees=has_fees)
    )
    if found:
        words = "、".join(found)
        raise BannedWordingError(f"方案里有不能给客户看的词：{words}。请改写后再出方案。")
    return widened


def _widened(value: Any) -> Any:
    if isinstance(value, str):
        return full_width(value)
    if isinstance(value, tuple):
        return tuple(_widened(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {part.name: _widened(getattr(value, part.name)) for part in fields(value)}
        return replace(value, **changes)
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))
