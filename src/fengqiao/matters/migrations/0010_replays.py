from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0009_laid_before"),
        ("places", "0005_division_changes"),
        ("rules", "0002_table_version_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        grant("matters_replay", "select, insert, update (state, total, done, finished_at)"),
        county_wall("matters_replay"),
        # A later replay of the same draft takes the answers of the earlier one away.
        grant("matters_replayed", "select, insert, delete"),
        matter_wall("matters_replayed"),
        belongs_to_matter("matters_replayed"),
    ]
