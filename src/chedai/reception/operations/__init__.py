"""Acts of reception."""

from chedai.reception.operations.needs import (
    StaleNeedError,
    amend_need,
    confirm_need,
    open_visit,
    record_voice,
)

__all__ = ["StaleNeedError", "amend_need", "confirm_need", "open_visit", "record_voice"]
