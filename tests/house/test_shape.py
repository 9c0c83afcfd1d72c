"""Every step has the same file names and no others; what happened says when and by whom."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import SRC, python_files, report, shown, tree_of

STEPS = (
    *("catalogue", "deals", "reception", "qualification", "planning", "applications"),
    *("aftercare", "commissions", "academy", "insight"),
)
STEP_NAMES = {
    *("__init__", "apps", "admin", "migrations", "templates", "static"),
    *("management", "templatetags"),
    *("models", "queries", "operations", "forms", "views", "api", "tasks", "urls"),
}

# What a package holds beyond the shape, and why.
BEYOND_THE_SHAPE = {
    "catalogue/packs": "reads and writes product packs: text in, values out, no database",
}

# Moments without a person, and why; "ModelName.field".
MOMENTS_WITHOUT_A_PERSON = {
    "Absence.ends_at": "a plan, made with `recorded_at` by the same person",
    "Absence.starts_at": "a plan, made with `recorded_at` by the same person",
    "Appointment.ends_at": "a plan; who booked or moved it is in its changes",
    "Appointment.starts_at": "a plan; who booked or moved it is in its changes",
    "AppointmentChange.stood_at": "where the appointment stood before; whose change: `recorded_by`",
    "AuditEvent.at": "the person is `actor_id` and `actor_label`: a number that outlives the row",
    "AuditCheckpoint.at": "sealed by a job of the database, not by a person",
    "TaskEscalation.escalated_at": "a timer noticed it, nobody did it",
    "TaskOccurrence.act_at": "computed from the deadlines",
    "TaskOccurrence.due_at": "computed from the definition",
    "TaskOccurrence.escalate_at": "computed from the deadline",
    "TaskOccurrence.house_due_at": "computed from the definition",
    "TaskOccurrence.statutory_due_at": "computed from the law",
    "Organisation.opened_at": "opened by the installation, before any person exists",
    "CallbackNonce.seen_at": "the lender's machine said it; no person takes part",
    "LenderConnection.resting_until": "the breaker opened by itself after so many silences",
    "OutboxMessage.done_at": "a job sent it; whose message: `created_by`",
    "OutboxMessage.given_up_at": "a job gave it up; whose message: `created_by`",
    "OutboxMessage.next_try_at": "computed by the job that sends",
    "SubmissionEvent.occurred_at": "the lender says when; it names no person of its own",
    "PlannedJob.ends_at": "a plan, made with the `made_at` of its version",
    "PlannedJob.starts_at": "a plan, made with the `made_at` of its version",
    "PlanLock.starts_at": "a plan, made with `locked_at` by the same person",
    "ProposalLink.expires_at": "set with `created_at` by the same person; time does the rest",
    "ProposalLinkOpening.opened_at": "whoever has the link; who that is is not asked",
    "Reminder.due_at": "follows from the appointment and the policy book",
    "Shift.ends_at": "a plan, made with `recorded_at` by the same person",
    "Shift.starts_at": "a plan, made with `recorded_at` by the same person",
    "Ticket.called_at": "by `advisor`, and by the row of `TicketEvent`",
    "Ticket.ended_at": "by whom is in the row of `TicketEvent`",
    "Ticket.queued_at": "by whom is in the row of `TicketEvent`",
    "Ticket.started_at": "by `advisor`, and by the row of `TicketEvent`",
    "User.joined_at": "kept by the audit event of whoever added the user",
}


def strangers(package: Path, *, allowed: set[str]) -> list[str]:
    """List the files and folders a step may not have."""
    names = {path.name for path in package.iterdir()} - {"__pycache__"}
    return sorted(name for name in names if name.removesuffix(".py") not in allowed)


def model_fields(tree: ast.Module) -> dict[str, dict[str, str]]:
    """Return, for each class, its fields and the names of the calls that make them."""
    return {
        node.name: {
            target.id: statement.value.func.attr
            for statement in node.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Call)
            and isinstance(statement.value.func, ast.Attribute)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


def nameless_moments(tree: ast.Module) -> list[str]:
    """List the moments (`_at`) of models that do not say by whom (`_by`)."""
    return [
        f"{model}.{field}"
        for model, fields in model_fields(tree).items()
        for field, kind in fields.items()
        if kind == "DateTimeField"
        if not field.endswith("_at") or f"{field.removesuffix('_at')}_by" not in fields
    ]


def test_every_step_has_only_the_known_file_names():
    found = []
    for step in STEPS:
        if not (SRC / step).is_dir():
            continue
        extra = {p.split("/")[1] for p in BEYOND_THE_SHAPE if p.startswith(f"{step}/")}
        found += [f"{step}/{name}" for name in strangers(SRC / step, allowed=STEP_NAMES | extra)]

    assert not found, report(found, "Put it into one of the known files, or list it with reason:")


def test_every_moment_names_the_person():
    models = [p for p in python_files(SRC) if p.stem == "models" or p.parent.name == "models"]
    found = [
        f"{shown(path)}: {moment}"
        for path in models
        for moment in nameless_moments(tree_of(path))
        if moment not in MOMENTS_WITHOUT_A_PERSON
    ]

    assert models
    assert not found, report(found, "Name it `<act>_at` and add `<act>_by`, or list the reason:")


def test_a_ninth_kind_of_file_is_found(tmp_path):
    for name in ("models.py", "services.py"):
        (tmp_path / name).touch()
    (tmp_path / "views").mkdir()

    assert strangers(tmp_path, allowed=STEP_NAMES) == ["services.py"]


def test_a_moment_without_a_person_is_found():
    tree = ast.parse(
        "class Signing(Model):\n"
        "    signed_at = models.DateTimeField()\n"
        "    opened_at = models.DateTimeField()\n"
        "    opened_by = models.ForeignKey('staff.User')\n"
        "    moment = models.DateTimeField()\n"
    )

    assert nameless_moments(tree) == ["Signing.signed_at", "Signing.moment"]
