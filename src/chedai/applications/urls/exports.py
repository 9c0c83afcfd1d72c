from __future__ import annotations

from django.urls import path

from chedai.applications.views import exports

DEAL = "deals/<str:deal_number>/process/"

urlpatterns = [
    path(f"{DEAL}print.pdf", exports.process_print, name="process_print"),
    path(f"{DEAL}table.xlsx", exports.process_workbook, name="process_workbook"),
    path("pipeline/list.xlsx", exports.pipeline_workbook, name="pipeline_workbook"),
]
