"""Store hours are read by deadlines of deals as well: their tables move below reception."""

from django.db import migrations

FORWARDS = """
ALTER TABLE reception_storehours RENAME TO deals_storehours;
ALTER TABLE reception_storeday RENAME TO deals_storeday;
"""
BACKWARDS = """
ALTER TABLE deals_storehours RENAME TO reception_storehours;
ALTER TABLE deals_storeday RENAME TO reception_storeday;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reception', '0003_queue'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='StoreHours'),
                migrations.DeleteModel(name='StoreDay'),
            ],
            database_operations=[migrations.RunSQL(FORWARDS, BACKWARDS)],
        ),
    ]
