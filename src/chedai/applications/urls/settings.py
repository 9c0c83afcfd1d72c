from __future__ import annotations

from django.urls import path

from chedai.applications.views import settings

urlpatterns = [
    path("process/hand-over/", settings.hand_over, name="hand_over"),
    path("process/calendar/", settings.working_calendar, name="working_calendar"),
    path("process/definitions/", settings.definitions, name="definitions"),
]
