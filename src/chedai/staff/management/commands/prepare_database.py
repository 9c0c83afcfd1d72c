"""``manage.py prepare_database``: the role of the application and its rights."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chedai.staff.rights import RoleMissingError, RoleTooMightyError, prepare_role


class Command(BaseCommand):
    help = "创建（或检查）应用角色并授予权限；可以反复运行。需要 CHEDAI_AS_OWNER=1。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare_role(app_url=settings.CHEDAI_APP_URL)
        except (RoleMissingError, RoleTooMightyError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("应用角色已就绪")
