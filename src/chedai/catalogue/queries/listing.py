"""The product list and one product with its versions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields import DateField

from chedai.catalogue.models import (
    Amendment,
    Product,
    ProductVersion,
    Publication,
    Submission,
)
from chedai.catalogue.packs.example_prices import ExamplePrice, example_prices
from chedai.catalogue.queries.cursors import cursor_of, read_cursor
from chedai.catalogue.queries.products import product_versions_on
from chedai.core.plans.product import FAMILY_LABELS, LENDER_KIND_LABELS, ProductTerms
from chedai.staff.isolation import acting_organisation_id

if TYPE_CHECKING:
    from datetime import date

PAGE_SIZE: Final = 25
STATE_LABELS: Final = {
    "in_force": "在售",
    "future": "有待生效的版本",
    "waiting": "等待审核",
    "draft": "有草稿",
    "withdrawn": "已停办",
}
VERSION_STATE_LABELS: Final = {
    "in_force": "生效中",
    "future": "待生效",
    "ended": "已结束",
    "waiting": "等待审核",
    "rejected": "已退回",
    "draft": "草稿",
}


@dataclass(frozen=True)
class ProductFilter:
    """What the list is narrowed to; an unknown word narrows nothing."""

    lender_kind: str = ""
    family: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class ProductRow:
    """One product of the list, with what it says today."""

    product: Any
    terms: ProductTerms | None
    prices: tuple[ExamplePrice, ...]

    @property
    def badges(self) -> tuple[str, ...]:
        """States the product is in today."""
        row = self.product
        is_withdrawn = row.withdrawn_from is not None
        states = (
            ("withdrawn", is_withdrawn),
            ("in_force", self.terms is not None and not is_withdrawn),
            ("future", row.next_from is not None),
            ("waiting", row.is_waiting),
            ("draft", row.has_draft),
        )
        return tuple(state for state, holds in states if holds)


@dataclass(frozen=True)
class ProductPage:
    """A page of the list; ``next_cursor`` is empty on the last one."""

    rows: tuple[ProductRow, ...]
    next_cursor: str


@dataclass(frozen=True)
class VersionRow:
    """One version with everything that happened to it."""

    version: ProductVersion
    terms: ProductTerms
    state: str
    publication: Publication | None
    submission: Submission | None
    reason: str
    writers: tuple[str, ...]

    @property
    def state_label(self) -> str:
        """The state in Chinese."""
        return VERSION_STATE_LABELS[self.state]

    @property
    def is_editable(self) -> bool:
        """Whether it is a draft, new or sent back."""
        return self.state in {"draft", "rejected"}


def product_page(*, day: date, narrowed: ProductFilter, cursor: str = "") -> ProductPage:
    """One page of products by lender; an ``UnreadableCursorError`` when the cursor is not ours."""
    rows = _narrowed(_with_states(day), narrowed)
    if cursor:
        lender, code, pk = read_cursor(cursor, 3)
        rows = rows.filter(
            Q(lender__code__gt=lender)
            | Q(lender__code=lender, code__gt=code)
            | Q(lender__code=lender, code=code, pk__gt=int(pk))
        )
    found = list(rows.order_by("lender__code", "code", "pk")[: PAGE_SIZE + 1])
    today = {version.terms.code: version for version in product_versions_on(day)}
    shown = tuple(_row(product, today.get(product.code)) for product in found[:PAGE_SIZE])
    edge = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    next_cursor = cursor_of(edge.lender.code, edge.code, edge.pk) if edge else ""
    return ProductPage(shown, next_cursor)


def product_by_code(code: str) -> Product | None:
    """One product with its lender."""
    return (
        Product.objects.filter(organisation_id=acting_organisation_id(), code=code)
        .select_related("lender", "withdrawal__recorded_by")
        .first()
    )


def version_by_id(version_id: int) -> ProductVersion | None:
    """One version with its product and lender."""
    return (
        ProductVersion.objects.filter(organisation_id=acting_organisation_id(), pk=version_id)
        .select_related("product__lender", "based_on")
        .first()
    )


def versions_of(product: Product, *, day: date) -> tuple[VersionRow, ...]:
    """Every version of a product, newest on top, with who did what."""
    versions = (
        ProductVersion.objects.filter(product=product)
        .select_related("drafted_by", "publication__approved_by")
        .prefetch_related(
            Prefetch(
                "submissions",
                Submission.objects.select_related(
                    "submitted_by", "rejection__rejected_by"
                ).order_by("revision"),
            ),
            Prefetch(
                "amendments",
                Amendment.objects.select_related("amended_by").order_by("revision"),
            ),
        )
        .order_by("-number")
    )
    return tuple(_version_row(version, day) for version in versions)


def published_before(version: ProductVersion) -> ProductTerms | None:
    """Terms of the published version that this one follows; None for a product's earliest."""
    publication = (
        Publication.objects.filter(product_id=version.product_id)
        .exclude(version_id=version.pk)
        .filter(effective__startswith__lte=version.effective_from)
        .select_related("version")
        .order_by("-effective")
        .first()
    )
    return ProductTerms.from_json(publication.version.terms) if publication else None


