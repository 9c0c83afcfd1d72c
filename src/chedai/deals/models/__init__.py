"""The deal, its parties, and its process table."""

from chedai.deals.models.calendar import AnnouncedYear, CalendarDay, StoreDay, StoreHours
from chedai.deals.models.deal import Deal, DealCounter, Party, Withdrawal
from chedai.deals.models.process import (
    ProcessDefinition,
    ProcessEvent,
    ProcessRun,
    TaskApproval,
    TaskEscalation,
    TaskOccurrence,
)

__all__ = [
    "AnnouncedYear",
    "CalendarDay",
    "Deal",
    "DealCounter",
    "Party",
    "ProcessDefinition",
    "ProcessEvent",
    "ProcessRun",
    "StoreDay",
    "StoreHours",
    "TaskApproval",
    "TaskEscalation",
    "TaskOccurrence",
    "Withdrawal",
]
