from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, sealed_talks

RIGHTS = {
    "mediation_sitting": "select, insert, update (state, began_at, ended_at, why, parties, present)",
    "mediation_sittingnote": "select, insert, update (text, issues, version, at)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0005_walls_of_who_mediates"),
        ("matters", "0012_stakes"),
        ("places", "0001_initial"),
    ]

    operations = [
        *(
            operation
            for table, rights in RIGHTS.items()
            for operation in (grant(table, rights), matter_wall(table), belongs_to_matter(table))
        ),
        sealed_talks("mediation_sittingnote"),
    ]
