"""The number that tells every process that what may be sold has changed."""

from django.db import connection

from chedai.catalogue.models import CatalogueRevision


def bump_revision(organisation_id: int) -> None:
    """Give the organisation's catalogue a number that no other change ever had or will have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('catalogue_revision_seq')")
        [revision] = cursor.fetchone()
    CatalogueRevision.objects.update_or_create(
        organisation_id=organisation_id, defaults={"revision": revision}
    )
