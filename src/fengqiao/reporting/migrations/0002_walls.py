from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        # What was sent stays as it was sent; that it is over, and that somebody has read it, is added once.
        grant("reporting_directreport", "select, insert, update (ended_at)"),
        grant("reporting_receipt", "select, insert, update (read_at)"),
        grant("reporting_reportnumber", "select, insert, update (last)"),
        county_wall("reporting_reportnumber"),
        *(
            each
            for table in ("reporting_directreport", "reporting_receipt")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
