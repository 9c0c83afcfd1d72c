from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chedai.reception.models.appointments import Appointment


class TicketCounter(models.Model):
    """The latest number a store gave out on one day; its row lock makes numbers gapless."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    latest = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "day"], name="ticket_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}: {self.latest}"


class Ticket(models.Model):
    """A place in the queue of one store on one day. The history is in ``TicketEvent``."""

    class State(models.TextChoices):
        WAITING = "waiting", "等候"
        CALLED = "called", "已叫号"
        SERVING = "serving", "接待中"
        MISSED = "missed", "过号"
        FINISHED = "finished", "已结束"
        ABANDONED = "abandoned", "已离开"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    number = models.PositiveSmallIntegerField("号")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="ticket", null=True, blank=True
    )
    # Asked for, or offered at the desk: elderly, pregnant, disabled. Which of them is not kept.
    is_assisted = models.BooleanField("优先", default=False)
    call_name = models.CharField("称呼", max_length=20, blank=True)
    deal = models.ForeignKey(
        "deals.Deal", on_delete=models.PROTECT, related_name="tickets", null=True, blank=True
    )
    # Who called it; None while nobody has.
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="tickets",
        null=True,
        blank=True,
    )
    issued_at = models.DateTimeField()
    # None: the customer, on the page behind the store's code.
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    # The place in the order counts from here: arrival, or coming back after a missed call.
    queued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What the customer was told when the number was taken, minutes; None: nobody was there to ask.
    told_low_minutes = models.PositiveSmallIntegerField(null=True)
    told_high_minutes = models.PositiveSmallIntegerField(null=True)
    form_key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "day", "number"], name="ticket_number_once"),
            models.UniqueConstraint(fields=["organisation", "form_key"], name="ticket_form_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "called", "serving", "missed", "finished", "abandoned"]
                ),
                name="ticket_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "serving"]) | Q(advisor__isnull=False),
                name="ticket_called_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(told_high_minutes__isnull=True)
                | Q(told_low_minutes__lte=F("told_high_minutes")),
                name="ticket_told_range_runs",
            ),
            # An advisor has one customer at a time.
            models.UniqueConstraint(
                fields=["advisor"],
                condition=Q(state__in=["called", "serving"]),
                name="ticket_one_for_an_advisor",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "day", "state"], name="ticket_by_state"),
            models.Index(
                fields=["store", "-ended_at"],
                condition=Q(state="finished"),
                name="ticket_served_latest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day} {self.label}"

    @property
    def label(self) -> str:
        """The number as it is called and shown."""
        return f"A{self.number:03d}"


class TicketEvent(models.Model):
    """What happened to a number, in order; out-of-turn calls carry their reason."""

    class Kind(models.TextChoices):
        ISSUED = "issued", "取号"
        CALLED = "called", "叫号"
        CALLED_OUT_OF_TURN = "called_out_of_turn", "提前叫号"
        STARTED = "started", "开始接待"
        FINISHED = "finished", "结束接待"
        MISSED = "missed", "过号"
        RETURNED = "returned", "重新排队"
        ABANDONED = "abandoned", "离开"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.CharField("原因", max_length=100, blank=True)
    # Numbers that were ahead when this one was called out of turn.
    passed_over = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    # None: the customer.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="called_out_of_turn") | ~Q(reason=""),
                name="ticket_out_of_turn_says_why",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="ticket_event_in_order")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"


class QueueLink(models.Model):
    """A secret address that needs no sign-in: the store's door, its wall, an advisor's calendar.

    The address holds the number of this row and a signature of the installation, so that the
    database alone opens nothing.
    """

    class Kind(models.TextChoices):
        ENTRANCE = "entrance", "取号入口"
        WALL = "wall", "叫号大屏"
        CALENDAR = "calendar", "顾问日历"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    store = models.ForeignKey(
        "staff.Store", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["entrance", "wall"], store__isnull=False, advisor__isnull=True
                )
                | Q(kind="calendar", advisor__isnull=False, store__isnull=True),
                name="queue_link_leads_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class QueueLinkRevocation(models.Model):
    """The address was taken back: a row, not a flag."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    link = models.OneToOneField(QueueLink, on_delete=models.PROTECT, related_name="revocation")
    revoked_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.link_id} {self.revoked_at:%Y-%m-%d}"
