from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_walls"), ("matters", "0012_stakes")]

    operations = [
        grant(
            "agreements_sketch",
            'select, insert, update (agreement_id, draft, version, cells, "order", marks, replaced, by_id, at, taken_at)',
        ),
        matter_wall("agreements_sketch"),
        belongs_to_matter("agreements_sketch"),
    ]
