from __future__ import annotations

from typing import Any, Final

from django import forms

EXPIRED: Final = {"required": "页面已过期，请刷新后再提交", "invalid": "页面已过期，请刷新后再提交"}


class ReviewForm(forms.Form):
    """Which revision was looked at."""

    revision = forms.IntegerField(min_value=1, max_value=2_000_000_000, error_messages=EXPIRED)


class RejectionForm(ReviewForm):
    """A reason, so that the writer knows what to change."""

    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": "写明退回原因，起草人才知道改哪里",
            "max_length": "原因最多 300 字",
        },
    )


class WithdrawalForm(forms.Form):
    """From which day, and why."""

    withdrawn_from = forms.DateField(
        error_messages={"required": "填停办日", "invalid": "填日期，如 2026-12-31"}
    )
    reason = forms.CharField(
        max_length=300,
        error_messages={"required": "写明停办原因", "max_length": "原因最多 300 字"},
    )


class PackForm(forms.Form):
    """A pack as a file, or as the text that was looked at in the dry run."""

    pack = forms.FileField(required=False)
    text = forms.CharField(required=False, max_length=1_048_576, strip=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("pack") and not cleaned.get("text") and not self.errors:
            raise forms.ValidationError({"pack": "请选一个 .yaml 文件"})
        return cleaned
