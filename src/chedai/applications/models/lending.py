from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from chedai.privacy.fields import EncryptedTextField

USER = settings.AUTH_USER_MODEL


class LenderConnection(models.Model):
    """How this organisation reaches a lender; only what is listed here is ever sent to."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    lender = models.OneToOneField(
        "catalogue.Lender", on_delete=models.PROTECT, related_name="connection"
    )
    channel = models.CharField("方式", max_length=16)
    # "sandbox:" stands for the lender sandbox of this installation, wherever it listens.
    base_url = models.CharField("地址", max_length=200)
    secret = EncryptedTextField(null=True, blank=True)
    # Told by the lender itself, kept so that a form does not wait for the network.
    capabilities = models.JSONField(default=dict)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    # The breaker: after so many silences in a row nothing is sent for a while.
    failures_in_a_row = models.PositiveSmallIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.lender_id} {self.channel}"


class ApplicantSheet(models.Model):
    """What lenders ask about the people of a deal, one version after the other."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField("版本")
    # Names of FIELDS; what identifies a person is in ``sealed`` alone.
    values = models.JSONField(default=dict)
    sealed = EncryptedTextField()
    sealed_names = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "number"], name="applicant_sheet_once")
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} v{self.number}"


class DealFile(models.Model):
    """A paper of the deal: its kind, its digest, its bytes sealed; the same bytes once."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="files")
    type = models.CharField("种类", max_length=40)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    content = EncryptedTextField(mask="all")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "type", "sha256"], name="deal_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.type} {self.sha256[:8]}"


class Submission(models.Model):
    """One application at one lender, as it was sent."""

    organisation = models.ForeignKey(
        "staff.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="submissions")
    connection = models.ForeignKey(LenderConnection, on_delete=models.PROTECT)
    lender = models.ForeignKey("catalogue.Lender", on_delete=models.PROTECT, related_name="+")
    # Known to the lender; of no meaning to anybody else.
    reference = models.CharField(max_length=40, unique=True)
    form_key = models.UUIDField()
    product_name = models.CharField(max_length=80)
    principal_fen = models.BigIntegerField()
    term_months = models.PositiveSmallIntegerField()
    monthly_payment_fen = models.BigIntegerField()
    nominal_rate_annual = models.DecimalField(max_digits=12, decimal_places=10)
    pack = EncryptedTextField(mask="all")
    pack_digest = models.CharField(max_length=64)
    need_number = models.PositiveIntegerField()
    reapplication_note = models.CharField("再次进件的说明", max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "form_key"], name="submission_form_once"
            ),
            models.CheckConstraint(
                condition=Q(principal_fen__gt=0) & Q(term_months__gt=0),
                name="submission_amounts_possible",
            ),
        ]
        indexes = [models.Index(fields=["deal", "-id"], name="submission_of_deal")]

    def __str__(self) -> str:
        return self.reference


class SubmissionEvent(models.Model):
    """What the lender said happened, in its own order; each once."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    event_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    body = models.JSONField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=10, choices=[("callback", "通知"), ("poll", "查询")])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sequence"], name="submission_event_once"
            ),
            models.UniqueConstraint(
                fields=["submission", "event_id"], name="submission_event_id_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.sequence} {self.kind}"


class OutboxMessage(models.Model):
    """One thing to say to a lender: written with the act, sent until it counted."""

    class Act(models.TextChoices):
        SUBMIT = "submit", "进件"
        ANSWER = "answer", "补件"
        ACCEPT = "accept", "接受方案"
        CONFIRM_DISCLOSURE = "confirm_disclosure", "确认已签明示表"
        CONFIRM_SIGNING = "confirm_signing", "确认已签合同"
        WITHDRAW = "withdraw", "撤回"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="messages")
    act = models.CharField(max_length=20, choices=Act.choices)
    # Sent with every try: at the lender it counts once.
    key = models.CharField(max_length=64)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_trouble = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "key"], name="outbox_key_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(given_up_at__isnull=True),
                name="outbox_done_or_given_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "next_try_at"],
                condition=Q(done_at__isnull=True, given_up_at__isnull=True),
                name="outbox_due",
            ),
            models.Index(
                fields=["organisation", "-given_up_at"],
                condition=Q(given_up_at__isnull=False),
                name="outbox_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.act}"


class CallbackNonce(models.Model):
    """A signature seen once; kept as long as its moment could still pass."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    connection = models.ForeignKey(LenderConnection, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "nonce"], name="callback_nonce_once")
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.nonce}"
