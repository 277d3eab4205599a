from django.db import migrations

from fengqiao.accounts.walls import definer

# A changed calendar moves the limits of restricted matters too. This tells for a county who may read those whose
# limits touch these days, one reader a matter; nothing of the matters. Sealed ones are nobody's.
READERS = """
  SELECT DISTINCT reader.person_id FROM clocks_clock c
  JOIN LATERAL (
    SELECT named.person_id FROM matters_namedreader named
    WHERE named.matter_id = c.matter_id AND named.until >= today ORDER BY named.person_id LIMIT 1) reader ON TRUE
  WHERE c.county = wanted AND c.restriction = 'restricted' AND c.state <> 'void'
    AND c.started_at < upto AND c.due_at > since
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0004_reminders"), ("matters", "0007_lights")]

    operations = [
        definer(
            "clocks_restricted_readers(wanted text, since timestamptz, upto timestamptz, today date)",
            "TABLE (person uuid)",
            READERS,
            language="sql",
        ),
    ]
