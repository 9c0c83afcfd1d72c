"""``manage.py audit_verify``: recompute every chain and name what was done to it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from chedai.audit.operations import take_checkpoint
from chedai.audit.queries.verification import verify_chain
from chedai.staff.isolation import acting_for
from chedai.staff.models import Organisation
from chedai.staff.queries import organisation_by_code, organisation_ids


class Command(BaseCommand):
    help = "校验审计链：逐条重算，指出第一处被改动的记录，并打印新的检查点"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", help="机构代码；不写则校验所有机构")
        parser.add_argument(
            "--kept", action="append", default=[], help="以前打印并另行保存的检查点摘要，可写多个"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code: str | None = options["organisation"]
        kept: list[str] = options["kept"]
        if kept and code is None:
            raise CommandError("--kept 属于某一个机构，请同时写 --organisation")
        ids = organisation_ids() if code is None else [self._organisation(code).pk]
        fault_count = sum(self._verify(organisation_id, kept) for organisation_id in ids)
        if fault_count:
            msg = f"共发现 {fault_count} 处问题：保留现状，与保存在外的检查点和备份核对"
            raise CommandError(msg)

    def _organisation(self, code: str) -> Organisation:
        try:
            return organisation_by_code(code)
        except Organisation.DoesNotExist as error:
            raise CommandError(f"没有代码为 {code} 的机构") from error

    def _verify(self, organisation_id: int, kept: list[str]) -> int:
        with acting_for(organisation_id):
            code = Organisation.objects.get(pk=organisation_id).code
            result = verify_chain(organisation_id, kept_digests=kept)
            self.stdout.write(
                f"{code}：{result.event_count} 条记录，{result.checkpoint_count} 个检查点，"
                + ("完整" if result.is_intact else f"{len(result.faults)} 处问题")
            )
            for fault in result.faults:
                self.stdout.write(f"  {fault.message}")
            if result.is_intact:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT date_trunc('milliseconds', clock_timestamp())")
                    at = cursor.fetchone()[0]
                point = take_checkpoint(organisation_id=organisation_id, at=at)
                self.stdout.write(f"  检查点 {point.number}：{point.digest}")
        return len(result.faults)
