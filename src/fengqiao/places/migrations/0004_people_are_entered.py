from django.db import migrations

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    """People are entered before they hold a post."""

    dependencies = [("places", "0003_machine_grants"), ("accounts", "0002_grants")]

    operations = [
        grant("places_enrolment", "select, insert, update"),
    ]
