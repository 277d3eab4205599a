from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

TABLE = "mediation_claimresult"


class Migration(migrations.Migration):
    dependencies = [("mediation", "0006_walls_of_talks"), ("matters", "0012_stakes")]

    operations = [grant(TABLE, "select, insert"), matter_wall(TABLE), belongs_to_matter(TABLE)]
