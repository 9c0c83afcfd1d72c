"""Appointments: which there are, which can be made, and why one cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from chedai.core.queueing.slots import SlotRules, Span, free_slots, is_room_left
from chedai.policy.queueing import AppointmentRules, appointment_rules
from chedai.reception.models import Appointment, Reminder
from chedai.reception.queries.hours import WEEKDAYS, StoreDays, store_days, working_spans
from chedai.reception.queries.queue import local_day, policy_on
from chedai.staff.models import Store, User
from chedai.staff.scope import rows_within
from chedai.web.formats import SHANGHAI

HELD = (Appointment.State.BOOKED, Appointment.State.ARRIVED)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a time cannot be had, and the field it is about."""

    field: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A time somebody wants; ``moved`` is the appointment that would move there."""

    store: Store
    advisor: User
    kind: str
    starts_at: datetime
    moved: Appointment | None = None


@dataclass(frozen=True, kw_only=True)
class Diary:
    """One advisor's day in a store, with everything that limits new appointments."""

    days: StoreDays
    working: tuple[Span, ...]
    booked: tuple[Span, ...]
    rules: AppointmentRules

    def slot_rules(self, kind: str) -> SlotRules:
        return SlotRules(
            slot_minutes=self.rules.slot_minutes(kind),
            buffer_minutes=self.rules.buffer_minutes,
            max_per_day=self.rules.max_per_day,
            walk_in_share=self.rules.walk_in_share,
        )


def rules_on(now: datetime) -> AppointmentRules:
    return appointment_rules(policy_on(now))


def diary_of(
    *,
    store: Store,
    advisor: User,
    day: date,
    now: datetime,
    moved: Appointment | None = None,
    days: StoreDays | None = None,
) -> Diary:
    """Read an advisor's day; appointments in other stores count, one cannot be in two places.

    ``days`` is there when many days of the store are asked for.
    """
    days = days or store_days(store)
    begin = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    booked = Appointment.objects.filter(
        advisor=advisor,
        state__in=HELD,
        starts_at__gte=begin,
        starts_at__lt=begin + timedelta(days=1),
    )
    if moved is not None:
        booked = booked.exclude(pk=moved.pk)
    return Diary(
        days=days,
        working=working_spans(store=store, day=day, advisors=[advisor], opening=days.on(day))[
            advisor.pk
        ],
        booked=tuple(Span(a.starts_at, a.ends_at) for a in booked),
        rules=rules_on(now),
    )


def problem_with(wish: Wish, *, now: datetime) -> Problem | None:
    """Say why the wished time cannot be had; None when it can."""
    day = local_day(wish.starts_at)
    diary = diary_of(store=wish.store, advisor=wish.advisor, day=day, now=now, moved=wish.moved)
    slot = Span(
        wish.starts_at,
        wish.starts_at + timedelta(minutes=diary.rules.slot_minutes(wish.kind)),
    )
    for found in (
        _about_the_moment(slot, rules=diary.rules, now=now),
        _about_the_store(slot, days=diary.days, day=day),
        _about_the_advisor(slot, diary=diary, wish=wish),
    ):
        if found is not None:
            return found
    return None


def _about_the_moment(slot: Span, *, rules: AppointmentRules, now: datetime) -> Problem | None:
    if slot.starts_at <= now:
        return Problem("at", "这个时间已经过去了，请选以后的时间")
    if slot.starts_at < now + timedelta(minutes=rules.notice_min_minutes):
        return Problem(
            "at", f"最少提前 {rules.notice_min_minutes} 分钟预约；人已经在店里的，请直接取号"
        )
    latest = local_day(now) + timedelta(days=rules.horizon_days)
    if local_day(slot.starts_at) > latest:
        return Problem("day", f"最远只能约到 {rules.horizon_days} 天后（{latest:%m-%d}）")
    return None


def _about_the_store(slot: Span, *, days: StoreDays, day: date) -> Problem | None:
    opening = days.on(day)
    if opening.span is None:
        return Problem(
            "day", f"{day:%m-%d}（{WEEKDAYS[day.weekday()]}）不营业：{opening.why_closed}"
        )
    if local_day(slot.ends_at) != day:
        return Problem("at", "这个预约会跨过零点，请选早一点的时间")
    if not opening.span.holds(slot):
        hours = f"{opening.span.starts_at:%H:%M}–{opening.span.ends_at:%H:%M}"
        return Problem("at", f"不在营业时间内（{hours}），需要 {slot.minutes:.0f} 分钟")
    return None


def _about_the_advisor(slot: Span, *, diary: Diary, wish: Wish) -> Problem | None:
    name = wish.advisor.display_name
    if not any(span.holds(slot) for span in diary.working):
        return Problem("advisor", f"{name}这段时间不在班，请换时间或换顾问")
    buffer = timedelta(minutes=diary.rules.buffer_minutes)
    wide = Span(slot.starts_at - buffer, slot.ends_at + buffer)
    if any(wide.overlaps(each) for each in diary.booked):
        return Problem(
            "at",
            f"{name}这段时间已有预约（前后要留 {diary.rules.buffer_minutes} 分钟），请换一个时间",
        )
    if not is_room_left(
        booked=diary.booked, working=diary.working, rules=diary.slot_rules(wish.kind)
    ):
        share = int(diary.rules.walk_in_share * 100)
        return Problem(
            "day",
            f"{name}这天约满了：最多 {diary.rules.max_per_day} 个，"
            f"并留 {share}% 的时间给未预约的客户",
        )
    return None


