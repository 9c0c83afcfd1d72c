from __future__ import annotations

from chedai.planning.urls import desk, proposals

app_name = "planning"

urlpatterns = [*desk.urlpatterns, *proposals.urlpatterns]
