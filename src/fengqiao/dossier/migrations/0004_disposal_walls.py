from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("dossier", "0003_volume_walls"), ("matters", "0002_walls")]

    # What was listed stays listed: only the decision and what became of each line are filled in.
    operations = [
        grant("dossier_volume", "update (disposed_at)"),
        grant(
            "dossier_disposalbatch",
            "select, insert, update (state, decision, decided_by_id, decided_at)",
        ),
        county_wall("dossier_disposalbatch"),
        grant("dossier_disposalnumber", "select, insert, update (last)"),
        county_wall("dossier_disposalnumber"),
        grant("dossier_disposalitem", "select, insert, update (state, reason)"),
        matter_wall("dossier_disposalitem"),
        belongs_to_matter("dossier_disposalitem"),
    ]
