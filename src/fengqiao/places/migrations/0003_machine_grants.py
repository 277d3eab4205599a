from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import grant

SEQUENCE = "allauth_idp_oidc_token_id_seq"


class Migration(migrations.Migration):
    dependencies = [("places", "0002_grants")]

    # A client is never removed, and of what it may do nothing is added later: it can only be ended.
    operations = [
        grant("places_machineclient", "select, insert"),
        grant("places_machineclient", "update (ended_at, ended_by_id)"),
        grant("allauth_idp_oidc_client", "select, insert"),
        grant("allauth_idp_oidc_client", "update (grant_types, secret)"),
        grant("allauth_idp_oidc_token", "select, insert, delete"),
        migrations.RunSQL(
            f'GRANT USAGE ON SEQUENCE {SEQUENCE} TO "{settings.APP_ROLE}"',
            f'REVOKE ALL ON SEQUENCE {SEQUENCE} FROM "{settings.APP_ROLE}"',
        ),
    ]
