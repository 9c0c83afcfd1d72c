"""How personal values are shown until somebody gives a reason to see them.

Every mask takes the plain text; as a Jinja filter it also takes a sealed value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PHONE_LENGTH: Final = 11
ID_SHOWN: Final = 3
CARD_SHOWN: Final = 4


def mask_all(text: str) -> str:
    """Hide everything, the length too."""
    return "******" if text else ""


def mask_name(text: str) -> str:
    """``王小明`` → ``王*明``; ``王明`` → ``王*``; one character is hidden."""
    if len(text) <= 1:
        return "*" * len(text)
    if len(text) == 2:
        return f"{text[0]}*"
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_phone(text: str) -> str:
    """``18612341402`` → ``186****1402``; anything else keeps its last two digits."""
    if len(text) == PHONE_LENGTH:
        return f"{text[:3]}****{text[-4:]}"
    return f"****{text[-2:]}" if len(text) > 4 else mask_all(text)


def mask_id(text: str) -> str:
    """Show the first and the last three characters of an identity number."""
    if len(text) < 4 * ID_SHOWN:
        return mask_all(text)
    return f"{text[:ID_SHOWN]}{'*' * (len(text) - 2 * ID_SHOWN)}{text[-ID_SHOWN:]}"


def mask_card(text: str) -> str:
    """Show the last four digits of a bank card."""
    digits = text.replace(" ", "")
    if len(digits) < 2 * CARD_SHOWN:
        return mask_all(text)
    return f"**** {digits[-CARD_SHOWN:]}"


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "all": mask_all,
    "name": mask_name,
    "phone": mask_phone,
    "id": mask_id,
    "card": mask_card,
}


def _as_filter(name: str) -> Callable[[Any], str]:
    def masked(value: Any) -> str:
        if value is None:
            return ""
        masked_as = getattr(value, "masked_as", None)
        return str(masked_as(name)) if masked_as else MASKS[name](str(value))

    return masked


FILTERS: Final[Mapping[str, Callable[[Any], str]]] = {
    f"mask_{name}": _as_filter(name) for name in MASKS
}
