"""What was heard of a sentence, short enough for a table of a test."""

from chedai.needs.reading import read_sentence

WAN = 1_000_000


def heard(text: str) -> list[tuple[object, ...]]:
    """Slot, then value or both ends, then certainty where it is not ``said``."""
    found: list[tuple[object, ...]] = []
    for chip in read_sentence(text):
        number = () if chip.low is chip.high is None else (chip.low, chip.high)
        value = () if chip.value is None else (chip.value,)
        certainty = () if chip.certainty == "said" else (chip.certainty,)
        found.append((chip.slot, *value, *number, *certainty))
    return found
