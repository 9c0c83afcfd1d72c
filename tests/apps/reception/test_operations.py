"""A visit opened, a need amended, a need confirmed: each once, each with its event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connections
from tests.factories import MOMENT

from chedai.audit.models import AuditEvent
from chedai.deals.models import Deal
from chedai.needs.chips import Chip
from chedai.reception.models import NeedConfirmation, NeedVersion
from chedai.reception.operations import StaleNeedError, amend_need, confirm_need, open_visit
from chedai.staff.isolation import acting_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from chedai.staff.models import Organisation, User

PRICE = Chip("vehicle_price", "15万", low=15_000_000, high=15_000_000, certainty="confirmed")


def amend(need: NeedVersion, **changes: Any) -> NeedVersion:
    plain = {
        "deal": need.deal,
        "base_number": need.number,
        "sentence": need.sentence,
        "chips": (PRICE,),
        "answered": (),
        "channel": "desk",
        "author": need.recorded_by,
        "recorded_at": MOMENT,
    }
    return amend_need(**{**plain, **changes})


def actions() -> list[str]:
    return sorted(AuditEvent.objects.values_list("action", flat=True))


def test_a_visit_opens_a_deal_with_what_was_heard(visit: Callable[..., NeedVersion]) -> None:
    need = visit("首付5万，月供别超过3500，想买个15万的SUV")

    assert need.number == 1
    assert need.deal.call_name == "陈先生"
    assert {chip["slot"] for chip in need.chips} == {
        "down_payment",
        "monthly_max",
        "vehicle_price",
        "body_type",
    }
    assert actions() == ["deal.open", "need.record"]


def test_a_sentence_about_nothing_opens_a_deal_without_chips(
    visit: Callable[..., NeedVersion],
) -> None:
    assert visit("🚗 你好 <script>").chips == []


def test_the_same_form_gives_the_same_need(visit: Callable[..., NeedVersion]) -> None:
    form_key = uuid4()

    earlier, later = visit(form_key=form_key), visit("另一句话", form_key=form_key)

    assert earlier == later
    assert NeedVersion.objects.get().sentence == earlier.sentence
    assert actions() == ["deal.open", "need.record"]


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_visit(
    organisation: Organisation, advisor: User
) -> None:
    form_key, barrier = uuid4(), Barrier(2)

    def send(_: int) -> int:
        try:
            with acting_for(organisation.pk):
                barrier.wait(timeout=10)
                assert advisor.store is not None
                return open_visit(
                    store=advisor.store,
                    advisor=advisor,
                    call_name="",
                    sentence="15万",
                    form_key=form_key,
                    opened_at=MOMENT,
                ).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        needs = list(pool.map(send, range(2)))

    with acting_for(organisation.pk):
        assert len(set(needs)) == Deal.objects.count() == NeedVersion.objects.count() == 1


def test_versions_follow_each_other_and_none_is_changed(visit: Callable[..., NeedVersion]) -> None:
    need = visit()
    before = NeedVersion.objects.values().get(pk=need.pk)

    later = amend(need)
    latest = amend(later, chips=(), answered=("power",))

    assert [later.number, latest.number] == [2, 3]
    assert latest.answered == ["power"]
    assert NeedVersion.objects.values().get(pk=need.pk) == before


def test_a_change_made_on_an_older_version_is_refused_and_not_stored(
    visit: Callable[..., NeedVersion],
) -> None:
    need = visit()
    amend(need)

    with pytest.raises(StaleNeedError, match=r"第 2 版.*第 1 版"):
        amend(need, chips=())

    assert NeedVersion.objects.count() == 2
    assert actions() == ["deal.open", "need.record", "need.record"]


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_made_at_once_one_is_stored(
    organisation: Organisation, advisor: User
) -> None:
    with acting_for(organisation.pk):
        assert advisor.store is not None
        need = open_visit(
            store=advisor.store,
            advisor=advisor,
            call_name="",
            sentence="15万",
            form_key=uuid4(),
            opened_at=MOMENT,
        )
    barrier = Barrier(2)

    def change(answer: str) -> str:
        try:
            with acting_for(organisation.pk):
                barrier.wait(timeout=10)
                amend(need, answered=(answer,))
        except StaleNeedError:
            return "stale"
        finally:
            connections.close_all()
        return answer

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = sorted(pool.map(change, ("power", "term")))

    with acting_for(organisation.pk):
        stored = NeedVersion.objects.get(number=2)
    assert "stale" in outcomes
    assert stored.answered[0] in outcomes


def test_a_need_confirmed_twice_keeps_the_earlier_confirmation(
    visit: Callable[..., NeedVersion], advisor: User, manager: User
) -> None:
    need = visit()
    for by, words in ((advisor, "对"), (manager, "不对")):
        confirm_need(need=need, read_back=words, confirmed_by=by, confirmed_at=MOMENT)

    kept = NeedConfirmation.objects.get()
    assert (kept.read_back, kept.confirmed_by) == ("对", advisor)
    assert actions().count("need.confirm") == 1
