from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

RIGHTS = {
    "mediation_mediation": "select, insert, update (mediator_id, result, text, performance_due, ended_at)",
    "mediation_consent": "select, insert",
}


class Migration(migrations.Migration):
    dependencies = [("mediation", "0001_initial"), ("matters", "0002_walls")]

    operations = [
        operation
        for table, rights in RIGHTS.items()
        for operation in (grant(table, rights), matter_wall(table), belongs_to_matter(table))
    ]
