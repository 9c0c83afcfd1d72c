"""``manage.py open_organisation``: a new organisation and its first administrator."""

from __future__ import annotations

import os
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, connection, transaction

from chedai.staff.isolation import acting_for
from chedai.staff.operations import open_account, open_organisation
from chedai.staff.roles import Role


class Command(BaseCommand):
    help = "开通一个机构和它的第一位系统管理员；密码从 CHEDAI_INITIAL_PASSWORD 或键盘读取"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="机构代码，例如 linjiang")
        parser.add_argument("name", help="机构名称")
        parser.add_argument("province", help="省份")
        parser.add_argument("--administrator", required=True, help="第一位系统管理员的用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("CHEDAI_INITIAL_PASSWORD") or getpass("初始密码：")
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            now = cursor.fetchone()[0]
        try:
            with transaction.atomic():
                organisation = open_organisation(
                    code=options["code"],
                    name=options["name"],
                    province=options["province"],
                    opened_at=now,
                )
                with acting_for(organisation.pk):
                    open_account(
                        organisation=organisation,
                        username=options["administrator"],
                        display_name="系统管理员",
                        roles=[Role.ADMINISTRATOR],
                        password=password,
                        opened_by=None,
                        opened_at=now,
                    )
        except ValidationError as error:
            raise CommandError("密码不合要求：" + "；".join(error.messages)) from error
        except IntegrityError as error:
            raise CommandError("机构代码或用户名已经有人用了，请换一个") from error
        self.stdout.write(f"机构 {organisation.code} 已开通，管理员 {options['administrator']}")
