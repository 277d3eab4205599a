from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, definer, grant, matter_wall

# Whoever sweeps acts for everybody: this tells in which counties something is due, and for matters that are
# restricted one of the readers who may see it; nothing of the matters. Sealed ones are nobody's.
TO_CHASE = """
  WITH RECURSIVE counties(county) AS (
    (SELECT c.county FROM clocks_clock c WHERE c.state = 'running' AND c.acts = 'lights' ORDER BY c.county LIMIT 1)
    UNION ALL
    SELECT (SELECT c.county FROM clocks_clock c WHERE c.state = 'running' AND c.acts = 'lights'
              AND c.county > before.county ORDER BY c.county LIMIT 1)
    FROM counties before WHERE before.county IS NOT NULL
  )
  SELECT here.county::text, '00000000-0000-0000-0000-000000000000'::uuid FROM counties here
  WHERE EXISTS (
    SELECT FROM clocks_clock c WHERE c.state = 'running' AND c.acts = 'lights' AND c.county = here.county
      AND c.restriction = 'open' AND COALESCE(c.chase_at, c.yellow_at, c.due_at) <= moment)
  UNION ALL
  SELECT DISTINCT here.county::text, reader.person_id FROM counties here
  JOIN clocks_clock c ON c.county = here.county AND c.restriction = 'restricted'
    AND c.state = 'running' AND c.acts = 'lights' AND COALESCE(c.chase_at, c.yellow_at, c.due_at) <= moment
  JOIN LATERAL (
    SELECT named.person_id FROM matters_namedreader named
    WHERE named.matter_id = c.matter_id AND named.until >= today ORDER BY named.person_id LIMIT 1) reader ON TRUE
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0003_facts_and_clocks"), ("matters", "0007_lights")]

    operations = [
        grant("clocks_reminder", "select, insert"),
        matter_wall("clocks_reminder"),
        belongs_to_matter("clocks_reminder"),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "clocks_clock" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "clocks_clock" FROM "{settings.APP_ROLE}"',
        ),
        definer(
            "clocks_to_chase(moment timestamptz, today date)",
            "TABLE (county text, person uuid)",
            TO_CHASE,
            language="sql",
        ),
    ]
