from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.deals.models import Deal, Party, Withdrawal
from chedai.demo import chapters
from chedai.demo.chapters.visits import calendar, telling
from chedai.demo.chapters.visits.customers import customers_in
from chedai.demo.world import BROKER_CODE, GROUP_CODE, PACKS, World, organisation_of
from chedai.planning.models import (
    CompetitorOffer,
    DeskSetup,
    PinnedPlan,
    Proposal,
    ProposalLink,
    ProposalLinkOpening,
    ProposalLinkRevocation,
)
from chedai.reception.models import NeedConfirmation, NeedVersion
from chedai.staff.isolation import acting_for, directory_window

if TYPE_CHECKING:
    from pathlib import Path

KINDS = (
    Deal, NeedVersion, NeedConfirmation, DeskSetup, PinnedPlan, CompetitorOffer, Party, Withdrawal,
    Proposal, ProposalLink, ProposalLinkOpening, ProposalLinkRevocation, AuditEvent,
)  # fmt: skip
# Between them they go through every act.
FEW = frozenset(
    {"吴先生", "汪先生", "彭师傅", "老赵", "夏女士", "邱师傅", "游女士", "余师傅", "樊先生"}
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def world(db: None, said: list[str]) -> World:
    """The demo as it is before its customers come."""
    world = World(now=MOMENT, say=said.append)
    for _, tell in chapters.CHAPTERS[:4]:
        tell(world)
    return world


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [customer for customer in customers_in(PACKS / "customers") if customer.who in FEW]
    monkeypatch.setattr(telling, "customers_in", lambda _folder: few)
    monkeypatch.setattr(calendar, "TODAYS_VISITS", 1)


def rows(code: str = GROUP_CODE) -> Counter[str]:
    with directory_window():
        organisation = organisation_of(code)
    with acting_for(organisation.pk):
        return Counter({kind.__name__: kind.objects.count() for kind in KINDS})


@pytest.mark.slow
def test_every_act_is_done_and_telling_again_adds_nothing(world: World, few: None) -> None:
    telling.tell(world)
    first = rows()
    telling.tell(world)

    assert rows() == first
    assert all(first.values()), first
    with directory_window():
        organisation = organisation_of(GROUP_CODE)
    with acting_for(organisation.pk):
        actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert set(telling.EVENTS.values()) <= actions


@pytest.mark.slow
@pytest.mark.parametrize("steps_before_the_kill", [1, 17, 40])
def test_a_loading_killed_in_the_middle_is_finished_by_the_next(
    world: World, few: None, monkeypatch: pytest.MonkeyPatch, steps_before_the_kill: int
) -> None:
    done, do = iter(range(1_000)), telling._do

    def break_off(*told: Any) -> None:
        if next(done) == steps_before_the_kill:
            raise KeyboardInterrupt
        do(*told)

    monkeypatch.setattr(telling, "_do", break_off)
    with pytest.raises(KeyboardInterrupt):
        telling.tell(world)
    monkeypatch.setattr(telling, "_do", do)
    broken_off = rows()
    telling.tell(world)

    finished = rows()
    telling.tell(world)
    assert rows() == finished
    assert broken_off["AuditEvent"] < finished["AuditEvent"]
    assert finished["Deal"] + rows(BROKER_CODE)["Deal"] == len(FEW)


@pytest.mark.slow
def test_without_fonts_it_says_so_once_and_prints_when_they_came(
    world: World, few: None, said: list[str], settings: Any, tmp_path: Path
) -> None:
    settings.CHEDAI_FONT_FOLDER = tmp_path
    telling.tell(world)
    without = rows()
    del settings.CHEDAI_FONT_FOLDER
    telling.tell(world)

    assert sum("没有字体" in line for line in said) == 1
    assert without["Proposal"] == without["ProposalLink"] == 0
    assert without["Deal"] == rows()["Deal"]
    assert rows()["Proposal"] > 0
    assert rows()["ProposalLink"] > 0


@pytest.mark.slow
def test_all_customers_together_make_a_lively_world(world: World, said: list[str]) -> None:
    telling.tell(world)

    group, broker = rows(), rows(BROKER_CODE)
    assert not any("做不成" in line for line in said), said
    assert group["Deal"] + broker["Deal"] >= 120
    assert group["Proposal"] + broker["Proposal"] >= 40
    with directory_window():
        organisation = organisation_of(GROUP_CODE)
    with acting_for(organisation.pk):
        stores = set(Deal.objects.values_list("store_id", flat=True))
        families = {
            chosen["inputs"]["product"]["terms"]["family"]
            for inputs in Proposal.objects.values_list("inputs", flat=True)
            for chosen in inputs["plans"]
        }
    assert len(stores) == 6
    assert {
        "used_car", "balloon", "lease_direct", "lease_leaseback", "card_instalment",
        "oem_subsidised", "bank_car_loan", "staged_interest_free",
    } <= families  # fmt: skip
