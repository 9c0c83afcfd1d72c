"""Every address: one include for each package that has pages."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from chedai.web import views

STEPS = (
    ("", "chedai.reception.urls"),
    ("", "chedai.planning.urls"),
    ("", "chedai.applications.urls"),
    ("catalogue/", "chedai.catalogue.urls"),
    ("audit/", "chedai.audit.urls"),
    ("staff/", "chedai.staff.urls"),
    ("privacy/", "chedai.privacy.urls"),
    ("api/", "chedai.api.urls"),
)

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("", views.home, name="home"),
    path("accounts/", include("chedai.web.account_urls")),
    *(path(prefix, include(module)) for prefix, module in STEPS if find_spec(module)),
]

handler400 = "chedai.web.views.bad_request"
handler403 = "chedai.web.views.forbidden"
handler404 = "chedai.web.views.not_found"
handler500 = "chedai.web.views.broken"
handler429 = "chedai.web.views.too_many"
