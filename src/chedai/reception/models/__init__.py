"""Tables of reception."""

from chedai.reception.models.needs import NeedConfirmation, NeedVersion, NeedVoice

__all__ = ["NeedConfirmation", "NeedVersion", "NeedVoice"]
