"""What is typed in reception, checked field by field."""

from chedai.reception.forms.needs import (
    CHANNELS,
    AnswerForm,
    ChipForm,
    NeedBaseForm,
    SayMoreForm,
    SentenceField,
    VisitForm,
    VoiceChoiceForm,
    VoiceForm,
)

__all__ = [
    "CHANNELS",
    "AnswerForm",
    "ChipForm",
    "NeedBaseForm",
    "SayMoreForm",
    "SentenceField",
    "VisitForm",
    "VoiceChoiceForm",
    "VoiceForm",
]
