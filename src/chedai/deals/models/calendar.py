from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CalendarDay(models.Model):
    """A day on which the organisation's calendar differs from the one that is shipped."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    day = models.DateField("日期")
    is_workday = models.BooleanField("上班")
    label = models.CharField("说明", max_length=40)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day"], name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day}"


class AnnouncedYear(models.Model):
    """Somebody says that a year's holidays are all entered; until then they are provisional."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField("年份")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="announced_year_once"),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="announced_year_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"


class StoreHours(models.Model):
    """When a store is open on one day of the week; no row = closed on that day."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField("星期")  # 0 = Monday
    opens = models.TimeField("开门")
    closes = models.TimeField("关门")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "weekday"], name="store_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="store_hours_weekday_known"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="store_hours_run"),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.weekday}: {self.opens:%H:%M}–{self.closes:%H:%M}"


class StoreDay(models.Model):
    """One day on which the week's hours do not hold: closed, or open at other times."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="days")
    day = models.DateField("日期")
    # Both or neither: neither = closed all day.
    opens = models.TimeField("开门", null=True, blank=True)
    closes = models.TimeField("关门", null=True, blank=True)
    reason = models.CharField("原因", max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "day"], name="store_day_once"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__lt=F("closes")),
                name="store_day_runs_or_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}: {self.reason}"
