from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import grant

SEQUENCE = "socialaccount_socialaccount_id_seq"


class Migration(migrations.Migration):
    """Who somebody is at a provider elsewhere. Providers come from the environment, tokens are not kept."""

    dependencies = [("accounts", "0002_grants"), ("socialaccount", "0006_alter_socialaccount_extra_data")]

    operations = [
        grant("socialaccount_socialaccount", "select, insert, update, delete"),
        grant("socialaccount_socialapp", "select"),
        # Django looks for tokens before it lets go of an account; there are never any.
        grant("socialaccount_socialtoken", "select, delete"),
        migrations.RunSQL(
            f'GRANT USAGE ON SEQUENCE {SEQUENCE} TO "{settings.APP_ROLE}"',
            f'REVOKE ALL ON SEQUENCE {SEQUENCE} FROM "{settings.APP_ROLE}"',
        ),
    ]
