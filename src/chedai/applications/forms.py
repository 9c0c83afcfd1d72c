"""What people type on the pages of the flow."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from chedai.applications.models import LenderConsent
from chedai.core.process.definition import MOVE_LABELS
from chedai.lenders.port import FIELDS, FieldSpec

KEY_MISSING = "页面已过期，请刷新后再提交"
FOLLOW_UP_DAYS_MAX = 366
YEAR_MIN = 2020
YEAR_MAX = 2100


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


class HandOverForm(forms.Form):
    leaver = forms.CharField(max_length=20, error_messages={"required": "请选谁交出"})
    heir = forms.CharField(max_length=20, error_messages={"required": "请选谁接手"})


class CalendarDayForm(forms.Form):
    day = forms.DateField(
        error_messages={"required": "请选日期", "invalid": "日期请写成 2027-01-01"}
    )
    kind = forms.ChoiceField(
        choices=[("holiday", "放假"), ("workday", "上班")],
        error_messages={"required": "请选放假或上班", "invalid_choice": "请选放假或上班"},
    )
    label = forms.CharField(
        max_length=40,
        error_messages={"required": "请写说明，例如 元旦", "max_length": "最多 40 字"},
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not YEAR_MIN <= day.year <= YEAR_MAX:
            msg = f"年份要在 {YEAR_MIN} 至 {YEAR_MAX} 之间"
            raise forms.ValidationError(msg)
        return day


class YearForm(forms.Form):
    year = forms.IntegerField(
        min_value=YEAR_MIN,
        max_value=YEAR_MAX,
        error_messages={
            "invalid": "年份请写成 2027",
            "required": "请写年份",
            "min_value": f"年份不早于 {YEAR_MIN}",
            "max_value": f"年份不晚于 {YEAR_MAX}",
        },
    )


class DefinitionForm(forms.Form):
    LENGTH_MAX = 100_000

    text = forms.CharField(
        max_length=LENGTH_MAX,
        error_messages={"required": "请贴入流程定义", "max_length": "流程定义太长"},
    )


class ConsentForm(forms.Form):
    """One signed paper for one lender."""

    kind = forms.ChoiceField(
        choices=LenderConsent.Kind.choices,
        error_messages={"required": "请选是哪一份", "invalid_choice": "请选是哪一份"},
    )
    purpose = forms.CharField(
        max_length=80,
        error_messages={"required": "请写用途，例如：办理购车贷款", "max_length": "用途最多 80 字"},
    )
    signed_on = forms.DateField(
        error_messages={"required": "请填签署日期", "invalid": "日期要写成 2026-11-24"}
    )
    expires_on = forms.DateField(
        error_messages={"required": "请填有效期", "invalid": "日期要写成 2026-11-24"}
    )


def sheet_values(typed: Mapping[str, str]) -> tuple[dict[str, str | int], dict[str, str]]:
    """Read the joined form: values by field name, and what is wrong, by field name.

    An empty field says nothing and changes nothing. Amounts are typed in yuan.
    """
    values: dict[str, str | int] = {}
    errors: dict[str, str] = {}
    for name, spec in FIELDS.items():
        text = str(typed.get(name, "")).strip()[:400]
        if not text:
            continue
        value = _read(spec, unicodedata.normalize("NFKC", text))
        fault = spec.fault(value)
        if fault:
            errors[name] = fault
        else:
            values[name] = value
    return values, errors


def _read(spec: FieldSpec, text: str) -> str | int:
    if spec.kind not in ("fen", "count", "months"):
        return text
    plain = text.replace(",", "").removeprefix("¥").strip()
    scale = 100 if spec.kind == "fen" else 1
    try:
        number = Decimal(plain) * scale
        return int(number) if number == number.to_integral_value() else text
    except (InvalidOperation, OverflowError):
        return text
