from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

DIGEST_LENGTH = 64


class ProposalCounter(models.Model):
    """The latest proposal number of an organisation; the row lock makes numbers gapless."""

    organisation = models.OneToOneField(
        "staff.Organisation", on_delete=models.PROTECT, primary_key=True
    )
    latest = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.latest}"


class Proposal(models.Model):
    """What one customer was shown on one day; never changed, re-created from ``inputs``."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="proposals")
    number = models.CharField("方案编号", max_length=16)
    need_version = models.PositiveIntegerField()
    # Car, need, the full terms of every product version, engine and policy versions …
    inputs = models.JSONField()
    # … and what they gave: what the customer's page shows as long as a link lives.
    sheet = models.JSONField()
    # The form that made it: sent twice, it makes one proposal.
    form_key = models.UUIDField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="proposal_number_once"),
            models.UniqueConstraint(fields=["organisation", "form_key"], name="proposal_form_once"),
        ]
        indexes = [models.Index(fields=["deal", "-created_at"], name="proposal_by_deal")]

    def __str__(self) -> str:
        return self.number


class ProposalSeal(models.Model):
    """What a printed code stands for; read before the organisation is known, so it says no more."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="seal")
    sheet_digest = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        # A printed code is the beginning of the digest.
        indexes = [
            models.Index(
                fields=["sheet_digest"], name="proposal_by_code", opclasses=["varchar_pattern_ops"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.sheet_digest[:16]}"


class ProposalPrint(models.Model):
    """The PDF that was handed out, kept as evidence, with what its bytes depend on."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="printed")
    pdf_compressed = models.BinaryField()
    pdf_digest = models.CharField(max_length=DIGEST_LENGTH)
    layout_digest = models.CharField(max_length=DIGEST_LENGTH)
    font_digest = models.CharField(max_length=DIGEST_LENGTH)
    typesetter = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.pdf_digest[:12]}"


class ProposalLink(models.Model):
    """An address for the customer; only the digest of its token is known here."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="links")
    token_digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="proposal_link_lives"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.token_digest[:12]}"


class ProposalLinkRevocation(models.Model):
    """The link was taken back before its day: a row, not a flag."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    link = models.OneToOneField(ProposalLink, on_delete=models.PROTECT, related_name="revocation")
    revoked_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.link_id} {self.revoked_at:%Y-%m-%d}"


class ProposalLinkOpening(models.Model):
    """Somebody with the link looked; who it was is not known and not asked."""

    class Kind(models.TextChoices):
        PAGE = "page", "看了页面"
        PDF = "pdf", "下载了 PDF"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    link = models.ForeignKey(ProposalLink, on_delete=models.PROTECT, related_name="openings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["page", "pdf"]), name="proposal_opening_kind_known"
            )
        ]
        indexes = [models.Index(fields=["link", "-opened_at"], name="proposal_opening_latest")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.kind}"
