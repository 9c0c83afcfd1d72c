"""`manage.py load_demo`: build the demo world, or say how to sign in to it."""

from __future__ import annotations

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand

from chedai.demo.chapters import CHAPTERS
from chedai.demo.chapters.people import PEOPLE
from chedai.demo.world import PASSWORD, World
from chedai.staff.isolation import directory_window
from chedai.staff.models import Organisation
from chedai.staff.roles import ROLE_LABELS
from chedai.web import clock


class Command(BaseCommand):
    help = "载入演示世界：两家虚构机构、人员、资金方、车型、产品"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="库里已有别的机构时什么也不做")
        parser.add_argument("--print-sign-ins", action="store_true", help="只打印可以登录的人")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["print_sign_ins"]:
            self.print_sign_ins()
            return
        if options["if_empty"] and _has_other_organisations():
            self.stdout.write("库里已有机构，不载入演示数据")
            return
        world = World(now=clock.now(), say=self.stdout.write)
        for i, (title, tell) in enumerate(CHAPTERS, start=1):
            started = perf_counter()
            self.stdout.write(f"[{i}/{len(CHAPTERS)}] {title} …", ending=" ")
            self.stdout.flush()
            tell(world)
            self.stdout.write(f"{perf_counter() - started:.1f} 秒")
        self.stdout.write("演示世界已就绪")

    def print_sign_ins(self) -> None:
        rows = [
            (ROLE_LABELS[paper.roles[0]], paper.username, PASSWORD, paper.task)
            for people in PEOPLE.values()
            for paper in people
            if paper.task
        ]
        header = ("角色", "用户名", "密码", "可以试试")
        widths = [max(_width(row[i]) for row in (header, *rows)) for i in range(3)]
        for row in (header, *rows):
            cells = [f"{row[i]}{' ' * (widths[i] - _width(row[i]))}" for i in range(3)]
            self.stdout.write("  ".join((*cells, row[3])).rstrip())


def _has_other_organisations() -> bool:
    """Whether rows exist that a broken-off loading cannot explain."""
    with directory_window():
        return Organisation.objects.exclude(code__in=PEOPLE).exists()


def _width(text: str) -> int:
    # A Chinese character takes two columns of a terminal.
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
