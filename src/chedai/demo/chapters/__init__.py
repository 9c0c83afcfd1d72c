"""The demo world, chapter by chapter, in the order in which they are told."""

from collections.abc import Callable
from typing import Final

from chedai.demo.chapters import (
    lenders,
    organisations,
    people,
    processes,
    products,
    queue,
    vehicles,
)
from chedai.demo.chapters.visits import telling as visits
from chedai.demo.world import World

CHAPTERS: Final[tuple[tuple[str, Callable[[World], None]], ...]] = (
    ("机构与门店", organisations.tell),
    ("人员", people.tell),
    ("资金方与车型", vehicles.tell),
    ("产品及其版本", products.tell),
    ("接入资金方", lenders.tell),
    ("两个月的客户", visits.tell),
    ("在办的流程", processes.tell),
    ("今天的排队与预约", queue.tell),
)
"""Each may be told again, and after having been broken off: what is there is left alone."""
