from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class NeedVersion(models.Model):
    """What the customer needs, as understood at one moment; versions are never changed."""

    class Channel(models.TextChoices):
        DESK = "desk", "到店"
        PHONE = "phone", "电话"
        WECHAT = "wechat", "微信"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="needs")
    number = models.PositiveSmallIntegerField("版本")
    sentence = models.TextField("原话")
    chips = models.JSONField()
    # Keys of questions answered with "makes no difference": not asked again.
    answered = models.JSONField(default=list)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.DESK)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "number"], name="need_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="need_number_from_one"),
            models.CheckConstraint(
                condition=Q(channel__in=["desk", "phone", "wechat"]), name="need_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} v{self.number}"


class NeedConfirmation(models.Model):
    """The customer heard the need read back and said yes."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    need = models.OneToOneField(NeedVersion, on_delete=models.PROTECT, related_name="confirmation")
    read_back = models.TextField("复述")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.need_id} confirmed"


class NeedVoice(models.Model):
    """What one of two people buying together said; the latest of each speaker counts."""

    class Speaker(models.TextChoices):
        CUSTOMER = "customer", "来办的人"
        PARTNER = "partner", "一起买的人"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey("deals.Deal", on_delete=models.PROTECT, related_name="voices")
    speaker = models.CharField(max_length=10, choices=Speaker.choices)
    sentence = models.TextField("原话")
    chips = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__in=["customer", "partner"]), name="need_voice_speaker_known"
            ),
        ]
        indexes = [models.Index(fields=["deal", "speaker", "-id"], name="need_voice_newest")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.speaker} #{self.pk}"
