from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

TABLE = "mediation_rightstold"


class Migration(migrations.Migration):
    dependencies = [("mediation", "0003_how_much_a_person_has_in_hand"), ("matters", "0011_informed")]

    operations = [grant(TABLE, "select, insert"), matter_wall(TABLE), belongs_to_matter(TABLE)]
