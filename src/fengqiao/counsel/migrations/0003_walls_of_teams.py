from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("counsel", "0002_walls"), ("matters", "0009_laid_before")]

    operations = [
        grant("counsel_adviser", "select, insert, update (valid_until)"),
        county_wall("counsel_adviser"),
        grant("counsel_team", "select, insert, update (dissolved_at, summary)"),
        county_wall("counsel_team"),
        # Who sat where stays; a seat is only left.
        grant("counsel_member", "select, insert, update (until)"),
        county_wall("counsel_member"),
        grant("counsel_teammatter", "select, insert, update (ended_at, came_of)"),
        grant("counsel_teamtask", "select, insert, update (state, ended_at, ended_by_id, came_of)"),
        *(
            each
            for table in ("counsel_teammatter", "counsel_teamtask")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
