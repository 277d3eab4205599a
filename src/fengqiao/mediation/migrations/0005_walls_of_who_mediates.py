from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

RIGHTS = {
    "mediation_footing": "select, insert",
    "mediation_standing": "select, insert",
    "mediation_helper": "select, insert, update (ended_at)",
    "mediation_recusalasked": "select, insert, update (granted, answer, decided_by, decided_at)",
}


class Migration(migrations.Migration):
    dependencies = [("mediation", "0004_walls_of_telling"), ("matters", "0012_stakes")]

    operations = [
        operation
        for table, rights in RIGHTS.items()
        for operation in (grant(table, rights), matter_wall(table), belongs_to_matter(table))
    ]
