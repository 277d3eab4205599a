from django.db import migrations

from fengqiao.accounts.walls import definer

# For the operator's alarms, who sees no county: how many wait or failed, and nothing of whose or of what.
FIGURES = """
  SELECT 'webhook', status::text, count(*) FROM exchange_delivery WHERE status = 'waiting' GROUP BY status
  UNION ALL
  SELECT 'webhook', status::text, count(*) FROM exchange_delivery WHERE status = 'dead' GROUP BY status
  UNION ALL
  SELECT 'export', state::text, count(*) FROM exchange_exportrun
  WHERE state IN ('ordered', 'writing') GROUP BY state
  UNION ALL
  SELECT 'import', state::text, count(*) FROM exchange_importrun
  WHERE state IN ('checking', 'ordered', 'running') GROUP BY state
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_import_walls")]

    operations = [
        definer("queue_figures()", "TABLE (queue text, state text, number bigint)", FIGURES, language="sql")
    ]
