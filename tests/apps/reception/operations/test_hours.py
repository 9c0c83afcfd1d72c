from __future__ import annotations

from datetime import date, time

import pytest
from tests.apps.reception.conftest import WEEK, at, clock_time

from chedai.audit.models import AuditEvent
from chedai.reception.models import Absence, QueueLinkRevocation, Shift, StoreDay, StoreHours
from chedai.reception.operations.hours import (
    ShiftOverlapsError,
    make_link,
    record_absence,
    record_shift,
    remove_absence,
    remove_shift,
    remove_store_day,
    revoke_queue_link,
    set_store_day,
    set_store_hours,
)
from chedai.reception.queries.hours import opening_on, present_ids, working_spans

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def test_the_week_is_replaced_as_a_whole(open_store, manager):
    closed_on_sunday = {**WEEK, 6: None}
    set_store_hours(store=open_store, hours=closed_on_sunday, set_by=manager, set_at=at(0))

    assert StoreHours.objects.filter(store=open_store).count() == 6
    assert opening_on(open_store, date(2026, 11, 29)).why_closed == "周日休息"
    assert AuditEvent.objects.filter(action="store.set_hours").count() == 2


def test_a_public_holiday_is_closed_until_somebody_says_otherwise(open_store, manager):
    first = date(2026, 10, 1)
    assert opening_on(open_store, first).why_closed == "国庆节放假"

    row = set_store_day(
        store=open_store,
        day=first,
        opens=time(10),
        closes=time(16),
        reason="国庆照常营业",
        recorded_by=manager,
        recorded_at=at(0),
    )
    opening = opening_on(open_store, first)
    assert opening.span is not None
    assert (opening.span.starts_at.hour, opening.span.ends_at.hour) == (10, 16)

    remove_store_day(row=row, removed_by=manager, removed_at=at(1))
    assert opening_on(open_store, first).span is None
    assert not StoreDay.objects.exists()


def test_a_year_that_is_not_published_is_open_as_usual_and_says_so(open_store):
    opening = opening_on(open_store, date(2027, 1, 1))

    assert opening.span is not None
    assert "2027" in opening.note


def test_a_store_without_hours_says_that_they_are_not_set(acting, store):
    opening = opening_on(store, MONDAY)

    assert (opening.span, opening.is_set) == (None, False)


def test_without_shifts_everybody_works_while_the_store_is_open(open_store, advisor, colleague):
    assert present_ids(store=open_store, now=at(0)) == {advisor.pk, colleague.pk}
    assert present_ids(store=open_store, now=clock_time(18, 1)) == frozenset()


def test_with_a_shift_only_those_on_shift_work(open_store, advisor, colleague, manager):
    shift = record_shift(
        store=open_store,
        advisor=advisor,
        day=MONDAY,
        starts=time(9),
        ends=time(12),
        recorded_by=manager,
        recorded_at=at(0),
    )
    assert present_ids(store=open_store, now=at(0)) == {advisor.pk}

    remove_shift(shift=shift, removed_by=manager, removed_at=at(1))
    assert colleague.pk in present_ids(store=open_store, now=at(0))
    assert not Shift.objects.exists()


def test_an_advisor_works_in_one_place_at_a_time(open_store, advisor, manager):
    plan = {"store": open_store, "advisor": advisor, "day": MONDAY, "recorded_by": manager}
    record_shift(starts=time(9), ends=time(12), recorded_at=at(0), **plan)
    record_shift(starts=time(12), ends=time(18), recorded_at=at(0), **plan)

    with pytest.raises(ShiftOverlapsError, match="已经有班"):
        record_shift(starts=time(11, 59), ends=time(12, 30), recorded_at=at(0), **plan)


def test_an_absence_is_cut_out_of_the_day(open_store, advisor, manager):
    absence = record_absence(
        advisor=advisor,
        kind="sick",
        starts_at=clock_time(9),
        ends_at=clock_time(17),
        recorded_by=manager,
        recorded_at=at(0),
    )
    spans = working_spans(store=open_store, day=MONDAY, advisors=[advisor])[advisor.pk]
    assert [(s.starts_at.hour, s.ends_at.hour) for s in spans] == [(17, 18)]

    # Why somebody is away does not go into the chain.
    assert "kind" not in AuditEvent.objects.get(action="absence.record").detail
    remove_absence(absence=absence, removed_by=manager, removed_at=at(1))
    assert not Absence.objects.exists()


def test_a_link_is_taken_back_once(open_store, manager):
    link = make_link(kind="wall", store=open_store, created_by=manager, created_at=at(0))
    for minute in (1, 2):
        revoke_queue_link(link=link, revoked_by=manager, revoked_at=at(minute))

    assert QueueLinkRevocation.objects.get(link=link).revoked_at == at(1)
    assert AuditEvent.objects.filter(action="queue_link.revoke").count() == 1
