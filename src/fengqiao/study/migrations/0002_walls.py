from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, kept_wall, matter_wall


class Migration(migrations.Migration):
    dependencies = [("study", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        # Named by the county's security administrator, whose post reaches no matters.
        grant("study_member", "select, insert, update (valid_until)"),
        kept_wall("study_member"),
        grant(
            "study_study",
            "select, insert, update (state, conclusion, division, advised_id, ended_by_id, ended_at)",
        ),
        grant("study_invitation", "select, insert, update (reply, reason, replied_at)"),
        grant("study_packitem", "select, insert"),
        grant("study_opinion", "select, insert"),
        *(
            each
            for table in ("study_study", "study_invitation", "study_packitem", "study_opinion")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
