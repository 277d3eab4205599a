from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, sealed_talks

TABLE = "mediation_promisedevidence"


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0009_promised_evidence"),
        ("places", "0001_initial"),
    ]

    operations = [
        grant(TABLE, "select, insert, update (state, came_on, paper_id, why, ended_at, ended_by)"),
        matter_wall(TABLE),
        belongs_to_matter(TABLE),
        sealed_talks(TABLE),
    ]
