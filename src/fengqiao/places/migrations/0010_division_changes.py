import django.db.models.deletion
from django.db import migrations, models

import fengqiao.kernel.ids
from fengqiao.accounts.walls import grant

KINDS = [("added", "新设"), ("renamed", "更名"), ("ended", "已撤销"), ("reopened", "已恢复")]


class Migration(migrations.Migration):
    """What notices say of divisions. Places are no secret; a row is added and never changed."""

    dependencies = [("places", "0009_places_have_versions")]

    operations = [
        migrations.CreateModel(
            name="DivisionChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("day", models.DateField()),
                ("source", models.CharField(blank=True, max_length=128)),
                ("name", models.CharField(max_length=64)),
                ("entered_by", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="places.division",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_in",
                        to="places.division",
                    ),
                ),
            ],
            options={"ordering": ("entered_at", "id")},
        ),
        grant("places_divisionchange", "select, insert"),
    ]
