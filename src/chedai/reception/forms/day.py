from __future__ import annotations

from uuid import uuid4

from django import forms

from chedai.reception.models import Absence, DayTask
from chedai.reception.queries.day_inputs import SKILL_LABELS

NUMBER_MAX = 2**63 - 1


class LockForm(forms.Form):
    """Who does a job, and when if that is fixed, too."""

    advisor = forms.IntegerField(
        min_value=1,
        max_value=NUMBER_MAX,
        error_messages={
            "required": "选一位顾问",
            "invalid": "选一位顾问",
            "min_value": "选一位顾问",
            "max_value": "选一位顾问",
        },
    )
    time = forms.TimeField(
        required=False, error_messages={"invalid": "时间写成 14:30 这样，或者不填，由系统排"}
    )


class TaskForm(forms.Form):
    """A follow-up or an errand."""

    form_key = forms.UUIDField(
        error_messages={"required": "请刷新页面后再填", "invalid": "请刷新页面后再填"}
    )
    kind = forms.ChoiceField(
        choices=DayTask.Kind.choices,
        error_messages={"required": "选一种类别", "invalid_choice": "选一种类别"},
    )
    label = forms.CharField(
        max_length=40, error_messages={"required": "写一句要做什么", "max_length": "最多 40 个字"}
    )
    opens = forms.TimeField(
        error_messages={"required": "写最早几点可以做", "invalid": "时间写成 09:00 这样"}
    )
    closes = forms.TimeField(
        error_messages={"required": "写最晚几点要做完", "invalid": "时间写成 18:00 这样"}
    )
    service_minutes = forms.IntegerField(
        min_value=5,
        max_value=480,
        error_messages={
            "required": "写要用几分钟",
            "invalid": "分钟数写成数字",
            "min_value": "最少 5 分钟",
            "max_value": "最多 480 分钟",
        },
    )
    travel_minutes = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=480,
        error_messages={
            "invalid": "分钟数写成数字",
            "min_value": "路程不能为负",
            "max_value": "最多 480 分钟",
        },
    )

    @staticmethod
    def fresh_key() -> str:
        """Give the key of a form that was never sent."""
        return str(uuid4())

    def clean(self) -> dict[str, object]:
        """Refuse a window that is too short for the task."""
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        minutes = cleaned.get("service_minutes")
        if opens is None or closes is None or minutes is None:
            return cleaned
        room = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
        if room < minutes + (cleaned.get("travel_minutes") or 0):
            self.add_error("closes", "最早到最晚之间放不下这么多分钟，请放宽时间或减少用时")
        return cleaned


class ProfileForm(forms.Form):
    """What an advisor can do, how fast, and how many open deals are the most."""

    skills = forms.MultipleChoiceField(
        required=False,
        choices=tuple(SKILL_LABELS.items()),
        error_messages={"invalid_choice": "没有这一项专长", "invalid_list": "没有这一项专长"},
    )
    pace_percent = forms.IntegerField(
        min_value=50,
        max_value=200,
        error_messages={
            "required": "写用时是平常的百分之几，平常是 100",
            "invalid": "写成数字，平常是 100",
            "min_value": "最少 50",
            "max_value": "最多 200",
        },
    )
    open_deals_max = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=500,
        error_messages={
            "invalid": "写成数字，或不填，按全店的上限",
            "min_value": "不能为负",
            "max_value": "最多 500",
        },
    )


class AbsenceForm(forms.Form):
    """When an advisor is away."""

    kind = forms.ChoiceField(
        choices=Absence.Kind.choices,
        error_messages={"required": "选一种事由", "invalid_choice": "选一种事由"},
    )
    day = forms.DateField(
        error_messages={"required": "选哪一天", "invalid": "日期写成 2026-11-24 这样"}
    )
    begins = forms.TimeField(
        error_messages={"required": "写几点开始", "invalid": "时间写成 09:00 这样"}
    )
    ends = forms.TimeField(
        error_messages={"required": "写几点结束", "invalid": "时间写成 18:00 这样"}
    )

    def clean(self) -> dict[str, object]:
        """Refuse a stretch that ends before it begins."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends", "结束要晚于开始；跨天请分两天填")
        return cleaned
