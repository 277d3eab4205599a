from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import where_due

# Talks of running mediations that are planned.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM mediation_sitting t JOIN matters_matter m ON m.id = t.matter_id
    JOIN mediation_mediation led ON led.id = t.mediation_id
  WHERE t.state = 'planned' AND led.ended_at IS NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state = 'mediating'
"""


class Migration(migrations.Migration):
    dependencies = [("mediation", "0007_walls_of_results")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "mediation_sitting" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "mediation_sitting" FROM "{settings.APP_ROLE}"',
        ),
        where_due("mediation_days_due", DUE),
    ]
