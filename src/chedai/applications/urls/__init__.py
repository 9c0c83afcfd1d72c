"""Addresses of the flow."""

from chedai.applications.urls import pipeline, settings, tables

app_name = "applications"

urlpatterns = [*pipeline.urlpatterns, *settings.urlpatterns, *tables.urlpatterns]
