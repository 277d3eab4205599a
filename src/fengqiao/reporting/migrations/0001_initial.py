import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("matters", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportNumber",
            fields=[
                ("key", models.CharField(max_length=11, primary_key=True, serialize=False)),
                ("county", models.CharField(max_length=6)),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="DirectReport",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("initial", "初报"), ("follow_up", "续报"), ("end", "终报")], max_length=12
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("situation", models.TextField()),
                ("measures", models.TextField()),
                ("request", models.TextField(blank=True)),
                ("receivers", models.JSONField(default=list)),
                ("table_version", models.CharField(blank=True, max_length=32)),
                ("row", models.CharField(blank=True, max_length=20)),
                ("written_role", models.CharField(max_length=24)),
                ("written_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="reporting.directreport",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="matters.matter",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("written_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("first__isnull", True)),
                        fields=["county", "written_at"],
                        name="direct_report_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("first__isnull", True)),
                        fields=("matter",),
                        name="one_direct_report_at_a_time",
                    ),
                    models.UniqueConstraint(
                        fields=("county", "year", "number", "place"), name="direct_report_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                (
                    "receiver",
                    models.CharField(
                        choices=[
                            ("commission", "县委政法委"),
                            ("county_director", "县级综治中心主任"),
                            ("director", "本中心主任"),
                        ],
                        max_length=16,
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="matters.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
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
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="reporting.directreport",
                    ),
                ),
            ],
            options={
                "ordering": ("receiver", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["person", "report"],
                        name="receipt_unread",
                    ),
                    models.Index(fields=["person", "report"], name="receipt_of_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "person", "post"), name="receipt_once")
                ],
            },
        ),
    ]
