"""The chain of events. Rows are written by functions of the database owner only."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what to what, when: one link of one lane of an organisation's chain."""

    organisation_id = models.BigIntegerField()
    lane = models.SmallIntegerField()
    # Position in the lane, from 1 without gaps.
    seq = models.BigIntegerField()
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField("操作人", max_length=64)
    action = models.CharField("动作", max_length=64)
    subject_type = models.CharField("对象类型", max_length=32)
    subject_id = models.CharField("对象", max_length=64)
    before_digest = models.BinaryField(null=True)
    after_digest = models.BinaryField(null=True)
    # Never personal content: numbers of rows, names of fields, reasons from a list.
    detail = models.JSONField(default=dict)
    algorithm = models.CharField(max_length=16, default="sha256")
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_event"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "lane", "seq"], name="audit_event_place_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-at", "-id"], name="audit_event_newest"),
            models.Index(
                fields=["organisation_id", "subject_type", "subject_id", "-at", "-id"],
                name="audit_event_of_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.lane}/{self.seq}"


class AuditLane(models.Model):
    """The head of one lane; whoever appends holds its row until commit."""

    organisation_id = models.BigIntegerField()
    lane = models.SmallIntegerField()
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_lane"
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "lane"], name="audit_lane_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.lane}"


class AuditCheckpoint(models.Model):
    """All heads of an organisation at one moment, in one digest to keep elsewhere."""

    organisation_id = models.BigIntegerField()
    number = models.BigIntegerField("序号")
    at = models.DateTimeField("时间")
    # lane → [seq, hash in hexadecimal]
    heads = models.JSONField()
    prev_digest = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        db_table = "audit_checkpoint"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "number"], name="audit_checkpoint_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.number}"
