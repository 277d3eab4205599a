from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import where_due

# Terms that are owed and of whose day somebody may have to be told.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM agreements_term t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state IN ('due', 'part') AND t.due IS NOT NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_walls_of_sketch")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "agreements_term" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "agreements_term" FROM "{settings.APP_ROLE}"',
        ),
        where_due("agreements_days_due", DUE),
    ]
