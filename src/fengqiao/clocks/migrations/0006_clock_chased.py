from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("clocks", "0005_reminders")]

    operations = [
        AddIndexConcurrently(
            "clock",
            models.Index(
                models.F("county"),
                models.F("restriction"),
                Coalesce("chase_at", "yellow_at", "due_at"),
                condition=models.Q(("acts", "lights"), ("state", "running")),
                name="clock_chased",
            ),
        ),
    ]
