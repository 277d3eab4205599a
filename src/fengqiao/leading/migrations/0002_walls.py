from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("leading", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        # What was said stays as it was said: the next look is counted on, and an end fills what was empty.
        grant(
            "leading_keymatter",
            "select, insert, update (looked_on, look_by, warn_on, ended_at, ending, end_reason, ended_by_id)",
        ),
        grant("leading_charge", "select, insert, update (until)"),
        grant("leading_look", "select, insert"),
        *(
            each
            for table in ("leading_keymatter", "leading_charge", "leading_look")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