def free_times(
    *, store: Store, advisor: User, kind: str, now: datetime, moved: Appointment | None = None
) -> Iterator[tuple[date, tuple[datetime, ...]]]:
    """Give the days with times that can still be had, from today to the horizon."""
    rules = rules_on(now)
    earliest_at = now + timedelta(minutes=rules.notice_min_minutes)
    days = store_days(store)
    for offset in range(rules.horizon_days + 1):
        day = local_day(now) + timedelta(days=offset)
        opening = days.on(day)
        if opening.span is None:
            continue
        diary = diary_of(store=store, advisor=advisor, day=day, now=now, moved=moved, days=days)
        inside = tuple(
            Span(max(s.starts_at, opening.span.starts_at), min(s.ends_at, opening.span.ends_at))
            for s in diary.working
            if s.overlaps(opening.span)
        )
        slots = free_slots(
            working=inside,
            booked=diary.booked,
            earliest_at=earliest_at,
            rules=diary.slot_rules(kind),
        )
        if slots:
            yield day, tuple(slot.starts_at.astimezone(SHANGHAI) for slot in slots)


# --- Those there are ---------------------------------------------------------------------------


def appointments_in_scope(*, user: User) -> QuerySet[Appointment]:
    return rows_within(Appointment.objects.all(), user).select_related("store", "advisor", "deal")


def appointment_by_id(appointment_id: int, *, seen_by: User) -> Appointment:
    """Get an appointment in the user's reach; else Appointment.DoesNotExist."""
    return appointments_in_scope(user=seen_by).get(pk=appointment_id)


def appointments_between(
    store: Store, *, starts_on: date, days: int, advisor: User | None = None
) -> list[Appointment]:
    begin = datetime.combine(starts_on, time.min, tzinfo=SHANGHAI)
    rows = Appointment.objects.filter(
        store=store, starts_at__gte=begin, starts_at__lt=begin + timedelta(days=days)
    ).select_related("advisor", "deal", "ticket")
    if advisor is not None:
        rows = rows.filter(advisor=advisor)
    return list(rows.order_by("starts_at", "pk"))


def expected_today(store: Store, *, now: datetime) -> list[Appointment]:
    """Those of the day who have not come: booked, or lapsed and perhaps still on the way."""
    day = local_day(now)
    return [
        each
        for each in appointments_between(store, starts_on=day, days=1)
        if each.state in {Appointment.State.BOOKED, Appointment.State.LAPSED}
    ]


def self_change_until(appointment: Appointment, *, now: datetime) -> datetime:
    """Until when the customer may change the appointment by the link."""
    minutes = rules_on(now).self_change_until_minutes
    return (appointment.starts_at - timedelta(minutes=minutes)).astimezone(SHANGHAI)


def reminders_to_send(*, user: User, now: datetime) -> list[Reminder]:
    """Reminders whose time has come, whether or not a worker has marked them."""
    return list(
        rows_within(
            Reminder.objects.filter(
                Q(state=Reminder.State.DUE) | Q(state=Reminder.State.WAITING, due_at__lte=now)
            ),
            user,
            store="appointment__store",
        )
        .select_related("appointment", "appointment__store", "appointment__advisor")
        .order_by("due_at", "pk")
    )


def reminders_sent(*, user: User, since: datetime) -> list[Reminder]:
    return list(
        rows_within(
            Reminder.objects.filter(state=Reminder.State.SENT, sent_at__gte=since),
            user,
            store="appointment__store",
        )
        .select_related("appointment", "appointment__store", "sent_by")
        .order_by("-sent_at")
    )


def reminder_by_id(reminder_id: int, *, seen_by: User) -> Reminder:
    """Get a reminder in the user's reach; else Reminder.DoesNotExist."""
    return (
        rows_within(Reminder.objects.all(), seen_by, store="appointment__store")
        .select_related("appointment")
        .get(pk=reminder_id)
    )


def reminder_text(reminder: Reminder, *, link: str) -> str:
    """The line for the customer: when, where, how long, what to bring, how to change it."""
    appointment = reminder.appointment
    store = appointment.store
    starts_at = appointment.starts_at.astimezone(SHANGHAI)
    minutes = int((appointment.ends_at - appointment.starts_at) / timedelta(minutes=1))
    place = f"{store.name}（{store.address}）" if store.address else store.name
    call = f"{appointment.call_name}您好，" if appointment.call_name else "您好，"
    bring = {
        Appointment.Kind.SIGNING: "请带身份证原件和银行卡。",
        Appointment.Kind.REVISIT: "上次的方案可以带来，没带也能查到。",
    }.get(Appointment.Kind(appointment.kind), "不用带证件也能先看方案。")
    return (
        f"{call}您约了{starts_at:%m月%d日 %H:%M}到{place}，大约 {minutes} 分钟。{bring}"
        f"来不了可以在这里改期或取消：{link}"
    )
