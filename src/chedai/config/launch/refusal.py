"""The one way a launcher says no: a sentence, and what to do."""

from __future__ import annotations

EXIT_REFUSED = 2
EXIT_INTERRUPTED = 130


class LaunchRefusedError(Exception):
    """Chedai cannot be started as things are; the message says why and what to do.

    Parameters
    ----------
    sentence
        The reason and the remedy, in Chinese.
    english
        The same in English.
    """

    def __init__(self, sentence: str, *, english: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.english = english

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.english}"
