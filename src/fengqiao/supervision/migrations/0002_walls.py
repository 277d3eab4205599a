from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        # What was proposed and said stays as it was said; each act fills the columns that were empty.
        grant("supervision_supervision", "select, insert, update (state, rung, since, ended_at)"),
        grant(
            "supervision_measure",
            "select, insert, update (answer, answered_by_id, answered_at, decision, reasons, decided_by_id, "
            "decided_at, year, number, report_by, report, reported_by_id, reported_at, handed_to, outcome, "
            "outcome_at)",
        ),
        grant("supervision_letternumber", "select, insert, update (last)"),
        county_wall("supervision_letternumber"),
        *(
            each
            for table in ("supervision_supervision", "supervision_measure")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