def _with_states(day: date) -> QuerySet[Product]:
    answered = Q(rejection__isnull=False) | Q(publication__isnull=False)
    waiting = Submission.objects.exclude(answered)
    drafts = ProductVersion.objects.filter(
        product=OuterRef("pk"), publication__isnull=True
    ).exclude(Exists(waiting.filter(version=OuterRef("pk"))))
    later = (
        Publication.objects.filter(product=OuterRef("pk"), effective__startswith__gt=day)
        .annotate(starts_on=Func(F("effective"), function="lower", output_field=DateField()))
        .order_by("starts_on")
    )
    return (
        Product.objects.filter(organisation_id=acting_organisation_id())
        .select_related("lender")
        .annotate(
            withdrawn_from=F("withdrawal__withdrawn_from"),
            is_in_force=Exists(
                Publication.objects.filter(product=OuterRef("pk"), effective__contains=day)
            ),
            next_from=Subquery(later.values("starts_on")[:1]),
            is_waiting=Exists(waiting.filter(version__product=OuterRef("pk"))),
            has_draft=Exists(drafts),
        )
    )


def _narrowed(rows: QuerySet[Product], narrowed: ProductFilter) -> QuerySet[Product]:
    if narrowed.lender_kind in LENDER_KIND_LABELS:
        rows = rows.filter(lender__kind=narrowed.lender_kind)
    if narrowed.family in FAMILY_LABELS:
        rows = rows.filter(family=narrowed.family)
    if narrowed.state in _STATE_CONDITIONS:
        rows = rows.filter(_STATE_CONDITIONS[narrowed.state])
    for word in narrowed.text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(code__icontains=word) | Q(lender__name__icontains=word)
        )
    return rows


_STATE_CONDITIONS: Final = {
    "in_force": Q(is_in_force=True, withdrawal__isnull=True),
    "future": Q(next_from__isnull=False),
    "waiting": Q(is_waiting=True),
    "draft": Q(has_draft=True),
    "withdrawn": Q(withdrawal__isnull=False),
}


def _row(product: Product, version: Any) -> ProductRow:
    if version is None:
        return ProductRow(product, None, ())
    return ProductRow(product, version.terms, _priced(version.version_id, version.terms))


class _ById:
    """Terms hashed by the version that says them: a published version never changes."""

    def __init__(self, version_id: str, terms: ProductTerms) -> None:
        self.version_id, self.terms = version_id, terms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.version_id == self.version_id

    def __hash__(self) -> int:
        return hash(self.version_id)


def _priced(version_id: str, terms: ProductTerms) -> tuple[ExamplePrice, ...]:
    return _priced_by_id(_ById(version_id, terms))


@lru_cache(maxsize=1024)
def _priced_by_id(key: _ById) -> tuple[ExamplePrice, ...]:
    return example_prices(key.terms)


def _version_row(version: ProductVersion, day: date) -> VersionRow:
    publication = getattr(version, "publication", None)
    submissions = list(version.submissions.all())
    submission = submissions[-1] if submissions else None
    rejection = getattr(submission, "rejection", None)
    writers = dict.fromkeys(
        amendment.amended_by.display_name for amendment in version.amendments.all()
    )
    return VersionRow(
        version=version,
        terms=ProductTerms.from_json(version.terms),
        state=_version_state(publication, submission, rejection, day),
        publication=publication,
        submission=submission,
        reason=rejection.reason if rejection else "",
        writers=tuple(writers),
    )


def _version_state(publication: Any, submission: Any, rejection: Any, day: date) -> str:
    if publication is not None:
        if publication.effective.lower > day:
            return "future"
        upper = publication.effective.upper
        return "in_force" if upper is None or upper > day else "ended"
    if rejection is not None:
        return "rejected"
    return "draft" if submission is None else "waiting"
