from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from chedai.privacy.fields import EncryptedTextField


class DealCounter(models.Model):
    """The latest deal number of an organisation; the row lock makes numbers gapless."""

    organisation = models.OneToOneField(
        "staff.Organisation", on_delete=models.PROTECT, primary_key=True
    )
    latest = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.latest}"


class Deal(models.Model):
    """One customer, one car, from reception to settlement."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deals"
    )
    number = models.CharField("单号", max_length=16)
    # What the advisor calls the customer; no identity until the customer wants one.
    call_name = models.CharField("称呼", max_length=20, blank=True)
    opened_at = models.DateTimeField("开单时间")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # The form that opened it: sent twice, it opens one deal.
    form_key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="deal_number_once"),
            models.UniqueConstraint(fields=["organisation", "form_key"], name="deal_form_once"),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "advisor", "-opened_at", "-id"], name="deal_by_advisor"
            ),
            models.Index(
                fields=["organisation", "store", "-opened_at", "-id"], name="deal_by_store"
            ),
            models.Index(fields=["organisation", "-opened_at", "-id"], name="deal_by_day"),
        ]

    def __str__(self) -> str:
        return self.number


class Withdrawal(models.Model):
    """The customer left: a row, not a flag."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.OneToOneField(Deal, on_delete=models.PROTECT)
    reason = models.CharField("原因", max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.reason}"


class Party(models.Model):
    """A person in the deal, known only once that person agreed to be."""

    class Kind(models.TextChoices):
        BORROWER = "borrower", "主贷人"
        CO_BORROWER = "co_borrower", "共借人"
        GUARANTOR = "guarantor", "担保人"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = EncryptedTextField(mask="name")
    phone = EncryptedTextField(mask="phone")
    phone_digest = models.BinaryField(max_length=32)
    # Said aloud and ticked by the advisor: may be kept for this purpose.
    agreed_purpose = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "kind"], condition=Q(kind="borrower"), name="party_one_borrower"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["borrower", "co_borrower", "guarantor"]),
                name="party_kind_known",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "phone_digest"], name="party_by_phone")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.kind}"
