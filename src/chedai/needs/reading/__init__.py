"""From a customer's sentence to chips: an own grammar, no model, the same answer every time."""

from __future__ import annotations

from chedai.needs.chips import Chip
from chedai.needs.reading.choices import choice_chips
from chedai.needs.reading.money import money_chips
from chedai.needs.reading.sentence import taken_apart
from chedai.needs.reading.settling import settled
from chedai.needs.reading.terms import term_chips
from chedai.needs.reading.words import word_chips

SENTENCE_CHARS_MAX = 2_000


class SentenceTooLongError(ValueError):
    """The text is longer than anybody says at once; nothing was read."""


def read_sentence(text: str) -> tuple[Chip, ...]:
    """Read what a sentence says about a car on credit.

    Parameters
    ----------
    text
        At most 2,000 characters, as typed or dictated.

    Returns
    -------
    tuple[Chip, ...]
        In the order heard; ``text[chip.start:chip.end] == chip.text``. What is
        not certain says so (``roughly``, ``ambiguous``).

    Raises
    ------
    SentenceTooLongError
        More than 2,000 characters.
    """
    if len(text) > SENTENCE_CHARS_MAX:
        msg = f"一次最多读 {SENTENCE_CHARS_MAX:,} 字,这段有 {len(text):,} 字,请分开录入。"
        raise SentenceTooLongError(msg)
    sentence = taken_apart(text)
    if not sentence.clauses:
        return ()
    heard = [
        *money_chips(sentence),
        *term_chips(sentence),
        *choice_chips(sentence),
        *word_chips(sentence),
    ]
    return settled(sentence, heard, text)
