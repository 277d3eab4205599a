from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("leading", "0003_walls_of_instructions"), ("matters", "0011_informed")]

    operations = [
        grant("leading_recommendation", "select, insert, update (reply, replied_on, reply_by_person_id)"),
        grant("leading_recommendationsource", "select, insert"),
        grant("leading_recommendationnumber", "select, insert, update (last)"),
        county_wall("leading_recommendationnumber"),
        *(
            each
            for table in ("leading_recommendation", "leading_recommendationsource")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
