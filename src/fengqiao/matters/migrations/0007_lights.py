from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("matters", "0006_found_by_number")]

    operations = [
        migrations.AddField("matter", "yellow_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("matter", "due_at", models.DateTimeField(blank=True, null=True)),
        AddIndexConcurrently(
            "matter",
            models.Index(fields=["county", "due_at"], condition=Q(due_at__isnull=False), name="matter_due"),
        ),
        AddIndexConcurrently(
            "matter",
            models.Index(
                fields=["holder", "due_at"], condition=Q(due_at__isnull=False), name="matter_held_due"
            ),
        ),
        grant("matters_matter", "update (yellow_at, due_at)"),
    ]
