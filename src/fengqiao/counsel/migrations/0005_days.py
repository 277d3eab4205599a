from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from fengqiao.accounts.walls import where_due

# Consultations that were called and not signed.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM counsel_consultation t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state = 'called' AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('settled', 'visited', 'evaluated', 'closed', 'archived')
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("counsel", "0004_walls_of_teams")]

    operations = [
        migrations.AddField("consultation", "chase_at", models.DateTimeField(blank=True, null=True)),
        AddIndexConcurrently(
            "consultation",
            models.Index(
                condition=models.Q(("state", "called")),
                fields=["county", "chase_at"],
                name="consultation_chased",
            ),
        ),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "counsel_consultation" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "counsel_consultation" FROM "{settings.APP_ROLE}"',
        ),
        where_due("counsel_days_due", DUE),
    ]
