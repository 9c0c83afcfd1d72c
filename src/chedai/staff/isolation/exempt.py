"""The tables without row-level security, each with its reason. Nothing else may be here."""

from __future__ import annotations

from typing import Final

EXEMPT_TABLES: Final[dict[str, str]] = {
    "django_migrations": "which migrations ran; no organisation's content",
    "django_content_type": "names of models; no organisation's content",
    "auth_permission": "names of permissions nobody uses; no organisation's content",
    "auth_group": "empty: roles are ours, not Django's groups",
    "auth_group_permissions": "empty: roles are ours, not Django's groups",
    "staff_cache": "counters of sign-in attempts under hashed keys, before anybody is known",
    "procrastinate_jobs": "the queue is shared; arguments are numbers of rows, never content",
    "procrastinate_events": "times at which jobs moved",
    "procrastinate_periodic_defers": "times at which periodic jobs were queued",
    "procrastinate_workers": "heartbeats of worker processes",
}

# Read by the application role, written only by functions of the owner.
READ_ONLY_TABLES: Final = (
    "audit_event",
    "audit_lane",
    "audit_checkpoint",
    "django_migrations",
)
