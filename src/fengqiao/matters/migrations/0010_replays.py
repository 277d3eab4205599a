import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids
from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0009_laid_before"),
        ("places", "0010_division_changes"),
        ("rules", "0002_table_version_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Replay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("draft_version", models.PositiveIntegerField()),
                ("base", models.CharField(max_length=32)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "正在试算"), ("done", "已算完")], default="running", max_length=8
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("ordered_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to="rules.tableversion",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.post"
                    ),
                ),
            ],
            options={
                "ordering": ("-ordered_at",),
            },
        ),
        migrations.CreateModel(
            name="Replayed",
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
                ("before_row", models.CharField(blank=True, max_length=20)),
                ("after_row", models.CharField(blank=True, max_length=20)),
                ("before", models.CharField(blank=True, max_length=24)),
                ("after", models.CharField(blank=True, max_length=24)),
                ("before_lead", models.CharField(blank=True, max_length=24)),
                ("after_lead", models.CharField(blank=True, max_length=24)),
                ("moved", models.BooleanField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="matters.matter",
                    ),
                ),
                (
                    "replay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="matters.replay",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["replay", "moved", "before_row"], name="replayed_by_row")],
            },
        ),
        grant("matters_replay", "select, insert, update (state, total, done, finished_at)"),
        county_wall("matters_replay"),
        # A later replay of the same draft takes the answers of the earlier one away.
        grant("matters_replayed", "select, insert, delete"),
        matter_wall("matters_replayed"),
        belongs_to_matter("matters_replayed"),
    ]
