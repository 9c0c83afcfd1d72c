from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    name = "chedai.staff"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        post_migrate.connect(_grant, sender=self, dispatch_uid="chedai.staff.rights")


def _grant(*, using: str, **_: Any) -> None:
    from chedai.staff.rights import grant_rights  # noqa: PLC0415 - reads models' tables

    grant_rights(using=using)
