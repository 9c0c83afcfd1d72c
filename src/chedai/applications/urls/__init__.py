"""Addresses of the flow."""

from chedai.applications.urls import pipeline, tables

app_name = "applications"

urlpatterns = [*pipeline.urlpatterns, *tables.urlpatterns]
