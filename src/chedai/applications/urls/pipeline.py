from __future__ import annotations

from django.urls import path

from chedai.applications.views import pipeline

urlpatterns = [
    path("pipeline/", pipeline.pipeline, name="pipeline"),
    path("pipeline/board/", pipeline.board, name="board"),
    path("pipeline/escalations/", pipeline.escalations, name="escalations"),
]
