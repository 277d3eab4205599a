from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from fengqiao.accounts.walls import where_due

# Terms that are owed and of whose day somebody may have to be told.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM agreements_term t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state IN ('due', 'part') AND t.due IS NOT NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("agreements", "0005_walls_of_sketch")]

    operations = [
        migrations.AddField("term", "chase_at", models.DateTimeField(blank=True, null=True)),
        AddIndexConcurrently(
            "term",
            models.Index(
                condition=models.Q(("state__in", ("due", "part"))),
                fields=["county", "chase_at"],
                name="term_chased",
            ),
        ),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "agreements_term" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "agreements_term" FROM "{settings.APP_ROLE}"',
        ),
        where_due("agreements_days_due", DUE),
    ]
