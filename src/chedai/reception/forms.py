from __future__ import annotations

import uuid
from typing import Any, Final

from django import forms

from chedai.needs.slots import SLOTS

SENTENCE_LENGTH_MAX: Final = 1_000


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
    """One more sentence."""

    sentence = SentenceField()


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
