from django.db import migrations

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    dependencies = [("matters", "0011_informed")]

    operations = [
        grant("matters_matter", "update (harm_on, public_place, needs_care, care)"),
    ]
