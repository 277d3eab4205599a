from typing import Any

from django.db import migrations, models


def added(model: str) -> list[migrations.AddField]:
    fields: dict[str, models.Field[Any, Any]] = {
        "telephone": models.CharField(blank=True, default="", max_length=32),
        "address": models.CharField(blank=True, default="", max_length=100),
        "valid_from": models.DateField(blank=True, null=True),
        "valid_until": models.DateField(blank=True, null=True),
        "version": models.PositiveIntegerField(default=1),
    }
    return [migrations.AddField(model, name, field) for name, field in fields.items()]


class Migration(migrations.Migration):
    """Centres and departments are reached somewhere, begin and end; two who amend one do not overwrite."""

    dependencies = [("places", "0003_a_post_held_again")]

    operations = [*added("centre"), *added("department")]
