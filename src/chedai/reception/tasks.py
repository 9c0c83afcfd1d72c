"""What time brings by itself: reminders become due, appointments nobody came to lapse."""

from __future__ import annotations

from procrastinate.contrib.django import app

from chedai.reception.models import Appointment, Reminder
from chedai.reception.operations import appointments as operations
from chedai.staff.isolation import runs_for_organisation
from chedai.web import clock


@app.task(name=operations.RELEASE_REMINDER)
@runs_for_organisation
def release_reminder(*, organisation_id: int, reminder_id: int) -> bool:  # noqa: ARG001
    reminder = Reminder.objects.filter(pk=reminder_id).first()
    return reminder is not None and operations.release_reminder(reminder=reminder, now=clock.now())


@app.task(name=operations.LAPSE_APPOINTMENT)
@runs_for_organisation
def lapse_appointment(*, organisation_id: int, appointment_id: int) -> bool:  # noqa: ARG001
    found = Appointment.objects.filter(pk=appointment_id).first()
    return found is not None and operations.lapse_appointment(appointment=found, now=clock.now())
