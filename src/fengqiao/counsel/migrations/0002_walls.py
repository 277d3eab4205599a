from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("counsel", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        grant(
            "counsel_consultation",
            "select, insert, update (state, opinion, articles, ended_at, ended_by_id, followed, follow_reason,"
            " followed_by_id, followed_at)",
        ),
        grant("counsel_invitee", "select, insert, update (reply, reason, replied_at)"),
        # What somebody said stays as they said it.
        grant("counsel_givenopinion", "select, insert"),
        *(
            each
            for table in ("counsel_consultation", "counsel_invitee", "counsel_givenopinion")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
