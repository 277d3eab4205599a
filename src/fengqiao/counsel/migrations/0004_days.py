from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import where_due

# Consultations that were called and not signed.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM counsel_consultation t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state = 'called' AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('settled', 'visited', 'evaluated', 'closed', 'archived')
"""


class Migration(migrations.Migration):
    dependencies = [("counsel", "0003_walls_of_teams")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "counsel_consultation" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "counsel_consultation" FROM "{settings.APP_ROLE}"',
        ),
        where_due("counsel_days_due", DUE),
    ]
