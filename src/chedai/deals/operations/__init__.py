"""Acts on a deal: open it, close it, know its people, move its process on."""

from chedai.deals.operations.deals import (
    BorrowerKnownError,
    add_party,
    open_deal,
    record_withdrawal,
    reveal_party,
)

__all__ = [
    "BorrowerKnownError",
    "add_party",
    "open_deal",
    "record_withdrawal",
    "reveal_party",
]
