"""Chinese text is set with full-width punctuation, however it was typed."""

from __future__ import annotations

import re
from typing import Final

HAN: Final = "\u3400-\u9fff\u3001\u3002\u300a\u300b\u201c\u201d\uff0c\uff09\uff08\uff1b\uff1a"
WIDE: Final = str.maketrans(
    {
        ",": "\uff0c",
        ";": "\uff1b",
        ":": "\uff1a",
        "!": "\uff01",
        "?": "\uff1f",
    }
)
MARK_BESIDE_HAN: Final = re.compile(rf"(?<=[{HAN}])[,;:!?] ?|[,;:!?](?=[{HAN}])")
PARENTHESES_AROUND_HAN: Final = re.compile(rf" ?\(([^()]*[{HAN}][^()]*)\)")


def full_width(text: str) -> str:
    """Widen commas, colons, brackets … that stand in Chinese; numbers and codes stay as they are.

    ``SUV,新车(3,000 元)`` keeps the comma inside 3,000 and widens the others.
    """
    bracketed = PARENTHESES_AROUND_HAN.sub("\uff08\\1\uff09", text)
    return MARK_BESIDE_HAN.sub(lambda found: found[0].strip().translate(WIDE), bracketed)
