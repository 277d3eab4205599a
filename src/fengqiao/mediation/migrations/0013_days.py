from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from fengqiao.accounts.walls import where_due

# Talks of running mediations that are planned.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM mediation_sitting t JOIN matters_matter m ON m.id = t.matter_id
    JOIN mediation_mediation led ON led.id = t.mediation_id
  WHERE t.state = 'planned' AND led.ended_at IS NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state = 'mediating'
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("mediation", "0012_talks_to_come")]

    operations = [
        migrations.AddField("sitting", "chase_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("sitting", "recorded_at", models.DateTimeField(blank=True, null=True)),
        AddIndexConcurrently(
            "sitting",
            models.Index(
                condition=models.Q(("state", "planned")),
                fields=["county", "chase_at"],
                name="talk_chased",
            ),
        ),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "mediation_sitting" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "mediation_sitting" FROM "{settings.APP_ROLE}"',
        ),
        where_due("mediation_days_due", DUE),
    ]
