from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

TABLE = "referrals_referralpaper"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_papers_along")]

    operations = [
        grant(TABLE, "select, insert, update (fetched_at)"),
        matter_wall(TABLE),
        belongs_to_matter(TABLE),
    ]
