import django.db.models.deletion
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0012_stakes"),
        ("mediation", "0008_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="PromisedEvidence",
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
                ("sealed", models.BooleanField()),
                ("what", models.CharField(max_length=500)),
                ("by_day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等着带来"), ("came", "已带来"), ("lapsed", "没有带来")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("came_on", models.DateField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("promised_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.UUIDField(blank=True, null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="matters.matter",
                    ),
                ),
                (
                    "mediation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="mediation.mediation",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.matterfile",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.party"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="mediation.sitting",
                    ),
                ),
            ],
            options={
                "ordering": ("by_day", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["county", "by_day"],
                        name="evidence_awaited",
                    )
                ],
            },
        ),
    ]
