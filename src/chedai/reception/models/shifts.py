from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class TimeRange(Func):
    """``tstzrange(starts_at, ends_at)``: from and including the first, up to the second."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class OnlyThis(Func):
    """A range of one number: lets a constraint compare keys without a further extension."""

    function = "INT8RANGE"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"


def one_at_a_time(*, of: str, name: str, condition: Q | None = None) -> ExclusionConstraint:
    """Refuse two rows of the same ``of`` (a column with a key) whose times overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (OnlyThis(F(of)), RangeOperators.OVERLAPS),
            (TimeRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
        ],
        condition=condition,
    )


class Shift(models.Model):
    """A stretch of one day in which an advisor works in a store; never over midnight.

    A day with a long break is two shifts.
    """

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="shifts")
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    day = models.DateField("日期")
    starts_at = models.DateTimeField("上班")
    ends_at = models.DateTimeField("下班")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="shift_runs"),
            one_at_a_time(of="advisor_id", name="shift_one_at_a_time"),
        ]
        indexes = [models.Index(fields=["store", "day"], name="shift_by_day")]

    def __str__(self) -> str:
        return f"{self.advisor_id} {self.day}"


class Absence(models.Model):
    """A stretch in which an advisor cannot see customers, whatever the shifts say."""

    class Kind(models.TextChoices):
        MEAL = "meal", "用餐"
        ERRAND = "errand", "外出办理（上牌、抵押）"
        LEAVE = "leave", "请假"
        SICK = "sick", "病假"
        TRAINING = "training", "培训开会"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    kind = models.CharField("事由", max_length=10, choices=Kind.choices)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="absence_runs"),
            models.CheckConstraint(
                condition=Q(kind__in=["meal", "errand", "leave", "sick", "training"]),
                name="absence_kind_known",
            ),
        ]
        indexes = [models.Index(fields=["advisor", "starts_at"], name="absence_by_advisor")]

    def __str__(self) -> str:
        return f"{self.advisor_id} {self.kind} {self.starts_at:%Y-%m-%d}"
