from __future__ import annotations

import uuid
from typing import Any, Final

from django import forms

from chedai.needs.slots import SLOTS
from chedai.reception.models import NeedVoice

SENTENCE_LENGTH_MAX: Final = 1_000
# How the customer said it; the values of ``NeedVersion.Channel``.
CHANNELS: Final = (("desk", "到店说的"), ("wechat", "微信说的"), ("phone", "电话说的"))


class SentenceField(forms.CharField):
    """What the customer says: free text, bounded, without control characters."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", SENTENCE_LENGTH_MAX)
        options.setdefault(
            "error_messages",
            {
                "required": "把客户说的话写一句，例如：首付5万，月供别超过3000，想买15万的SUV",
                "max_length": f"最多 {SENTENCE_LENGTH_MAX} 字，请只写和买车有关的话",
                "null_characters_not_allowed": "文字里有看不见的控制字符，请重新输入",
            },
        )
        super().__init__(**options)


class VisitForm(forms.Form):
    """A2: no identifier asked; what to call the customer and one sentence."""

    call_name = forms.CharField(
        max_length=20,
        required=False,
        error_messages={"max_length": "称呼最多 20 个字，例如“王先生”"},
    )
    sentence = SentenceField()
    form_key = forms.UUIDField(
        error_messages={
            "required": "页面已过期，请刷新后再提交",
            "invalid": "页面已过期，请刷新后再提交",
        }
    )

    @staticmethod
    def fresh_key() -> str:
        """A new key for a new page."""
        return str(uuid.uuid4())


class NeedBaseForm(forms.Form):
    """Every change of a need says which version it was made on."""

    base_number = forms.IntegerField(
        min_value=1,
        error_messages={"required": "页面已过期，请刷新", "invalid": "页面已过期，请刷新"},
    )


class SayMoreForm(NeedBaseForm):
    """One more sentence, and how it came."""

    sentence = SentenceField()
    channel = forms.ChoiceField(
        choices=CHANNELS,
        required=False,
        error_messages={"invalid_choice": "请选这句话是到店、微信还是电话里说的"},
    )


class AnswerForm(NeedBaseForm):
    """An answer to a question of the bank."""

    question = forms.CharField(max_length=40)
    answer = forms.CharField(max_length=40)


class ChipForm(NeedBaseForm):
    """A chip set by hand, or dropped; ``place`` is where it stood in the need, if it did."""

    slot = forms.ChoiceField(
        choices=[(key, slot.label) for key, slot in SLOTS.items()],
        error_messages={"required": "没有这一项", "invalid_choice": "没有这一项"},
    )
    place = forms.IntegerField(min_value=0, max_value=999, required=False)
    value = forms.CharField(
        max_length=60, required=False, error_messages={"max_length": "最多 60 个字"}
    )


class VoiceForm(forms.Form):
    """What one of two people buying together said."""

    speaker = forms.ChoiceField(
        choices=NeedVoice.Speaker.choices,
        error_messages={
            "required": "请选是谁说的",
            "invalid_choice": "请选是谁说的",
        },
    )
    sentence = SentenceField()


class VoiceChoiceForm(NeedBaseForm):
    """Whose words the need takes over; without a slot, everything both agree on."""

    slot = forms.ChoiceField(
        choices=[("", ""), *((key, slot.label) for key, slot in SLOTS.items())],
        required=False,
        error_messages={"invalid_choice": "没有这一项"},
    )
    speaker = forms.ChoiceField(
        choices=NeedVoice.Speaker.choices,
        required=False,
        error_messages={"invalid_choice": "请选按谁说的"},
    )
