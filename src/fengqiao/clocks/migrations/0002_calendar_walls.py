from django.db import migrations

from fengqiao.accounts.walls import append_only, definer, grant, kept_wall

# For `fengqiao doctor`, which acts for nobody: which years a county entered, and nothing else of them.
ENTERED = """
  SELECT e.county::text, e.year::integer FROM clocks_calendarentry e
  WHERE e.kind = 'notice' AND NOT EXISTS (SELECT FROM clocks_calendarentry later WHERE later.replaces_id = e.id)
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]

    # What a county laid over the calendar is corrected by another entry: rows are added and stay as they are.
    operations = [
        *(
            operation
            for table in ("clocks_calendarentry", "clocks_calendarspan")
            for operation in (grant(table, "select, insert"), kept_wall(table), append_only(table))
        ),
        definer("calendar_years_entered()", "TABLE (county text, year integer)", ENTERED, language="sql"),
    ]
