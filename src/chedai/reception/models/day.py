from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class AdvisorProfile(models.Model):
    """What a plan knows of an advisor beyond the shifts: skills, pace, cap on open deals."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    advisor = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="day_profile"
    )
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # 120: takes a fifth longer than usual.
    pace_percent = models.PositiveSmallIntegerField("用时比例", default=100)
    # None: the cap of the policy book.
    open_deals_max = models.PositiveSmallIntegerField("在办上限", null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pace_percent__gte=50, pace_percent__lte=200),
                name="advisor_pace_within_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advisor_id}"


class DayTask(models.Model):
    """Work nobody waits for in the store: a follow-up, or an errand with its way."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", "跟进"
        ERRAND = "errand", "外出办理"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="day_tasks")
    # None: whoever has time.
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="day_tasks",
        null=True,
        blank=True,
    )
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    label = models.CharField("事项", max_length=40)
    day = models.DateField("日期")
    opens = models.TimeField("最早")
    closes = models.TimeField("最晚结束")
    service_minutes = models.PositiveSmallIntegerField("用时")
    travel_minutes = models.PositiveSmallIntegerField("路程", default=0)
    form_key = models.UUIDField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "form_key"], name="day_task_form_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["follow_up", "errand"]), name="day_task_kind_known"
            ),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="day_task_window_runs"),
            models.CheckConstraint(
                condition=Q(
                    service_minutes__gte=5, service_minutes__lte=480, travel_minutes__lte=480
                ),
                name="day_task_takes_some_time",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="day_task_done_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["store", "day"], name="day_task_by_day")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day} {self.label}"


class StoreDayPlan(models.Model):
    """One version of a store's plan for one day; the latest is in force, none is ever changed."""

    class Cause(models.TextChoices):
        NEWS = "news", "有变化，自动重排"
        BY_HAND = "by_hand", "人工重排"
        LOCK = "lock", "锁定或解锁"
        TASK = "task", "事项有增减"
        ABSENCE = "absence", "有人请假"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="day_plans")
    day = models.DateField("日期")
    number = models.PositiveSmallIntegerField("版本")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    # Of everything the plan was made from, time apart: equal means nothing has changed since.
    inputs_digest = models.CharField(max_length=64)
    is_optimal = models.BooleanField()
    waiting_minutes = models.PositiveIntegerField()
    overtime_minutes = models.PositiveIntegerField()
    cost = models.PositiveIntegerField()
    # What the same day costs first come first served, in the same units.
    cost_in_order_of_arrival = models.PositiveIntegerField()
    # Of each job that does not fit: its key, what it is called, why.
    unserved = models.JSONField(default=list)
    made_at = models.DateTimeField()
    # None: the system, because something changed.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "day", "number"], name="day_plan_number_once"),
            models.CheckConstraint(
                condition=Q(cause__in=["news", "by_hand", "lock", "task", "absence"]),
                name="day_plan_cause_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day} v{self.number}"


class PlannedJob(models.Model):
    """One line of a plan: who does what, from when to when, and why."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    plan = models.ForeignKey(StoreDayPlan, on_delete=models.PROTECT, related_name="jobs")
    # What it is about: T a ticket, A an appointment, F a task, with the number of its row.
    job_key = models.CharField(max_length=24)
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=60)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="planned_jobs"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    is_locked = models.BooleanField(default=False)
    is_started = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "job_key"], name="planned_job_once"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="planned_job_runs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.job_key}"


class PlanLock(models.Model):
    """A person's decision that the plan keeps: this advisor, and this time if one is given."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    job_key = models.CharField(max_length=24)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "day", "job_key"],
                condition=Q(released_at__isnull=True),
                name="plan_lock_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day} {self.job_key}"
