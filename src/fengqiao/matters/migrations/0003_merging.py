from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_walls"), ("places", "0002_grants")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (merged_into_id) ON "matters_matter" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (merged_into_id) ON "matters_matter" FROM "{settings.APP_ROLE}"',
        ),
    ]
