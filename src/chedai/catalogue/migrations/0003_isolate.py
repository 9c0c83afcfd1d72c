"""Organisations never see one another's catalogue."""

from django.db import migrations

from chedai.staff.isolation import EnableIsolation

MODELS = (
    "Lender",
    "Product",
    "ProductVersion",
    "Amendment",
    "Submission",
    "Rejection",
    "Publication",
    "ProductWithdrawal",
    "CatalogueRevision",
    "Vehicle",
    "VehiclePrice",
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_guarantees")]
    operations = [EnableIsolation(name) for name in MODELS]
