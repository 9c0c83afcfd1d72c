"""Tables of reception."""

from chedai.deals.models import StoreDay, StoreHours
from chedai.reception.models.appointments import Appointment, AppointmentChange, Reminder
from chedai.reception.models.day import (
    AdvisorProfile,
    DayTask,
    PlanLock,
    PlannedJob,
    StoreDayPlan,
)
from chedai.reception.models.needs import NeedConfirmation, NeedVersion, NeedVoice
from chedai.reception.models.queue import (
    QueueLink,
    QueueLinkRevocation,
    Ticket,
    TicketCounter,
    TicketEvent,
)
from chedai.reception.models.shifts import Absence, Shift

__all__ = [
    "Absence",
    "AdvisorProfile",
    "Appointment",
    "AppointmentChange",
    "DayTask",
    "NeedConfirmation",
    "NeedVersion",
    "NeedVoice",
    "PlanLock",
    "PlannedJob",
    "QueueLink",
    "QueueLinkRevocation",
    "Reminder",
    "Shift",
    "StoreDay",
    "StoreDayPlan",
    "StoreHours",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
]
