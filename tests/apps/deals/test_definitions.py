"""Definitions as stored: numbered, never changed, kept by the deals that run on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.apps.deals.running import LATER, opened

from chedai.audit.models import AuditEvent
from chedai.deals.models import Deal, ProcessDefinition
from chedai.deals.operations.definitions import plain_text, publish_definition
from chedai.deals.queries.processes import run_of
from chedai.policy.processes.reading import DefinitionRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.staff.models import Organisation, User


@pytest.fixture
def deal(acting: Organisation, advisor: User) -> Deal:
    return opened(advisor)


def next_version(row: ProcessDefinition, version: int = 2, **labels: str) -> str:
    text = plain_text(row).replace("version: 1", f"version: {version}")
    for old, new in labels.items():
        text = text.replace(old, new)
    return text


def test_a_running_deal_keeps_its_version_and_the_next_one_gets_the_new(
    deal: Deal, user_with: Callable[..., User]
) -> None:
    first = ProcessDefinition.objects.get()
    publish_definition(
        organisation_id=deal.organisation_id,
        text=next_version(first),
        published_by=user_with("manager"),
        published_at=LATER,
    )

    newer, kept = run_of(opened(deal.advisor)), run_of(deal)
    assert newer is not None
    assert kept is not None
    assert (kept.definition.version, newer.definition.version) == (1, 2)
    assert AuditEvent.objects.filter(action="process.publish").count() == 1


def test_a_version_out_of_turn_is_refused_with_the_number_it_should_have(deal: Deal) -> None:
    first = ProcessDefinition.objects.get()

    with pytest.raises(DefinitionRefusedError, match="这一版应编为 2，文件里写的是 4"):
        publish_definition(
            organisation_id=deal.organisation_id,
            text=next_version(first, version=4),
            published_by=deal.advisor,
            published_at=LATER,
        )
