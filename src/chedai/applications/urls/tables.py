from __future__ import annotations

from django.urls import path

from chedai.applications.views import tables

DEAL = "deals/<str:deal_number>/process/"
TASK = "process/tasks/<int:task_id>/"

urlpatterns = [
    path(DEAL, tables.process, name="process"),
    path(f"{DEAL}start/", tables.process_start, name="process_start"),
    path(f"{DEAL}waking/", tables.process_waking, name="process_waking"),
    path(f"{TASK}completion/", tables.task_completion, name="task_completion"),
    path(f"{TASK}decision/", tables.task_decision, name="task_decision"),
    path(f"{TASK}skip/", tables.task_skip, name="task_skip"),
    path(f"{TASK}assignment/", tables.task_assignment, name="task_assignment"),
    path(f"{TASK}waiting/", tables.task_waiting, name="task_waiting"),
]
