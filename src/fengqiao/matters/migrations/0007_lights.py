from django.db import migrations

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    dependencies = [("matters", "0006_found_by_number")]

    operations = [
        grant("matters_matter", "update (yellow_at, due_at)"),
    ]
