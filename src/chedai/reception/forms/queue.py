from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any, Final

from django import forms

from chedai.reception.models import Absence, Appointment
from chedai.reception.queries.hours import WEEKDAYS
from chedai.staff.models import User
from chedai.web.formats import SHANGHAI

STALE_PAGE: Final = {
    "required": "页面已过期，请刷新后再提交",
    "invalid": "页面已过期，请刷新后再提交",
}
YEARS: Final = (2020, 2099)
OVER_MIDNIGHT: Final = "结束要晚于开始；跨零点的请分成两天填"


class DayField(forms.DateField):
    """A day as the browser's calendar sends it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "error_messages",
            {"required": "请选日期", "invalid": "日期写成 2026-11-24 这样"},
        )
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError("年份不对，请看一下日期")
        return day


class MomentField(forms.TimeField):
    """A time of day, to the minute."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "error_messages",
            {"required": "请填时间", "invalid": "时间写成 14:30 这样，最晚 23:59"},
        )
        super().__init__(input_formats=["%H:%M"], **options)


class CallNameField(forms.CharField):
    """What to call the customer; never needed."""

    def __init__(self) -> None:
        super().__init__(
            max_length=20,
            required=False,
            error_messages={
                "max_length": "称呼最多 20 个字，例如“王先生”",
                "null_characters_not_allowed": "文字里有看不见的控制字符，请重新输入",
            },
        )


class ReasonField(forms.CharField):
    """Why; staff must say it."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            max_length=100,
            required=required,
            error_messages={
                "required": "请写一句原因",
                "max_length": "原因最多 100 个字",
                "null_characters_not_allowed": "文字里有看不见的控制字符，请重新输入",
            },
        )


class FormKeyForm(forms.Form):
    """A form that does its act once, however often it is sent."""

    form_key = forms.UUIDField(error_messages=STALE_PAGE)

    @staticmethod
    def fresh_key() -> str:
        return str(uuid.uuid4())


class TicketForm(FormKeyForm):
    """A number given at the desk."""

    call_name = CallNameField()
    is_assisted = forms.BooleanField(required=False)


class ReasonForm(forms.Form):
    """An act that is written down with its reason."""

    reason = ReasonField()


class AdvisorForm(forms.Form):
    """Anything about one advisor of the store."""

    advisor = forms.TypedChoiceField(
        coerce=int,
        error_messages={"required": "请选顾问", "invalid_choice": "没有这位顾问，请重新选"},
    )

    def __init__(self, *args: Any, advisors: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._advisors = {advisor.pk: advisor for advisor in advisors}
        field: Any = self.fields["advisor"]
        field.choices = [(pk, advisor.display_name) for pk, advisor in self._advisors.items()]

    @property
    def chosen_advisor(self) -> User:
        return self._advisors[self.cleaned_data["advisor"]]


class WhenForm(forms.Form):
    """A day and a time on it."""

    day = DayField()
    at = MomentField()

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"], tzinfo=SHANGHAI)


class AppointmentForm(FormKeyForm, AdvisorForm, WhenForm):
    """A time for a customer; the deal is there when the customer has been here before."""

    kind = forms.ChoiceField(
        choices=Appointment.Kind.choices,
        error_messages={"required": "请选事由", "invalid_choice": "没有这个事由"},
    )
    call_name = CallNameField()
    deal_number = forms.CharField(
        max_length=16,
        required=False,
        error_messages={
            "max_length": "单号太长，例如 D000012",
            "null_characters_not_allowed": "单号里有看不见的控制字符，请重新输入",
        },
    )


class MoveForm(AdvisorForm, WhenForm):
    """Another time, with the reason."""

    reason = ReasonField()


class SpanForm(forms.Form):
    """A stretch of one day; never over midnight."""

    day = DayField()
    starts = MomentField()
    ends = MomentField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", OVER_MIDNIGHT)
        return cleaned


class ShiftForm(AdvisorForm, SpanForm):
    """An advisor's work on a day."""


class AbsenceForm(AdvisorForm, SpanForm):
    """An advisor away for a while."""

    kind = forms.ChoiceField(
        choices=Absence.Kind.choices,
        error_messages={"required": "请选事由", "invalid_choice": "没有这个事由"},
    )


class StoreDayForm(forms.Form):
    """A day that differs from the week: no times = closed."""

    day = DayField()
    opens = MomentField(required=False)
    closes = MomentField(required=False)
    reason = ReasonField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if "opens" in cleaned and "closes" in cleaned:
            _refuse_half_a_day(self, opens, closes)
        return cleaned


class StoreHoursForm(forms.Form):
    """The week: opening and closing of each day, both empty = closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in range(len(WEEKDAYS)):
            self.fields[f"opens_{weekday}"] = MomentField(required=False)
            self.fields[f"closes_{weekday}"] = MomentField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for weekday in range(len(WEEKDAYS)):
            names = f"opens_{weekday}", f"closes_{weekday}"
            if all(name in cleaned for name in names):
                opens, closes = (cleaned[name] for name in names)
                _refuse_half_a_day(self, opens, closes, suffix=f"_{weekday}")
        return cleaned

    @property
    def hours(self) -> dict[int, tuple[time, time] | None]:
        week: dict[int, tuple[time, time] | None] = {}
        for weekday in range(len(WEEKDAYS)):
            opens = self.cleaned_data[f"opens_{weekday}"]
            closes = self.cleaned_data[f"closes_{weekday}"]
            week[weekday] = (opens, closes) if opens and closes else None
        return week


def _refuse_half_a_day(
    form: forms.Form, opens: time | None, closes: time | None, *, suffix: str = ""
) -> None:
    if (opens is None) != (closes is None):
        form.add_error(f"closes{suffix}", "开门和关门都填；整天不营业就都空着")
    elif opens and closes and closes <= opens:
        form.add_error(f"closes{suffix}", OVER_MIDNIGHT)
