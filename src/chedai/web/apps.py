from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "chedai.web"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "页面"

    def ready(self) -> None:
        from chedai.web import sign_in  # noqa: PLC0415 - connects its receivers

        sign_in.connect()
