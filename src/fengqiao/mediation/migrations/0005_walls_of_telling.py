from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

TABLE = "mediation_rightstold"


class Migration(migrations.Migration):
    dependencies = [("mediation", "0004_rights_told"), ("matters", "0013_informed")]

    operations = [grant(TABLE, "select, insert"), matter_wall(TABLE), belongs_to_matter(TABLE)]
