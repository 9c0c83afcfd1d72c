"""Acts on a deal: each once, each with its event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests.factories import MOMENT, make_store, make_user

from chedai.audit.models import AuditEvent
from chedai.deals.models import Deal, Party, Withdrawal
from chedai.deals.operations import (
    BorrowerKnownError,
    add_party,
    open_deal,
    record_withdrawal,
    reveal_party,
)
from chedai.privacy.digests import digest_for_lookup
from chedai.privacy.operations import ReasonMissingError
from chedai.staff.isolation import acting_for

if TYPE_CHECKING:
    from chedai.staff.models import Organisation, User

PHONE = "18612341402"


def opened(advisor: User, *, form_key: UUID | None = None) -> tuple[Deal, bool]:
    assert advisor.store is not None
    return open_deal(
        store=advisor.store,
        advisor=advisor,
        call_name="王先生",
        form_key=form_key or uuid4(),
        opened_at=MOMENT,
    )


@pytest.fixture
def deal(acting: Organisation, advisor: User) -> Deal:
    return opened(advisor)[0]


def add(deal: Deal, *, kind: str = "borrower", phone: str = PHONE, name: str = "陈小舟") -> Party:
    return add_party(
        deal=deal,
        kind=kind,
        name=name,
        phone=phone,
        agreed_purpose="保存方案并联系本人",
        recorded_by=deal.advisor,
        recorded_at=MOMENT,
    )


def events(*actions: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__in=actions).order_by("at", "pk"))


# --- Opening ----------------------------------------------------------------------------------


def test_numbers_run_on_without_a_gap(acting: Organisation, advisor: User) -> None:
    deals = [opened(advisor)[0] for _ in range(4)]

    assert [deal.number for deal in deals] == ["D000001", "D000002", "D000003", "D000004"]


def test_a_deal_that_failed_to_open_takes_no_number(acting: Organisation, advisor: User) -> None:
    opened(advisor)
    with transaction.atomic():
        opened(advisor)
        transaction.set_rollback(True)

    assert opened(advisor)[0].number == "D000002"


def test_every_organisation_counts_for_itself(
    organisation: Organisation, other_organisation: Organisation, advisor: User
) -> None:
    with acting_for(organisation.pk):
        ours, _ = opened(advisor)
    colleague = make_user(other_organisation, "advisor", store=make_store(other_organisation))
    with acting_for(other_organisation.pk):
        theirs, _ = opened(colleague)

    assert (ours.number, theirs.number) == ("D000001", "D000001")


def test_the_same_form_gives_the_same_deal_and_one_event(
    acting: Organisation, advisor: User
) -> None:
    form_key = uuid4()

    answers = [opened(advisor, form_key=form_key) for _ in range(3)]

    assert len({deal.pk for deal, _ in answers}) == 1
    assert [is_new for _, is_new in answers] == [True, False, False]
    assert [event.subject_id for event in events("deal.open")] == ["D000001"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_one_form", [True, False])
def test_forms_sent_at_the_same_moment_open_a_deal_each(
    organisation: Organisation, advisor: User, is_one_form: bool
) -> None:
    form_keys = [uuid4()] * 4 if is_one_form else [uuid4() for _ in range(4)]
    barrier = Barrier(len(form_keys))

    def send(form_key: UUID) -> str:
        try:
            with acting_for(organisation.pk):
                barrier.wait(timeout=10)
                return opened(advisor, form_key=form_key)[0].number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(form_keys)) as pool:
        numbers = list(pool.map(send, form_keys))

    expected = ["D000001"] if is_one_form else ["D000001", "D000002", "D000003", "D000004"]
    with acting_for(organisation.pk):
        assert sorted(Deal.objects.values_list("number", flat=True)) == expected
        assert len(events("deal.open")) == len(expected)
    assert sorted(set(numbers)) == expected


# --- Withdrawal -------------------------------------------------------------------------------


def test_the_earliest_reason_of_a_withdrawal_stands(deal: Deal, advisor: User) -> None:
    for days, reason in enumerate(("客户改全款", "客户去了别家")):
        at = MOMENT + timedelta(days=days)
        record_withdrawal(deal=deal, reason=reason, recorded_by=advisor, recorded_at=at)

    kept = Withdrawal.objects.get()
    assert (kept.reason, kept.recorded_at) == ("客户改全款", MOMENT)
    assert len(events("deal.withdraw")) == 1


# --- Parties ----------------------------------------------------------------------------------


def test_a_second_borrower_is_refused_and_nothing_is_stored(deal: Deal) -> None:
    add(deal)

    with pytest.raises(BorrowerKnownError, match="这一单已经登记了主贷人"):
        add(deal, name="刘大江", phone="13900001234")

    assert Party.objects.count() == 1
    assert len(events("party.record")) == 1


def test_the_database_itself_refuses_a_second_borrower(deal: Deal) -> None:
    party = add(deal)
    party.pk = None

    with pytest.raises(IntegrityError, match="party_one_borrower"), transaction.atomic():
        party.save()


def test_several_guarantors_stand_beside_one_borrower(deal: Deal) -> None:
    add(deal)
    for phone in ("13900001234", "13900001235"):
        add(deal, kind="guarantor", phone=phone)

    assert Party.objects.filter(deal=deal, kind="guarantor").count() == 2


def test_name_and_phone_stand_sealed_in_the_database(deal: Deal) -> None:
    add(deal)

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, phone_digest FROM deals_party")
        [row] = cursor.fetchall()
    for column in row:
        assert PHONE.encode() not in bytes(column)
        assert "陈小舟".encode() not in bytes(column)


@pytest.mark.parametrize(
    "typed", [PHONE, "186 1234 1402", "186-1234-1402", "\uff11\uff18\uff16 12341402"]
)
def test_a_phone_is_found_again_however_it_was_typed(deal: Deal, typed: str) -> None:
    party = add(deal)

    digest = digest_for_lookup(typed, organisation_id=deal.organisation_id)

    assert list(Party.objects.filter(phone_digest=digest)) == [party]


def test_another_phone_is_not_found(deal: Deal) -> None:
    add(deal)

    digest = digest_for_lookup("18612341403", organisation_id=deal.organisation_id)

    assert not Party.objects.filter(phone_digest=digest).exists()


def test_no_event_of_a_party_holds_what_was_sealed(deal: Deal) -> None:
    add(deal)

    [event] = events("party.record")
    assert PHONE not in str(event.detail)
    assert event.subject_id == deal.number


def reveal_of(party: Party, **changes: Any) -> tuple[str, str]:
    plain = {"reason": "约客户周六签字", "seen_by": party.recorded_by, "seen_at": MOMENT}
    return reveal_party(party=Party.objects.get(pk=party.pk), **{**plain, **changes})


def test_a_reveal_gives_the_plain_values_and_records_each_with_its_reason(deal: Deal) -> None:
    shown = reveal_of(add(deal))

    assert shown == ("陈小舟", PHONE)
    found = events("privacy.reveal")
    assert [event.detail["reason"] for event in found] == ["约客户周六签字"] * 2
    assert {event.detail["place"] for event in found} == {"deals_party.name", "deals_party.phone"}
    assert {event.subject_id for event in found} == {deal.number}


def test_nothing_is_revealed_without_a_reason(deal: Deal) -> None:
    party = add(deal)

    with pytest.raises(ReasonMissingError, match="写明用途"):
        reveal_of(party, reason=" ")

    assert events("privacy.reveal") == []


def test_a_party_of_another_organisation_is_not_there(
    deal: Deal, other_organisation: Organisation
) -> None:
    add(deal)

    with acting_for(other_organisation.pk):
        assert not Party.objects.exists()
        assert not Deal.objects.exists()


def test_opening_a_deal_is_recorded_with_who_did_it(deal: Deal) -> None:
    [event] = events("deal.open")

    assert (event.actor_id, event.subject_id) == (deal.advisor_id, deal.number)
    assert event.after_digest is not None
