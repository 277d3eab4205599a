from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import definer, grant, own_wall

# Whoever orders what is due acts for everybody: this tells which schedules, and nothing of them.
DUE = """
  SELECT s.id, s.county::text, s.person_id FROM exchange_exportschedule s
  WHERE s.stopped_at IS NULL AND s.next_due_at <= moment ORDER BY s.next_due_at, s.id LIMIT most
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_export_walls"),
        ("matters", "0004_saved_views"),
        ("places", "0002_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (touched_at) ON "exchange_exportrun" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (touched_at) ON "exchange_exportrun" FROM "{settings.APP_ROLE}"',
        ),
        grant(
            "exchange_exportschedule",
            "select, insert, update (kind, every, weekday, day, hour, next_due_at, stopped_at, reason)",
        ),
        own_wall("exchange_exportschedule"),
        definer(
            "export_schedules_due(moment timestamptz, most integer)",
            "TABLE (schedule uuid, county text, person uuid)",
            DUE,
            language="sql",
        ),
    ]
