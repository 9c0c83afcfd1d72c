from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from chedai.catalogue.queries.cursors import UnreadableCursorError, cursor_of, read_cursor
from chedai.deals.models import Deal
from chedai.deals.queries import deals_in_scope
from chedai.needs.chips import Chip, chip_from_json
from chedai.needs.facts import NeedFacts, facts_from
from chedai.needs.wording import chip_in_words
from chedai.reception.models import NeedVersion
from chedai.staff.models import User

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class NeedSheet:
    """One version of a need with its chips read."""

    version: NeedVersion
    chips: tuple[Chip, ...]

    @property
    def facts(self) -> NeedFacts:
        """The chips as facts."""
        return facts_from(self.chips)

    @property
    def is_confirmed(self) -> bool:
        """Whether the customer agreed with this very version."""
        return hasattr(self.version, "confirmation")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DealPage:
    """One page of deals and the key of the next."""

    deals: list[Deal]
    next_cursor: str


def deal_by_number(number: str, *, seen_by: User) -> Deal:
    """Get the deal, if this user may see it; else Deal.DoesNotExist."""
    return deals_in_scope(user=seen_by).select_related("store", "advisor").get(number=number)


def latest_need(deal: Deal) -> NeedSheet:
    """Get the newest version of the deal's need."""
    return sheet_of(
        NeedVersion.objects.select_related("confirmation", "recorded_by")
        .filter(deal=deal)
        .latest("number")
    )


def latest_number(deal_id: int) -> int | None:
    """Give the number of the newest version; None before anything was said."""
    newest: int | None = NeedVersion.objects.filter(deal_id=deal_id).aggregate(n=Max("number"))["n"]
    return newest


def need_by_number(deal: Deal, number: int) -> NeedSheet:
    """Get one version of the deal's need."""
    return sheet_of(
        NeedVersion.objects.select_related("confirmation").get(deal=deal, number=number)
    )


def sheet_of(version: NeedVersion) -> NeedSheet:
    """Read a stored version."""
    return NeedSheet(version, tuple(chip_from_json(plain) for plain in version.chips))


def need_history(deal: Deal, *, limit: int = 20) -> list[tuple[NeedSheet, list[Change]]]:
    """Newest first: each version with what it changed."""
    versions = list(
        NeedVersion.objects.select_related("confirmation", "recorded_by")
        .filter(deal=deal)
        .order_by("-number")[: limit + 1]
    )
    sheets = [sheet_of(v) for v in versions]
    pairs = zip(sheets, [*sheets[1:], None], strict=True)
    return [(sheet, changes(before, sheet)) for sheet, before in pairs][:limit]


def changes(before: NeedSheet | None, after: NeedSheet) -> list[Change]:
    """Say what one version changed against another, slot by slot."""
    if before is None:
        return []
    old, new = _in_words(before.chips), _in_words(after.chips)
    labels = dict.fromkeys([*old, *new])
    return [
        Change(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label) != new.get(label)
    ]


def _in_words(chips: Sequence[Chip]) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for chip in chips:
        label, text = chip_in_words(chip)
        words[label] = f"{words[label]}、{text}" if label in words else text
    return words


def deals_page(*, seen_by: User, search: str = "", cursor: str = "") -> DealPage:
    """List deals in this user's scope, newest first, by keyset.

    An ``UnreadableCursorError`` when the cursor is not ours.
    """
    deals = deals_in_scope(user=seen_by)
    if search:
        deals = deals.filter(Q(number__istartswith=search) | Q(call_name__icontains=search))
    if cursor:
        opened_at, pk = _read_cursor(cursor)
        deals = deals.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=pk))
    rows = list(
        _with_need(deals)
        .select_related("store", "advisor")
        .order_by("-opened_at", "-pk")[: PAGE_SIZE + 1]
    )
    more = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    return DealPage(
        rows[:PAGE_SIZE], cursor_of(more.opened_at.isoformat(), more.pk) if more else ""
    )


def deals_opened_since(moment: datetime, *, seen_by: User, limit: int = 12) -> list[Deal]:
    """List deals opened since ``moment``, newest first."""
    deals = deals_in_scope(user=seen_by).filter(opened_at__gte=moment)
    return list(
        _with_need(deals).select_related("store", "advisor").order_by("-opened_at", "-pk")[:limit]
    )


def deals_opened_before(moment: datetime, *, seen_by: User, limit: int = 8) -> list[Deal]:
    """List deals opened before ``moment``, newest first."""
    deals = deals_in_scope(user=seen_by).filter(opened_at__lt=moment)
    return list(
        _with_need(deals).select_related("store", "advisor").order_by("-opened_at", "-pk")[:limit]
    )


def _with_need(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    latest = NeedVersion.objects.filter(deal=OuterRef("pk")).order_by("-number")
    return deals.annotate(
        need_number=Subquery(latest.values("number")[:1]),
        need_sentence=Subquery(latest.values("sentence")[:1]),
        need_confirmed_at=Subquery(latest.values("confirmation__confirmed_at")[:1]),
    )


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    opened, pk = read_cursor(cursor, 2)
    try:
        opened_at = datetime.fromisoformat(opened)
    except ValueError as error:
        raise UnreadableCursorError(cursor) from error
    if opened_at.tzinfo is None:
        raise UnreadableCursorError(cursor)
    return opened_at, int(pk)
