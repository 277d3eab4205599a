from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, where_due

# Parties' own time to go to a court, of which whoever keeps the matter reminds them.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM clocks_clock t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state = 'running' AND t."limit" IN ('mediation.confirm_apply', 'mediation.enforce_apply')
    AND t.due_at IS NOT NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0005_restricted_readers"), ("matters", "0010_replays")]

    operations = [
        grant("clocks_daytold", "select, insert"),
        matter_wall("clocks_daytold"),
        belongs_to_matter("clocks_daytold"),
        where_due("clocks_days_due", DUE),
    ]
