from django.db import migrations

from fengqiao.accounts.walls import county_wall, grant


class Migration(migrations.Migration):
    dependencies = [("dossier", "0004_disposal_walls")]

    # A file is never changed: a correction is another version.
    operations = [
        grant(
            "dossier_formtemplate",
            "select, insert, update (state, decided_by_id, decided_at, valid_from, valid_until)",
        ),
        county_wall("dossier_formtemplate"),
    ]
