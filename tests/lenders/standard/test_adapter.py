"""The adapter against the sandbox over real HTTP: every fault, and what it counts as."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.lenders.packs import World, make_application

from chedai.lenders.port import (
    AnswerUnreadableError,
    ApplicationConflictError,
    Document,
    LenderUnavailableError,
    PackRefusedError,
    Status,
    StipulationAnswer,
    UnknownApplicationError,
)
from chedai.lenders.sandbox.personalities import PERSONALITIES

if TYPE_CHECKING:
    from collections.abc import Callable

DAY_MINUTES = 24 * 60


def until_decided(world: World, code: str, ref: str) -> Status:
    adapter = world.adapter(code)
    for _ in range(6):
        world.clock.pass_minutes(5 * DAY_MINUTES)
        status = adapter.status(ref)
        if status.events[-1].kind in {"approved", "countered", "refused"}:
            return status
        for item in status.events[-1].stipulations:
            paper = Document(type=item.type, sha256="1" * 64)
            answer = StipulationAnswer(code=item.code, documents=(paper,))
            adapter.answer(ref, answer, key=f"{ref}-{item.code}")
    pytest.fail("no decision in a month")


@pytest.mark.parametrize("code", sorted(PERSONALITIES))
def test_every_lender_says_what_it_needs(world: World, code: str):
    needs = world.adapter(code).capabilities()

    assert needs.lender.endswith("（沙盒）")
    assert needs.answer_minutes_p50 < needs.answer_minutes_p90


@pytest.mark.parametrize("code", sorted(PERSONALITIES))
def test_a_clean_application_goes_all_the_way_to_the_money(world: World, code: str):
    adapter = world.adapter(code)
    ref = next(
        f"{code}-{number}"
        for number in range(40)
        if adapter.submit(make_application(f"{code}-{number}"), key=f"s{number}")
        and until_decided(world, code, f"{code}-{number}").events[-1].kind != "refused"
    )

    adapter.accept(ref, key="accept")
    world.clock.pass_minutes(10)
    assert adapter.status(ref).events[-1].kind == "disclosed"
    adapter.confirm_disclosure(ref, key="confirm")
    world.clock.pass_minutes(10)
    adapter.confirm_signing(ref, key="sign")
    world.clock.pass_minutes(DAY_MINUTES)

    events = adapter.status(ref).events
    assert events[-1].kind == "disbursed"
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    offer = next(event.offer for event in reversed(events) if event.offer)
    assert events[-1].disbursement
    assert events[-1].disbursement.amount_fen == offer.principal_fen
    on = world.clock().date() + timedelta(days=40)
    left = adapter.settlement(ref, on=on)
    assert left.total_fen == left.principal_fen + left.interest_fen + left.charge_fen
    assert left.principal_fen < offer.principal_fen


def test_the_same_application_sent_again_is_one_application(world: World):
    adapter = world.adapter()
    first = adapter.submit(make_application(), key="k")

    again = adapter.submit(make_application(), key="k")

    assert (first.is_duplicate, again.is_duplicate) == (False, True)
    assert first.lender_ref == again.lender_ref
    assert len(adapter.status("P1").events) == 1


def test_another_application_under_the_same_reference_is_a_conflict(world: World):
    adapter = world.adapter()
    adapter.submit(make_application(), key="k")

    with pytest.raises(ApplicationConflictError):
        adapter.submit(make_application(principal_fen=90_000_00), key="k")


def test_an_answer_lost_on_the_way_back_did_count(world: World):
    world.order(lost_answer=1)
    adapter = world.adapter()

    with pytest.raises(LenderUnavailableError):
        adapter.submit(make_application(), key="k")

    assert adapter.submit(make_application(), key="k").is_duplicate


def test_an_error_before_anything_was_done_did_not_count(world: World):
    world.order(server_error=1)
    adapter = world.adapter()

    with pytest.raises(LenderUnavailableError):
        adapter.submit(make_application(), key="k")

    with pytest.raises(UnknownApplicationError):
        adapter.status("P1")
    assert not adapter.submit(make_application(), key="k").is_duplicate


def test_an_answer_of_another_shape_is_unreadable_and_the_act_still_counts_once(world: World):
    world.order(schema_drift=1)
    adapter = world.adapter()

    with pytest.raises(AnswerUnreadableError, match="约定"):
        adapter.submit(make_application(), key="k")

    assert adapter.submit(make_application(), key="k").is_duplicate


def test_a_pack_that_lacks_something_is_refused_with_every_fault(world: World):
    thin = make_application(documents=[], borrower={"phone": "", "employment": "pirate"})

    with pytest.raises(PackRefusedError) as refused:
        world.adapter().submit(thin, key="k")

    fields = {fault.field for fault in refused.value.faults}
    assert {"phone", "employment", "documents.id_card"} <= fields


def test_a_lender_that_is_not_there_is_unavailable(world: World):
    adapter = world.adapter(base_url="http://127.0.0.1:9/nobody")

    with pytest.raises(LenderUnavailableError):
        adapter.capabilities()


@pytest.mark.parametrize(
    "break_it",
    [
        lambda world: world.adapter(secret=b"another"),
        lambda world: world.adapter(nonce=lambda: "the-same-nonce-again"),
    ],
)
def test_the_lender_turns_away_what_is_not_ours_or_was_seen_before(
    world: World, break_it: Callable[[World], object]
):
    adapter = break_it(world)
    with pytest.raises(AnswerUnreadableError, match="401"):  # noqa: PT012 - the second is the replay
        adapter.capabilities()  # type: ignore[attr-defined]
        adapter.capabilities()  # type: ignore[attr-defined]


def test_withdrawing_twice_is_withdrawing_once_and_nothing_happens_after(world: World):
    adapter = world.adapter()
    adapter.submit(make_application(), key="k")

    adapter.withdraw("P1", key="w")
    adapter.withdraw("P1", key="w")
    world.clock.pass_minutes(30 * DAY_MINUTES)

    assert [event.kind for event in adapter.status("P1").events] == ["received", "withdrawn"]


def test_an_act_out_of_its_turn_changes_nothing(world: World):
    adapter = world.adapter()
    adapter.submit(make_application(), key="k")

    for act in (adapter.accept, adapter.confirm_disclosure, adapter.confirm_signing):
        with pytest.raises(ApplicationConflictError):
            act("P1", key=f"{act.__name__}")
    with pytest.raises(ApplicationConflictError):
        adapter.settlement("P1", on=date(2027, 1, 1))

    assert len(adapter.status("P1").events) == 1


def test_an_address_nobody_serves_is_said_so(world: World):
    answer = world.client.get(f"{world.url}/nobody/v1/capabilities")

    assert answer.status_code == 404
