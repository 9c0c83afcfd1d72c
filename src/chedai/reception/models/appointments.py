from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chedai.reception.models.shifts import one_at_a_time


class Appointment(models.Model):
    """A time kept for one customer with one advisor."""

    class Kind(models.TextChoices):
        NEW = "new", "初次接待"
        REVISIT = "revisit", "再次到店"
        SIGNING = "signing", "签约核对"

    class State(models.TextChoices):
        BOOKED = "booked", "已约"
        ARRIVED = "arrived", "已到店"
        LAPSED = "lapsed", "过时未到"
        CANCELLED = "cancelled", "已取消"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="appointments")
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    deal = models.ForeignKey(
        "deals.Deal", on_delete=models.PROTECT, related_name="appointments", null=True, blank=True
    )
    kind = models.CharField("事由", max_length=10, choices=Kind.choices)
    call_name = models.CharField("称呼", max_length=20, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    # The form that booked it: sent twice, it books once.
    form_key = models.UUIDField()
    booked_at = models.DateTimeField()
    # None: the customer, on the page behind the store's code.
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "form_key"], name="appointment_form_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="appointment_runs"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["new", "revisit", "signing"]), name="appointment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "arrived", "lapsed", "cancelled"]),
                name="appointment_state_known",
            ),
            one_at_a_time(
                of="advisor_id",
                name="appointment_one_at_a_time",
                condition=Q(state__in=["booked", "arrived"]),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "starts_at"], name="appointment_by_store"),
            models.Index(fields=["advisor", "starts_at"], name="appointment_by_advisor"),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.starts_at:%Y-%m-%d %H:%M} {self.state}"


class AppointmentChange(models.Model):
    """The appointment was moved, cancelled or lapsed: when, by whom, why."""

    class Kind(models.TextChoices):
        MOVED = "moved", "改期"
        CANCELLED = "cancelled", "取消"
        LAPSED = "lapsed", "过时未到"
        ARRIVED = "arrived", "到店"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    stood_at = models.DateTimeField()
    reason = models.CharField("原因", max_length=100, blank=True)
    recorded_at = models.DateTimeField()
    # None: the customer through the link, or the clock.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["moved", "cancelled", "lapsed", "arrived"]),
                name="appointment_change_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.kind} {self.recorded_at:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """A line for the customer, due at its time; until a channel is set up, staff send it."""

    class Kind(models.TextChoices):
        DAY_BEFORE = "day_before", "前一天"
        HOURS_BEFORE = "hours_before", "当天"

    class State(models.TextChoices):
        WAITING = "waiting", "未到时间"
        DUE = "due", "待发送"
        SENT = "sent", "已发送"
        DROPPED = "dropped", "不用发了"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["day_before", "hours_before"]), name="reminder_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "due", "dropped"], sent_at__isnull=True)
                | Q(state="sent", sent_at__isnull=False, sent_by__isnull=False),
                name="reminder_sent_says_when",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "due_at"], name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.kind} {self.state}"
