from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class DeskSetup(models.Model):
    """What the advisor set on the desk for one deal, beyond what the need says."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.OneToOneField("deals.Deal", on_delete=models.PROTECT, related_name="desk_setup")
    # Rises with every change; a form made on an older one is refused.
    revision = models.PositiveIntegerField(default=1)
    vehicle = models.ForeignKey("catalogue.Vehicle", on_delete=models.PROTECT, null=True)
    vehicle_price_fen = models.BigIntegerField()
    down_payment_fen = models.BigIntegerField()
    down_payment_step_fen = models.BigIntegerField()
    terms_months = ArrayField(models.PositiveSmallIntegerField(), size=3)
    vehicle_condition = models.CharField(max_length=8)
    power = models.CharField(max_length=12)
    vehicle_use = models.CharField(max_length=12)
    prepayment_month = models.PositiveSmallIntegerField(null=True)
    # Fittings, insurance and services bought with the car, and what of them is added to the loan.
    add_ons_fen = models.BigIntegerField(default=0)
    add_ons_financed_fen = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(vehicle_price_fen__gt=0), name="desk_price_positive"
            ),
            models.CheckConstraint(
                condition=Q(down_payment_fen__gte=0, down_payment_fen__lte=F("vehicle_price_fen")),
                name="desk_down_payment_within_price",
            ),
            models.CheckConstraint(
                condition=Q(down_payment_step_fen__gt=0), name="desk_step_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    add_ons_financed_fen__gte=0, add_ons_financed_fen__lte=F("add_ons_fen")
                ),
                name="desk_add_ons_financed_within_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} r{self.revision}"


class PinnedPlan(models.Model):
    """A plan the advisor put into place A, B or C, with the reason given."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="pinned_plans")
    letter = models.CharField(max_length=1)
    product_version_id = models.BigIntegerField()
    term_months = models.PositiveSmallIntegerField()
    down_payment_fen = models.BigIntegerField()
    reason = models.CharField("理由", max_length=120)
    pinned_at = models.DateTimeField()
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "letter"], name="pin_letter_once"),
            models.CheckConstraint(
                condition=Q(letter__in=["A", "B", "C"]), name="pin_letter_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pin_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.letter}"


class CompetitorOffer(models.Model):
    """Another store's offer as the customer told it; kept as typed."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey(
        "deals.Deal", on_delete=models.PROTECT, related_name="competitor_offers"
    )
    form_key = models.UUIDField()
    typed = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "form_key"], name="offer_form_once")
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.recorded_at:%Y-%m-%d}"
