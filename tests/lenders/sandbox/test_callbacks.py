"""Callbacks: each event told until it is taken, and told wrongly when that was ordered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.lenders.packs import ROOT, World, make_application

from chedai.lenders.port import LenderEvent, SignatureRefusedError
from chedai.lenders.sandbox.callbacks import TRIES_MAX, CallbackPump
from chedai.lenders.sandbox.secrets import secret_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ADDRESS = "http://desk.test/callbacks/{lender}/"


@dataclass
class Desk:
    """Takes callbacks, or turns the first few away."""

    world: World
    turned_away: int = 0
    taken: list[LenderEvent] = field(default_factory=list)
    refused: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.turned_away > 0:
            self.turned_away -= 1
            return httpx.Response(503)
        try:
            event, _ = self.world.adapter().read_callback(
                headers=dict(request.headers),
                method=request.method,
                path=request.url.path,
                body=request.content,
            )
        except SignatureRefusedError:
            self.refused += 1
            return httpx.Response(401)
        self.taken.append(event)
        return httpx.Response(204)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def pump(world: World, desk: Desk) -> Iterator[CallbackPump]:
    with httpx.Client(transport=httpx.MockTransport(desk)) as client:
        yield CallbackPump(
            store=world.sandbox.store,
            address_of=lambda code: ADDRESS.format(lender=code),
            secret_of=lambda code: secret_of(ROOT, code),
            clock=world.clock,
            client=client,
        )


def told(pump: CallbackPump, world: World, *, turns: int = 12) -> None:
    for _ in range(turns):
        pump.turn()
        world.clock.pass_minutes(60)


def test_every_event_is_told_once_and_in_order(world: World, desk: Desk, pump: CallbackPump):
    world.adapter().submit(make_application(), key="k")

    told(pump, world)

    happened = world.adapter().status("P1").events
    assert desk.taken == list(happened)
    assert len(happened) >= 3


def test_nothing_is_told_before_it_happened(world: World, desk: Desk, pump: CallbackPump):
    world.adapter().submit(make_application(), key="k")

    pump.turn()

    assert [event.kind for event in desk.taken] == ["received"]


def test_an_event_turned_away_is_told_again(world: World, desk: Desk, pump: CallbackPump):
    desk.turned_away = 3
    world.adapter().submit(make_application(), key="k")

    told(pump, world)

    assert {event.kind for event in desk.taken} == {
        event.kind for event in world.adapter().status("P1").events
    }


def test_a_desk_that_never_answers_is_left_alone_in_the_end(
    world: World, desk: Desk, pump: CallbackPump
):
    desk.turned_away = 10_000
    world.adapter().submit(make_application(), key="k")

    told(pump, world, turns=TRIES_MAX * 2)

    assert 10_000 - desk.turned_away == TRIES_MAX * len(world.adapter().status("P1").events)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("duplicate_callback", lambda desk: len(desk.taken) > len(set(_ids(desk)))),
        ("wrong_signature", lambda desk: desk.refused == 1),
        ("out_of_order", lambda desk: _ids(desk) != sorted(_ids(desk))),
    ],
)
def test_a_fault_ordered_happens_and_nothing_is_lost(
    world: World, desk: Desk, pump: CallbackPump, fault: str, seen: Callable[[Desk], bool]
):
    world.adapter().submit(make_application(), key="k")
    world.clock.pass_minutes(24 * 60)
    world.order(**{fault: 1})

    told(pump, world)

    assert seen(desk)
    assert set(_ids(desk)) == {event.event_id for event in world.adapter().status("P1").events}


def _ids(desk: Desk) -> list[str]:
    return [event.event_id for event in desk.taken]


@pytest.mark.parametrize(
    "wanted",
    [{"no_such_fault": 1}, {"slow": -1}, {"slow": "many"}, {"slow": True}, [1, 2]],
)
def test_a_fault_nobody_knows_is_refused(world: World, wanted: Any):
    answer = world.client.put(f"{world.url}/_sandbox/faults/xinghe", json=wanted)

    assert answer.status_code == 422
    listed = world.client.get(f"{world.url}/_sandbox/faults/xinghe")
    assert json.loads(listed.content) == {}
