from django.db import migrations

from fengqiao.accounts.walls import addressee_wall, belongs_to_matter, definer, grant

# Notices are their readers' alone, so the sweep that removes old ones runs as the owner and tells a number.
FORGET = """
  DECLARE removed bigint;
  BEGIN
    DELETE FROM notices_notice WHERE read_at < now() - interval '180 days' OR created_at < now() - interval '2 years';
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
  END
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("matters", "0002_walls")]

    operations = [
        grant("notices_notice", "select, insert, update (read_at)"),
        addressee_wall("notices_notice"),
        belongs_to_matter("notices_notice"),
        definer("notices_forget()", "bigint", FORGET),
    ]
