from django.db import migrations

from fengqiao.accounts.walls import append_only, belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_lights")]

    operations = [
        # Counted, never changed: what was proposed and chosen on a day stays so.
        grant("matters_ruling", "select, insert"),
        matter_wall("matters_ruling"),
        belongs_to_matter("matters_ruling"),
        append_only("matters_ruling", but="restriction"),
    ]
