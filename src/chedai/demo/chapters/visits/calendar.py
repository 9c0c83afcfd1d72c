"""When things happen in the demo: two months of visits that end at the demo's own moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from chedai.demo.chapters.people import PEOPLE
from chedai.demo.chapters.vehicles import BROKERS_LENDERS
from chedai.demo.chapters.visits.customers import CustomerOnPaper, drafts_of, with_sentence
from chedai.demo.world import BROKER_CODE, GROUP_CODE
from chedai.staff.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAYS: Final = 60
TODAYS_VISITS: Final = 12
DOORS_OPEN: Final = time(9, 10)
OPEN_HOURS: Final = timedelta(hours=9)
# Spreads visits over a day without a pattern, the same at every loading.
GOLDEN: Final = 0.618_034
AT_THE_DESK: Final = timedelta(minutes=45)
BROKERS_SHARE: Final = 8  # one visit in so many
Act = tuple[float, str, int, Any]
"""Minutes after opening, act, its number, its content."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act of one visit; ``nth`` counts the acts of a kind from 1, ``detail`` is its content."""

    visit: int
    customer: CustomerOnPaper
    by: str
    organisation_code: str
    at: datetime
    act: str
    nth: int = 1
    detail: Any = None


def steps_until(now: datetime, customers: Sequence[CustomerOnPaper]) -> list[Step]:
    """Every act of every visit up to ``now``, in the order of time."""
    steps = [
        step
        for visit, customer in enumerate(customers)
        for step in _visit(visit, customer, _opened_at(visit, len(customers), now), now)
        if step.at <= now
    ]
    return sorted(steps, key=lambda step: step.at)


def _opened_at(visit: int, count: int, now: datetime) -> datetime:
    share = (visit * GOLDEN) % 1
    earlier = max(count - TODAYS_VISITS, 1)
    if visit >= earlier:
        midnight = datetime.combine(now.date(), time.min, tzinfo=now.tzinfo)
        return midnight + (now - midnight) * (0.4 + 0.5 * (visit - earlier) / TODAYS_VISITS)
    day = now.date() - timedelta(days=DAYS - visit * (DAYS - 1) // earlier)
    return datetime.combine(day, DOORS_OPEN, tzinfo=now.tzinfo) + OPEN_HOURS * share


def _visit(
    visit: int, customer: CustomerOnPaper, opened_at: datetime, now: datetime
) -> Iterator[Step]:
    # A visit of today fits into what is left of it.
    pace = min(1.0, (now - opened_at) / AT_THE_DESK)
    code, username = _advisor(visit, customer)
    for minutes, act, nth, detail in (*_at_the_desk(customer), *_afterwards(customer)):
        delay = timedelta(minutes=minutes)
        yield Step(
            visit=visit,
            customer=customer,
            by=username,
            organisation_code=code,
            at=opened_at + (delay * pace if delay < AT_THE_DESK else delay),
            act=act,
            nth=nth,
            detail=detail,
        )


def _at_the_desk(customer: CustomerOnPaper) -> Iterator[Act]:
    drafts = drafts_of(customer)
    yield 0, "open", 1, drafts[0]
    for number, draft in enumerate(drafts[1:], start=2):
        yield 2 * (number - 1), "amend", number, draft
    if customer.contact:
        yield 12, "contact", 1, customer.contact
    stages: dict[str, list[Act]] = {
        "confirmed": [(13, "confirm", len(drafts), drafts[-1])],
        "desk": [(16, "desk", 1, customer.car)],
        "pinned": [(19 + 2 * n, "pin", n, pin) for n, pin in enumerate(customer.pins, start=1)],
        "proposed": [(33, "proposal", 1, len(drafts)), (35, "download", 1, None)],
        "sent": [(38, "send", 1, None)],
    }
    for stage, acts in stages.items():
        if customer.goes_to(stage):
            yield from acts
    if customer.other:
        yield 28, "competitor", 1, customer.other


def _afterwards(customer: CustomerOnPaper) -> Iterator[Act]:
    hour, day = 60, 24 * 60
    if customer.end in ("looked", "stale", "expired"):
        yield 3 * hour, "look", 1, "page"
    if customer.end == "looked":
        yield 3 * hour + 4, "look", 2, "pdf"
        yield 27 * hour, "look", 3, "page"
    if customer.end == "revoked":
        yield day + 2 * hour, "revoke", 1, None
    if customer.then:
        drafts = drafts_of(customer)
        changed = with_sentence(drafts[-1], customer.then)
        yield 2 * day + hour, "amend", len(drafts) + 1, changed
    if customer.left:
        stayed = customer.goes_to("proposed")
        yield (3 * day + 3 * hour if stayed else 44), "withdraw", 1, customer.left


def _advisor(visit: int, customer: CustomerOnPaper) -> tuple[str, str]:
    """Say who serves the visit: the named one, or the next whose lenders have what is pinned."""
    of = {
        code: [paper.username for paper in papers if Role.ADVISOR in paper.roles]
        for code, papers in PEOPLE.items()
    }
    if customer.by:
        return next((code, customer.by) for code, names in of.items() if customer.by in names)
    wanted = {pin.product for pin in customer.pins}
    is_known = all(product.startswith(BROKERS_LENDERS) for product in wanted)
    code = BROKER_CODE if visit % BROKERS_SHARE == BROKERS_SHARE - 1 and is_known else GROUP_CODE
    return code, of[code][visit % len(of[code])]
