from django.db import migrations

from fengqiao.accounts.walls import grant

# The tables of the libraries we use, each with what it needs and no more.
RIGHTS = {
    "django_content_type": "select, insert",
    "django_session": "select, insert, update, delete",
    "auth_permission": "select",
    "auth_group": "select",
    "account_emailaddress": "select, insert, update, delete",
    "account_emailconfirmation": "select, insert, update, delete",
    "mfa_authenticator": "select, insert, update, delete",
    "procrastinate_jobs": "select, insert, update, delete",
    "procrastinate_periodic_defers": "select, insert, update, delete",
    "procrastinate_events": "select, insert, update, delete",
    "procrastinate_workers": "select, insert, update, delete",
    "django_migrations": "select",
}

# The cache shared by the processes (lock-out counts in it).
CACHE = """
CREATE TABLE IF NOT EXISTS shared_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS shared_cache_expires ON shared_cache (expires);
"""


def grant_sequences(apps, schema_editor):  # type: ignore[no-untyped-def]
    """The identity columns of those tables draw from sequences of their own."""
    from django.conf import settings

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(s.relname) FROM pg_class s JOIN pg_depend d ON d.objid = s.oid "
            "JOIN pg_class t ON t.oid = d.refobjid "
            "WHERE s.relkind = 'S' AND t.relname = ANY (%s)",
            [[*RIGHTS, "places_departmentservice", "places_residence"]],
        )
        for (sequence,) in cursor.fetchall():
            cursor.execute(f'GRANT USAGE ON SEQUENCE {sequence} TO "{settings.APP_ROLE}"')


class Migration(migrations.Migration):
    dependencies = [
        ("account", "__latest__"),
        ("accounts", "0002_grants"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "__latest__"),
        ("places", "0002_grants"),
        ("procrastinate", "__latest__"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE shared_cache"),
        grant("shared_cache", "select, insert, update, delete"),
        *(grant(table, rights) for table, rights in RIGHTS.items()),
        migrations.RunPython(grant_sequences, migrations.RunPython.noop),
    ]
