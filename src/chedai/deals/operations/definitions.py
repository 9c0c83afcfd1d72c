"""Publishing process definitions: checked, numbered, never changed."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import yaml
from django.db import transaction

from chedai.audit.operations import digest_of, record
from chedai.core.process.checking import Problem
from chedai.deals.models import ProcessDefinition
from chedai.deals.queries.processes import latest_definition
from chedai.policy.book import PolicyBook
from chedai.policy.processes import shipped_text
from chedai.policy.processes.reading import DefinitionRefusedError, read_definition
from chedai.staff.models import Organisation, User
from chedai.staff.roles import Role

ROLES = frozenset(str(role) for role in Role)


@cache
def known_sources() -> frozenset[str]:
    """Name the laws and rules a definition may cite."""
    return frozenset(PolicyBook.load().sources)


@transaction.atomic
def publish_definition(
    *, organisation_id: int, text: str, published_by: User | None, published_at: datetime
) -> ProcessDefinition:
    """Publish a version for deals opened from now on; running deals keep theirs.

    Raises
    ------
    DefinitionRefusedError
        A fault, each with its place; or the version is not the one after the latest.
    """
    # The organisation's row makes two publications wait for each other.
    Organisation.objects.select_for_update().get(pk=organisation_id)
    definition, plain = read_definition(text, roles=ROLES, source_ids=known_sources())
    latest = latest_definition(definition.code)
    wanted = latest.version + 1 if latest else 1
    if definition.version != wanted:
        message = f"这一版应编为 {wanted}，文件里写的是 {definition.version}"
        raise DefinitionRefusedError([Problem(place="version", message=message)])
    row = ProcessDefinition.objects.create(
        organisation_id=organisation_id,
        code=definition.code,
        version=definition.version,
        content=plain,
        digest=(digest_of(plain) or b"").hex(),
        published_at=published_at,
        published_by=published_by,
    )
    if published_by is not None:  # what is shipped is nobody's act
        record(
            organisation_id=organisation_id,
            actor=published_by,
            action="process.publish",
            subject_type="process",
            subject_id=f"{row.code} v{row.version}",
            after=plain,
            at=published_at,
        )
    return row


def definition_for_new_deals(*, organisation_id: int, at: datetime) -> ProcessDefinition:
    """Find the latest version, or publish the one that is shipped."""
    return latest_definition() or publish_definition(
        organisation_id=organisation_id, text=shipped_text(), published_by=None, published_at=at
    )


def plain_text(row: ProcessDefinition) -> str:
    """Give a stored definition as text to edit."""
    return yaml.safe_dump(row.content, allow_unicode=True, sort_keys=False, width=110)
