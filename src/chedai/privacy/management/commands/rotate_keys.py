"""``manage.py rotate_keys``: seal everything anew under the current master key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from chedai.privacy.keys import KeyMalformedError, KeyMissingError, current_version
from chedai.privacy.operations import reseal_batch
from chedai.privacy.queries import sealed_columns
from chedai.privacy.sealed import UnreadableError
from chedai.staff.isolation import acting_for
from chedai.staff.queries import organisation_ids


class Command(BaseCommand):
    help = "用最新的主密钥重新加密所有密文；中断后再运行一次会接着做"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = current_version()
            total = sum(self._organisation(number) for number in organisation_ids())
        except (KeyMissingError, KeyMalformedError, UnreadableError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"完成：{total} 处密文已换用第 {version} 版主密钥")

    def _organisation(self, organisation_id: int) -> int:
        total = 0
        with acting_for(organisation_id):
            for model, field in sealed_columns():
                while count := reseal_batch(
                    organisation_id=organisation_id,
                    model=model,
                    field=field,
                    rotated_at=_database_now(),
                ):
                    total += count
                    self.stdout.write(f"  {field.place}：{count} 处")
        return total


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)
