from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_walls")]

    operations = [
        # A draw stays as it was drawn; a check is written once, and what it found is put right once.
        grant("reviews_sample", "select, insert"),
        county_wall("reviews_sample"),
        grant("reviews_sampledfile", "select, insert, update (checked_by_id, checked_at)"),
        grant("reviews_checkeditem", "select, insert, update (mended, mended_by_id, mended_at)"),
        *(
            each
            for table in ("reviews_sampledfile", "reviews_checkeditem")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
