"""Products with a past, a present and, for some, a future: each drafted, submitted, approved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from chedai.catalogue.models import Lender, Product, ProductVersion
from chedai.catalogue.operations import (
    approve_version,
    draft_version,
    reject_version,
    submit_version,
    withdraw_product,
)
from chedai.catalogue.packs.products import PackLender, packed_versions
from chedai.catalogue.packs.text import decode_pack, read_pack
from chedai.core.plans.product import ProductTerms
from chedai.demo.chapters.vehicles import lender_packs
from chedai.demo.world import (
    BROKER_CODE,
    GROUP_CODE,
    PACKS,
    World,
    key_of,
    organisation_of,
    person,
)
from chedai.staff.isolation import acting_for, directory_window
from chedai.web.clock import SHANGHAI

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chedai.staff.models import User


@dataclass(frozen=True)
class Hands:
    """Who writes and who approves, by user name."""

    writer: str
    approver: str


@dataclass(frozen=True)
class ComingVersion:
    """A version on its way: rates move by ``rate_change``, from ``days_ahead`` on."""

    code: str
    rate_change: Decimal
    days_ahead: int
    fate: str
    reason: str = ""


HANDS: Final = {
    GROUP_CODE: Hands("shen.mo", "fang.zheng"),
    BROKER_CODE: Hands("zhong.ming", "wen.jing"),
}
COMING: Final = (
    ComingVersion("wangchuan-standard", Decimal("-0.0010"), 8, "published"),
    ComingVersion("xinghe-standard", Decimal("-0.0020"), 18, "published"),
    ComingVersion("yunling-seven-year", Decimal("-0.0015"), 8, "waiting"),
    ComingVersion("xinghe-low", Decimal("0.0050"), 38, "waiting"),
    ComingVersion("chengyuan-standard", Decimal("0.0010"), 20, "waiting"),
    ComingVersion("hengzhou-leaseback", Decimal("-0.0030"), 15, "draft"),
    ComingVersion(
        "luming-leaseback", Decimal("0.0200"), 10, "rejected", "涨幅过大,请附机构的调价函再提交"
    ),
)
WITHDRAWN: Final = ("hepu-seasonal", "林区春耕贷款季结束,机构停办")


def tell(world: World) -> None:
    for code, hands in HANDS.items():
        with directory_window():
            organisation = organisation_of(code)
        with acting_for(organisation.pk):
            writer, approver = person(hands.writer), person(hands.approver)
            for path in lender_packs(code):
                _publish_pack(path.stem, writer, approver, world)
            for coming in COMING:
                _bring_forward(coming, writer, approver, world)
            _withdraw(writer, world)


def _publish_pack(lender_code: str, writer: User, approver: User, world: World) -> None:
    lender = Lender.objects.get(organisation_id=writer.organisation_id, code=lender_code)
    pack = read_pack(decode_pack((PACKS / "products" / f"{lender_code}.yaml").read_bytes()))
    known = set(
        ProductVersion.objects.filter(
            product__lender=lender, publication__isnull=False
        ).values_list("form_key", flat=True)
    )
    of_lender = PackLender(code=lender.code, name=lender.name, kind=lender.kind)
    for packed in packed_versions(pack, lender=of_lender):
        key = key_of(writer.organisation_id, packed.terms.code, packed.effective_from)
        if key in known:
            continue
        # Written and approved on the day before, as if the demo had been in use all year.
        at = min(_at_ten(packed.effective_from - timedelta(days=1)), world.now)
        version = _submitted(lender, packed.terms, packed.effective_from, key, writer, at)
        approve_version(version=version, expected_revision=version.revision, by=approver, at=at)


def _bring_forward(coming: ComingVersion, writer: User, approver: User, world: World) -> None:
    product = (
        Product.objects.filter(organisation_id=writer.organisation_id, code=coming.code)
        .select_related("lender")
        .first()
    )
    key = key_of(writer.organisation_id, coming.code, coming.fate)
    if product is None or _is_settled(key, coming.fate):
        return
    latest = product.versions.filter(publication__isnull=False).order_by("-number")[0]
    terms = _moved(ProductTerms.from_json(latest.terms), coming.rate_change)
    effective_from = world.now.date() + timedelta(days=coming.days_ahead)
    if coming.fate == "draft":
        draft_version(
            lender=product.lender,
            terms=terms,
            effective_from=effective_from,
            form_key=key,
            based_on=latest,
            by=writer,
            at=world.now,
        )
        return
    version = _submitted(product.lender, terms, effective_from, key, writer, world.now)
    if coming.fate == "published":
        approve_version(
            version=version, expected_revision=version.revision, by=approver, at=world.now
        )
    if coming.fate == "rejected":
        reject_version(
            version=version,
            reason=coming.reason,
            expected_revision=version.revision,
            by=approver,
            at=world.now,
        )


def _is_settled(key: UUID, fate: str) -> bool:
    """Whether an earlier loading brought the version where it is to be."""
    done = {
        "published": {"publication__isnull": False},
        "waiting": {"submissions__isnull": False},
        "rejected": {"submissions__rejection__isnull": False},
        "draft": {},
    }[fate]
    return ProductVersion.objects.filter(form_key=key, **done).exists()


def _submitted(
    lender: Lender,
    terms: ProductTerms,
    effective_from: date,
    key: UUID,
    writer: User,
    at: datetime,
) -> ProductVersion:
    version, _ = draft_version(
        lender=lender,
        terms=terms,
        effective_from=effective_from,
        form_key=key,
        by=writer,
        at=at,
    )
    submit_version(version=version, expected_revision=version.revision, by=writer, at=at)
    return version


def _moved(terms: ProductTerms, rate_change: Decimal) -> ProductTerms:
    offers = tuple(
        replace(offer, nominal_rate_annual=offer.nominal_rate_annual + rate_change)
        if offer.nominal_rate_annual is not None
        else offer
        for offer in terms.offers
    )
    return replace(terms, offers=offers)


def _withdraw(writer: User, world: World) -> None:
    code, reason = WITHDRAWN
    product = Product.objects.filter(organisation_id=writer.organisation_id, code=code).first()
    if product is not None:
        withdraw_product(
            product=product,
            withdrawn_from=world.now.date(),
            reason=reason,
            by=writer,
            at=world.now,
        )


def _at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=SHANGHAI)
