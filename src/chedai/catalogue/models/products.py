from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from chedai.core.plans.product import FAMILY_LABELS, LENDER_KIND_LABELS

BIG = models.BigIntegerField()


class Lender(models.Model):
    """Who puts up the money, as this organisation knows it."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    code = models.CharField("代码", max_length=40)
    name = models.CharField("简称", max_length=60)
    kind = models.CharField("机构类型", max_length=24, choices=LENDER_KIND_LABELS.items())
    # What contracts, disclosure forms and fee receipts must show.
    legal_name = models.CharField("全称", max_length=120)
    note = models.CharField("说明", max_length=200, blank=True)
    service_phone = models.CharField("客服电话", max_length=30, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="lender_code_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(LENDER_KIND_LABELS)), name="lender_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Product(models.Model):
    """What stays the same while versions follow each other."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    lender = models.ForeignKey(Lender, on_delete=models.PROTECT, related_name="products")
    code = models.CharField("产品代码", max_length=60)
    # Of the newest version written, for lists and search; the version's terms decide.
    name = models.CharField("产品名称", max_length=80)
    family = models.CharField("产品类型", max_length=24, choices=FAMILY_LABELS.items())
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="product_code_once"),
            models.CheckConstraint(
                condition=Q(family__in=list(FAMILY_LABELS)), name="product_family_known"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "lender"], name="product_by_lender")]

    def __str__(self) -> str:
        return self.code


class ProductVersion(models.Model):
    """One wording of a product. It changes while it is a draft, never once it is submitted."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    terms = models.JSONField("产品内容", encoder=DjangoJSONEncoder)
    # Wished for; the publication says from when it really holds.
    effective_from = models.DateField("生效日")
    # Rises with every amendment; a form made on an older one is refused.
    revision = models.PositiveIntegerField(default=1)
    # The form that drafted it: sent twice, it drafts one version.
    form_key = models.UUIDField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["organisation", "form_key"], name="version_form_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} v{self.number}"


class Amendment(models.Model):
    """Who wrote which revision; whoever wrote any of them cannot approve."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="amendments")
    revision = models.PositiveIntegerField()
    amended_at = models.DateTimeField()
    amended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "revision"], name="amendment_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} r{self.revision}"


class Submission(models.Model):
    """A draft handed to a second person; answered by a publication or a rejection."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    version = models.ForeignKey(
        ProductVersion, on_delete=models.PROTECT, related_name="submissions"
    )
    revision = models.PositiveIntegerField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "revision"], name="submission_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} r{self.revision} {self.submitted_at:%Y-%m-%d}"


class Rejection(models.Model):
    """The second person said no, and why; the draft may be amended and submitted again."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT)
    reason = models.CharField("退回原因", max_length=300)
    rejected_at = models.DateTimeField()
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rejection_has_reason")]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.reason}"


class Publication(models.Model):
    """A version in force on the days of ``effective``; approved by somebody who wrote none of it.

    The upper bound shrinks when a later version follows; nothing else of the row ever changes.
    """

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="publications")
    version = models.OneToOneField(ProductVersion, on_delete=models.PROTECT)
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT)
    effective = DateRangeField("有效期")
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            # One product says one thing on any day. The id as a range of one spares an extension.
            ExclusionConstraint(
                name="publication_never_overlaps",
                expressions=[
                    (
                        Func(
                            Cast(F("product"), BIG),
                            Cast(F("product"), BIG),
                            Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("effective", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="publication_has_a_first_day",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "product"], name="publication_by_product")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.effective}"


class ProductWithdrawal(models.Model):
    """The product is no longer offered from this day on; its versions stay readable."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_from = models.DateField("停办日")
    reason = models.CharField("停办原因", max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="product_withdrawal_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.withdrawn_from}"


class CatalogueRevision(models.Model):
    """A number that is new after every change of what may be sold; caches are keyed by it.

    Drawn from a sequence, so that a rolled-back change never lends its number to another one.
    """

    organisation = models.OneToOneField(
        "staff.Organisation", on_delete=models.PROTECT, primary_key=True
    )
    revision = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.revision}"
