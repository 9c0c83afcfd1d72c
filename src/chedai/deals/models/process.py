from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chedai.deals.models.deal import Deal

USER = settings.AUTH_USER_MODEL


class ProcessDefinition(models.Model):
    """One published version of a process; never changed, for running deals keep theirs."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    code = models.CharField("代码", max_length=32)
    version = models.PositiveIntegerField("版本")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField("发布时间")
    # None: shipped with the program.
    published_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "version"], name="definition_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class ProcessRun(models.Model):
    """The process of one deal; whoever changes it holds this row."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="process")
    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT)
    # What is known of the deal that tasks depend on: {"vehicle_condition": "used"}.
    facts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.deal_id}: process"


class TaskOccurrence(models.Model):
    """One opening of one task; done anew, it is another row of a higher round."""

    class State(models.TextChoices):
        OPEN = "open", "待办"
        TO_APPROVE = "to_approve", "待复核"
        DONE = "done", "完成"
        SKIPPED = "skipped", "略过"
        DROPPED = "dropped", "作废"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="tasks")
    run = models.ForeignKey(ProcessRun, on_delete=models.PROTECT, related_name="tasks")
    task_code = models.CharField(max_length=40)
    stage_code = models.CharField(max_length=40)
    label = models.CharField("任务", max_length=60)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    # Whether it still counts: going back sets it aside, finished or not.
    is_current = models.BooleanField(default=True)
    owner_role = models.CharField(max_length=16)
    # None: anybody of the role may take it.
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="tasks", null=True)
    move = models.CharField("等谁", max_length=10)
    waiting_reason = models.CharField("等什么", max_length=200, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    house_due_at = models.DateTimeField("本店期限")
    statutory_due_at = models.DateTimeField("法定期限", null=True)
    # The earlier of the two.
    due_at = models.DateTimeField("期限")
    is_due_provisional = models.BooleanField(default=False)
    # When we must act next: the deadline, or earlier if somebody else's silence is to be broken.
    act_at = models.DateTimeField()
    escalate_at = models.DateTimeField(null=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    outcome = models.CharField("结果", max_length=40, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    # None with a moment: the system did it (a task that does not apply, a process that ended).
    settled_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    settle_key = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "task_code", "round"], name="task_round_once"),
            models.UniqueConstraint(
                fields=["run", "task_code"],
                condition=Q(is_current=True),
                name="task_current_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "to_approve", "done", "skipped", "dropped"]),
                name="task_state_known",
            ),
            models.CheckConstraint(
                condition=Q(move__in=["us", "customer", "lender", "registry"]),
                name="task_move_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "to_approve"], settled_at__isnull=True)
                | Q(state__in=["done", "skipped", "dropped"], settled_at__isnull=False),
                name="task_settled_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("opened_at")),
                name="task_settled_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(due_at__lte=F("house_due_at")) & Q(act_at__lte=F("due_at")),
                name="task_clocks_in_order",
            ),
        ]
        # The whole pipeline is read in this order; only what is open is in these.
        indexes = [
            models.Index(
                fields=["organisation", *fields, "act_at", "id"],
                condition=Q(state__in=["open", "to_approve"]),
                name=name,
            )
            for fields, name in (
                ([], "task_next"),
                (["store"], "task_next_of_store"),
                (["owner"], "task_next_of_owner"),
                (["stage_code"], "task_next_of_stage"),
                (["move"], "task_next_of_move"),
                (["store", "move"], "task_next_of_store_move"),
                (["store", "stage_code"], "task_next_of_store_stage"),
            )
        ] + [
            models.Index(
                fields=["organisation", "escalate_at"],
                condition=Q(state__in=["open", "to_approve"], escalate_at__isnull=False),
                name="task_to_escalate",
            ),
            models.Index(
                fields=["organisation", "due_at", "id"],
                condition=Q(state__in=["open", "to_approve"], escalation_level__gt=0),
                name="task_escalated",
            ),
            models.Index(
                fields=["organisation", "act_at", "id"],
                condition=Q(state="to_approve"),
                name="task_to_approve",
            ),
            models.Index(fields=["deal", "-id"], name="task_of_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.task_code} #{self.round}"


class TaskApproval(models.Model):
    """The second pair of eyes: agreed, or sent back."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    task = models.ForeignKey(TaskOccurrence, on_delete=models.PROTECT, related_name="approvals")
    finished_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    is_approved = models.BooleanField()
    reason = models.CharField("意见", max_length=200, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("finished_by")), name="approval_by_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.is_approved}"


class TaskEscalation(models.Model):
    """A delay that was brought to somebody's notice, once for each level."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    task = models.ForeignKey(TaskOccurrence, on_delete=models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    to_role = models.CharField(max_length=16)
    escalated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "level"], name="escalation_level_once")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} level {self.level}"


class ProcessEvent(models.Model):
    """What happened in a process, in order; the database lets nobody change or remove it."""

    class Kind(models.TextChoices):
        STARTED = "started", "流程开始"
        OPENED = "opened", "打开"
        FINISHED = "finished", "提交复核"
        RETURNED = "returned", "复核退回"
        DONE = "done", "完成"
        SKIPPED = "skipped", "略过"
        DROPPED = "dropped", "作废"
        WENT_BACK = "went_back", "退回重办"
        MOVED = "moved", "改为等待"
        REASSIGNED = "reassigned", "转交"
        ESCALATED = "escalated", "升级"
        ENDED = "ended", "流程结束"

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="process_events")
    task = models.ForeignKey(
        TaskOccurrence, on_delete=models.PROTECT, related_name="events", null=True
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    task_code = models.CharField(max_length=40, blank=True)
    stage_code = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    # Whose move it is from here on; empty when nothing is open by this event.
    move = models.CharField(max_length=10, blank=True)
    # Outcome, reason, names of roles: never personal content.
    detail = models.JSONField(default=dict)
    happened_at = models.DateTimeField("时间")
    happened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["deal", "id"], name="process_event_of_deal"),
            models.Index(
                fields=["organisation", "happened_at", "id"], name="process_event_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.kind} {self.task_code}"
