from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import where_due

# Days that courts set in cases that they have.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM confirmation_courtnote t JOIN matters_matter m ON m.id = t.matter_id
    JOIN confirmation_courtcase c ON c.id = t.case_id
  WHERE t.until IS NOT NULL AND t.action IN ('ask_more', 'hear')
    AND c.state IN ('filed', 'docketed', 'asked') AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    dependencies = [("confirmation", "0002_walls")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "confirmation_courtnote" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "confirmation_courtnote" FROM "{settings.APP_ROLE}"',
        ),
        where_due("confirmation_days_due", DUE),
    ]
