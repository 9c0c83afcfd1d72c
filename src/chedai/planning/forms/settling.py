from __future__ import annotations

from django import forms

from chedai.planning.forms.desk import UNLISTED
from chedai.web.fields import FEN_PER_YUAN, YuanField


class PartialPrepaymentForm(forms.Form):
    """A part of the principal paid early: of which plan, how much, after which instalment."""

    letter = forms.ChoiceField(
        choices=[(letter, letter) for letter in "ABC"],
        error_messages=dict.fromkeys(UNLISTED, "请从上面的方案里选一个"),
    )
    amount = YuanField(min_fen=FEN_PER_YUAN)
    month = forms.IntegerField(
        min_value=1,
        max_value=360,
        error_messages={
            "required": "填还满几期，例如 12",
            "invalid": "填月数，例如 12",
            "min_value": "至少 1 期",
            "max_value": "最多 360 期",
        },
    )
