from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.factories import MOMENT

from chedai.demo.chapters.visits.calendar import DAYS, TODAYS_VISITS, steps_until
from chedai.demo.chapters.visits.customers import customers_in
from chedai.demo.world import BROKER_CODE, PACKS

CUSTOMERS = customers_in(PACKS / "customers")


def test_visits_fill_two_months_and_end_today() -> None:
    opened = [step.at for step in steps_until(MOMENT, CUSTOMERS) if step.act == "open"]

    assert len(opened) == len(CUSTOMERS)
    assert (MOMENT.date() - min(opened).date()).days == DAYS
    assert sum(at.date() == MOMENT.date() for at in opened) == TODAYS_VISITS


@pytest.mark.parametrize("hour", [0, 10, 23])
def test_no_act_lies_in_the_future_and_acts_of_a_visit_keep_their_order(hour: int) -> None:
    now = datetime.combine(MOMENT.date(), MOMENT.time().replace(hour=hour), MOMENT.tzinfo)

    steps = steps_until(now, CUSTOMERS)

    assert max(step.at for step in steps) <= now
    made: dict[int, list[str]] = {}
    for step in steps:
        made.setdefault(step.visit, []).append(step.act)
    assert all(acts[0] == "open" for acts in made.values())
    assert all(
        acts.index("proposal") < acts.index("send") for acts in made.values() if "send" in acts
    )


def test_the_same_moment_gives_the_same_steps() -> None:
    assert steps_until(MOMENT, CUSTOMERS) == steps_until(MOMENT, CUSTOMERS)


def test_everything_at_the_desk_of_today_happened_already() -> None:
    shortly_after_midnight = MOMENT.replace(hour=0, minute=5)

    of_now, later = (
        sum(step.act == "proposal" for step in steps_until(moment, CUSTOMERS))
        for moment in (shortly_after_midnight, shortly_after_midnight + timedelta(hours=12))
    )

    assert of_now == later


def test_every_store_and_at_least_twelve_advisors_serve() -> None:
    steps = steps_until(MOMENT, CUSTOMERS)

    assert len({step.by for step in steps}) >= 12
    assert any(step.organisation_code == BROKER_CODE for step in steps)
