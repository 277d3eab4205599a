from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    """What is said of an import's cells is in the language of who asked last, for a check or for the import."""

    dependencies = [("exchange", "0007_queue_figures")]

    operations = [
        # Not walls.grant: its way back would take every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (language) ON exchange_importrun TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (language) ON exchange_importrun FROM "{settings.APP_ROLE}"',
        )
    ]
