from __future__ import annotations

from chedai.planning.urls import desk

app_name = "planning"

urlpatterns = [*desk.urlpatterns]
