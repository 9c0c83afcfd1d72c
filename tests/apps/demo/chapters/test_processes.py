"""Deals on their way: moved on, rested, and left alone when told again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories import MOMENT

from chedai.deals.models import ProcessEvent, TaskOccurrence
from chedai.deals.operations import open_deal
from chedai.deals.operations.processes import signal
from chedai.demo import chapters
from chedai.demo.chapters import processes
from chedai.demo.world import GROUP_CODE, World, organisation_of, person
from chedai.staff.isolation import acting_for, directory_window

GIVEN = ("visit_opened", "need_confirmed", "proposal_made", "proposal_given")


@pytest.fixture
def world(db: None) -> World:
    """The organisations and people of the demo, and twelve customers with their proposals."""
    world = World(now=MOMENT, say=lambda _line: None)
    for _, tell in chapters.CHAPTERS[:2]:
        tell(world)
    with directory_window():
        organisation = organisation_of(GROUP_CODE)
    with acting_for(organisation.pk):
        advisor = person("lin.yue")
        assert advisor.store is not None
        for number in range(12):
            at = MOMENT - timedelta(days=40 - number)
            deal, _ = open_deal(
                store=advisor.store,
                advisor=advisor,
                call_name="客户",
                form_key=uuid4(),
                opened_at=at,
            )
            for name in GIVEN:
                signal(deal=deal, name=name, by=advisor, at=at)
    return world


@pytest.mark.slow
def test_deals_rest_in_many_stages_and_telling_again_adds_nothing(world: World) -> None:
    processes.tell(world)
    with directory_window():
        organisation = organisation_of(GROUP_CODE)
    with acting_for(organisation.pk):
        told = ProcessEvent.objects.count()
    processes.tell(world)

    with acting_for(organisation.pk):
        open_tasks = TaskOccurrence.objects.filter(state__in=["open", "to_approve"])
        stages = set(open_tasks.values_list("stage_code", flat=True))
        assert ProcessEvent.objects.count() == told
        assert len(stages) >= 7
        assert not open_tasks.filter(opened_at__gt=MOMENT + timedelta(minutes=30)).exists()
