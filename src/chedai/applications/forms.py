"""What people type on the pages of the flow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from chedai.core.process.definition import MOVE_LABELS

KEY_MISSING = "页面已过期，请刷新后再提交"
FOLLOW_UP_DAYS_MAX = 366


class CompletionForm(forms.Form):
    outcome = forms.CharField(
        max_length=40,
        error_messages={"required": "请选这一步的结果", "max_length": "结果不在列表里"},
    )
    note = forms.CharField(
        max_length=200, required=False, error_messages={"max_length": "说明最多 200 字"}
    )
    settle_key = forms.UUIDField(error_messages={"required": KEY_MISSING, "invalid": KEY_MISSING})


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("approve", "同意"), ("return", "退回")],
        error_messages={"required": "请选同意或退回", "invalid_choice": "请选同意或退回"},
    )
    reason = forms.CharField(
        max_length=200, required=False, error_messages={"max_length": "意见最多 200 字"}
    )


class SkipForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        error_messages={"required": "请选略过的原因", "max_length": "原因不在列表里"},
    )


class WaitingForm(forms.Form):
    move = forms.ChoiceField(
        choices=list(MOVE_LABELS.items()),
        error_messages={"required": "请选在等谁", "invalid_choice": "请选在等谁"},
    )
    reason = forms.CharField(
        max_length=200, required=False, error_messages={"max_length": "最多 200 字"}
    )
    follow_up_at = forms.DateTimeField(
        required=False, error_messages={"invalid": "时间请写成 2026-11-24 10:00"}
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_follow_up_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["follow_up_at"]
        latest = self.now + timedelta(days=FOLLOW_UP_DAYS_MAX)
        if at is not None and not self.now < at <= latest:
            msg = "追问时间要在现在之后、一年以内"
            raise forms.ValidationError(msg)
        return at


class AssignmentForm(forms.Form):
    owner = forms.CharField(
        max_length=64, error_messages={"required": "请选转给谁", "max_length": "没有这位同事"}
    )
