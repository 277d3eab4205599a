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
            name="Notice",
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
                ("kind", models.CharField(max_length=24)),
                (
                    "urgency",
                    models.CharField(
                        choices=[("routine", "一般"), ("urgent", "紧急")], default="routine", max_length=8
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("passed_on_at", models.DateTimeField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.department",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.post",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        models.F("person_id"),
                        models.F("post_id"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("read_at__isnull", True)),
                        name="notice_unread",
                    ),
                    models.Index(
                        models.F("person_id"),
                        models.F("post_id"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("read_at__isnull", False)),
                        name="notice_read",
                    ),
                    models.Index(
                        condition=models.Q(("passed_on_at__isnull", True), ("read_at__isnull", True)),
                        fields=["person", "created_at"],
                        name="notice_waits_outside",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reaching",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("mail", models.BinaryField(null=True)),
                ("service", models.BinaryField(null=True)),
                ("unwanted", models.JSONField(default=list)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("digest_at", models.TimeField(null=True)),
                ("digest_on", models.DateField(null=True)),
                ("since", models.DateTimeField()),
                ("next_look_at", models.DateTimeField()),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "county"), name="reaching_once")],
            },
        ),
    ]
