from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import where_due

# Half hours of lawyers that were given.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM pool_appointment t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state = 'booked' AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    dependencies = [("pool", "0005_walls_of_market")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "pool_appointment" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "pool_appointment" FROM "{settings.APP_ROLE}"',
        ),
        where_due("pool_days_due", DUE),
    ]
