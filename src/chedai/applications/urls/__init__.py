"""Addresses of the flow."""

from chedai.applications.urls import bottlenecks as bottlenecks
from chedai.applications.urls import exports, lending, pipeline, settings, tables

app_name = "applications"

urlpatterns = [
    *bottlenecks.urlpatterns,
    *exports.urlpatterns,
    *lending.urlpatterns,
    *pipeline.urlpatterns,
    *settings.urlpatterns,
    *tables.urlpatterns,
]
