"""A chip: one thing heard in a sentence, with its certainty and where it was heard."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from chedai.needs.slots import SLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping

Certainty = Literal["said", "roughly", "ambiguous", "confirmed"]
Strength = Literal["hard", "soft"]


class MalformedChipError(ValueError):
    """A stored or posted chip does not fit its slot; nothing was taken from it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One heard value.

    ``low`` and ``high`` are in the slot's unit (money: whole fen; ratio and rate:
    basis points; months, days: counts); None = open on that side. ``start`` and
    ``end`` are offsets of ``text`` in the sentence; -1 when it was answered, not heard.
    """

    slot: str
    text: str
    start: int = -1
    end: int = -1
    low: int | None = None
    high: int | None = None
    value: str | None = None
    certainty: Certainty = "said"
    strength: Strength = "hard"

    def to_json(self) -> dict[str, Any]:
        """Give plain values for storage."""
        return asdict(self)


def chip_from_json(plain: Mapping[str, Any]) -> Chip:
    """Read a stored chip.

    Raises
    ------
    MalformedChipError
        Unknown slot, unknown field, or a value of the wrong kind.
    """
    known = {f.name for f in fields(Chip)}
    if unknown := set(plain) - known:
        msg = f"需求里有不认识的字段：{'、'.join(sorted(unknown))}"
        raise MalformedChipError(msg)
    if plain.get("slot") not in SLOTS:
        msg = f"需求里有不认识的项目：{plain.get('slot')}"
        raise MalformedChipError(msg)
    if plain.get("certainty", "said") not in get_args(Certainty):
        msg = f"需求的确定程度不认识：{plain.get('certainty')}"
        raise MalformedChipError(msg)
    return Chip(**plain)
