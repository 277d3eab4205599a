from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("mediation", "0011_walls_of_results")]

    operations = [
        AddIndexConcurrently(
            "sitting",
            models.Index(
                condition=models.Q(("state__in", ("planned", "running"))),
                fields=["county", "planned_at"],
                name="talk_to_come",
            ),
        ),
    ]
