"""What the database refuses even when the operations are gone around."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from tests.apps.catalogue.conftest import TODAY
from tests.factories import MOMENT

from chedai.catalogue.models import (
    Amendment,
    Product,
    ProductVersion,
    Publication,
    Submission,
)
from chedai.staff.isolation import acting_for
from chedai.staff.models import Organisation, User

Make = Callable[..., ProductVersion]


def refused(constraint: str, statement: str, *values: object) -> None:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    assert_refused(constraint, run)


def publish_by_hand(version: ProductVersion, by: User, **changes: Any) -> Publication:
    fields = {
        "organisation_id": version.organisation_id,
        "product_id": version.product_id,
        "version": version,
        "submission": Submission.objects.filter(version=version).first(),
        "effective": DateRange(TODAY, None),
        "approved_at": MOMENT,
        "approved_by": by,
    }
    return Publication.objects.create(**(fields | changes))


def assert_refused(constraint: str, act: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    diagnosis: Any = error.value.__cause__
    assert diagnosis.diag.constraint_name == constraint


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_productversion SET terms = '{}' WHERE id = %s",
        "UPDATE catalogue_productversion SET effective_from = '2020-01-01' WHERE id = %s",
        "DELETE FROM catalogue_productversion WHERE id = %s",
    ],
)
@pytest.mark.parametrize("state", ["submitted", "published"])
def test_a_submitted_or_published_version_does_not_change(
    state: str, statement: str, request: pytest.FixtureRequest
) -> None:
    version = request.getfixturevalue(state)()

    refused("version_settled", statement, version.pk)


def test_a_draft_keeps_its_writer(draft: Make, second_manager: User) -> None:
    version = draft()

    refused(
        "version_identity",
        "UPDATE catalogue_productversion SET drafted_by_id = %s WHERE id = %s",
        second_manager.pk,
        version.pk,
    )


def test_published_versions_of_one_product_never_overlap(
    published: Make, submitted: Make, compliance: User
) -> None:
    published()
    other = submitted(effective_from=TODAY + timedelta(days=5))

    assert_refused("publication_never_overlaps", lambda: publish_by_hand(other, compliance))


def test_versions_of_different_products_may_hold_on_the_same_days(
    published: Make, submitted: Make, compliance: User
) -> None:
    published()
    other = submitted(code="qinghe-other")

    assert publish_by_hand(other, compliance).pk


@pytest.mark.parametrize(
    "change",
    [
        "approved_by_id = approved_by_id + 1",
        "effective = daterange(lower(effective) - 1, upper(effective))",
        "effective = daterange(lower(effective) + 1, upper(effective))",
        "approved_at = approved_at + interval '1 day'",
    ],
)
def test_of_a_publication_only_the_last_day_comes_nearer(change: str, published: Make) -> None:
    version = published()

    refused(
        "publication_stays",
        f"UPDATE catalogue_publication SET {change} WHERE version_id = %s",
        version.pk,
    )


def test_a_last_day_that_came_nearer_does_not_go_away_again(published: Make) -> None:
    version = published()
    published(effective_from=TODAY + timedelta(days=9))

    refused(
        "publication_stays",
        "UPDATE catalogue_publication SET effective = daterange(lower(effective), NULL)"
        " WHERE version_id = %s",
        version.pk,
    )


def test_a_publication_is_never_deleted(published: Make) -> None:
    refused(
        "publication_stays",
        "DELETE FROM catalogue_publication WHERE version_id = %s",
        published().pk,
    )


def test_the_writer_does_not_publish(submitted: Make, manager: User) -> None:
    version = submitted()

    assert_refused("publication_four_eyes", lambda: publish_by_hand(version, manager))


def test_whoever_wrote_a_revision_in_between_does_not_publish(
    draft: Make, manager: User, compliance: User
) -> None:
    version = draft()
    Amendment.objects.create(
        organisation_id=version.organisation_id,
        version=version,
        revision=2,
        amended_at=MOMENT,
        amended_by=compliance,
    )
    submit(version, manager, revision=1)

    assert_refused("publication_four_eyes", lambda: publish_by_hand(version, compliance))


def test_what_was_not_submitted_as_it_stands_is_not_published(
    draft: Make, manager: User, compliance: User
) -> None:
    version = draft()
    submit(version, manager, revision=4)

    assert_refused("publication_as_submitted", lambda: publish_by_hand(version, compliance))


def test_a_submission_of_another_version_does_not_count(
    draft: Make, submitted: Make, compliance: User
) -> None:
    waiting, other = submitted(), draft()

    assert_refused(
        "publication_as_submitted",
        lambda: publish_by_hand(
            other, compliance, submission=Submission.objects.get(version=waiting)
        ),
    )


@pytest.mark.parametrize("table", ["amendment", "submission"])
def test_what_happened_is_not_rewritten(table: str, submitted: Make) -> None:
    submitted()

    refused("row_is_history", f"UPDATE catalogue_{table} SET revision = 9")
    refused("row_is_history", f"DELETE FROM catalogue_{table}")


def test_another_organisation_sees_and_touches_nothing(
    published: Make, other_organisation: Organisation
) -> None:
    published()

    with acting_for(other_organisation.pk):
        assert not Product.objects.exists()
        assert not Publication.objects.exists()
        assert ProductVersion.objects.update(revision=9) == 0


def submit(version: ProductVersion, by: User, *, revision: int) -> None:
    Submission.objects.create(
        organisation_id=version.organisation_id,
        version=version,
        revision=revision,
        submitted_at=MOMENT,
        submitted_by=by,
    )
