from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, definer, grant, matter_wall

# Whoever sweeps acts for everybody: this tells in which counties somebody has to be reminded, and for matters that are
# restricted one of the readers who may see it; nothing of the matters. Sealed ones are nobody's. The partial indexes on
# (county, chase_at) hold only what is still to be chased.
TO_CHASE = """
  WITH due AS (
    SELECT county, restriction, matter_id FROM leading_instruction WHERE chase_at <= moment AND ended_at IS NULL
    UNION ALL
    SELECT county, restriction, matter_id FROM leading_keymatter WHERE chase_at <= moment AND ended_at IS NULL
  )
  SELECT DISTINCT due.county::text, '00000000-0000-0000-0000-000000000000'::uuid FROM due WHERE restriction = 'open'
  UNION
  SELECT due.county::text, reader.person_id FROM due
  JOIN LATERAL (
    SELECT named.person_id FROM matters_namedreader named
    WHERE named.matter_id = due.matter_id AND named.until >= today ORDER BY named.person_id LIMIT 1) reader ON TRUE
  WHERE due.restriction = 'restricted'
"""


class Migration(migrations.Migration):
    dependencies = [("leading", "0002_walls"), ("matters", "0010_replays")]

    operations = [
        grant(
            "leading_instruction",
            "select, insert, update (state, since, due_on, warn_on, ended_at, chase_at)",
        ),
        grant(
            "leading_instructionanswer",
            "select, insert, update (verdict, reasons, decided_by_id, decided_at)",
        ),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "leading_keymatter" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "leading_keymatter" FROM "{settings.APP_ROLE}"',
        ),
        *(
            each
            for table in ("leading_instruction", "leading_instructionanswer")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
        definer(
            "leading_to_chase(moment timestamptz, today date)",
            "TABLE (county text, person uuid)",
            TO_CHASE,
            language="sql",
        ),
    ]
