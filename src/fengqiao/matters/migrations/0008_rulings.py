import django.db.models.deletion
from django.db import migrations, models

import fengqiao.kernel.ids
from fengqiao.accounts.walls import append_only, belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0007_lights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ruling",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                (
                    "restriction",
                    models.CharField(
                        choices=[("open", "普通"), ("restricted", "限阅"), ("sealed", "封存")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("action", models.CharField(max_length=24)),
                ("table", models.CharField(max_length=12)),
                ("table_version", models.CharField(max_length=32)),
                ("row", models.CharField(blank=True, max_length=20)),
                ("proposed", models.CharField(blank=True, max_length=24)),
                ("chosen", models.CharField(max_length=24)),
                ("overridden", models.BooleanField(default=False)),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "id"),
                "indexes": [
                    models.Index(fields=["county", "table", "table_version", "row"], name="ruling_by_row")
                ],
            },
        ),
        # Counted, never changed: what was proposed and chosen on a day stays so.
        grant("matters_ruling", "select, insert"),
        matter_wall("matters_ruling"),
        belongs_to_matter("matters_ruling"),
        append_only("matters_ruling", but="restriction"),
    ]
