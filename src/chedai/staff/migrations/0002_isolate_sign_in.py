"""The tables of sessions and of allauth, behind the same wall as the users they belong to."""

from django.db import migrations

from chedai.staff.isolation.tables import policy_statements

OF_USER = 'EXISTS (SELECT FROM staff_user WHERE staff_user.id = {column})'
CONDITIONS = {
    # Nobody acts for an organisation while the session is read: see chedai.staff.sessions.
    'django_session': 'chedai_directory()',
    'account_emailaddress': OF_USER.format(column='user_id'),
    'account_emailconfirmation': (
        'EXISTS (SELECT FROM account_emailaddress e WHERE e.id = email_address_id)'
    ),
    'mfa_authenticator': OF_USER.format(column='user_id'),
}
CACHE = """
    CREATE TABLE staff_cache (
        cache_key varchar(255) PRIMARY KEY,
        value text NOT NULL,
        expires timestamptz NOT NULL
    );
    CREATE INDEX staff_cache_expires ON staff_cache (expires);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0001_initial'),
        ('sessions', '0001_initial'),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for table, condition in CONDITIONS.items()
            for statement in policy_statements(
                table, condition=condition, is_in_directory=False
            )
        ),
        migrations.RunSQL(CACHE, 'DROP TABLE staff_cache'),
    ]
