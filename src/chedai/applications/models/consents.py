from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

USER = settings.AUTH_USER_MODEL


class LenderConsent(models.Model):
    """The customer's own yes, to one lender, for one purpose, for so long."""

    class Kind(models.TextChoices):
        SHARING = "sharing", "资料提供同意书"
        CREDIT = "credit", "征信查询授权书"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="consents")
    lender = models.ForeignKey("catalogue.Lender", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What the paper says, word for word: a lender's change of name is another consent.
    lender_legal_name = models.CharField(max_length=120)
    purpose = models.CharField("用途", max_length=80)
    signed_on = models.DateField("签署日期")
    expires_on = models.DateField("有效期至")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["sharing", "credit"]), name="lender_consent_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("signed_on")), name="lender_consent_lasts"
            ),
        ]
        indexes = [models.Index(fields=["deal", "lender", "kind"], name="lender_consent_of_deal")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.kind} {self.lender_legal_name} #{self.pk}"


class LenderConsentWithdrawal(models.Model):
    """The customer took the yes back."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    consent = models.OneToOneField(
        LenderConsent, on_delete=models.PROTECT, related_name="withdrawal"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.consent_id} withdrawn"
