import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids
from fengqiao.accounts.walls import definer, grant, own_wall

# Whoever orders what is due acts for everybody: this tells which schedules, and nothing of them.
DUE = """
  SELECT s.id, s.county::text, s.person_id FROM exchange_exportschedule s
  WHERE s.stopped_at IS NULL AND s.next_due_at <= moment ORDER BY s.next_due_at, s.id LIMIT most
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_export_walls"),
        ("matters", "0004_saved_views"),
        ("places", "0003_a_post_held_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportSchedule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=40)),
                ("kind", models.CharField(choices=[("xlsx", "Excel"), ("csv", "CSV")], max_length=4)),
                (
                    "every",
                    models.CharField(
                        choices=[("day", "每天"), ("week", "每周"), ("month", "每月")], max_length=5
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("hour", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("next_due_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
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
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.savedview"
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=["next_due_at"],
                        name="export_schedule_due",
                    ),
                    models.Index(fields=["person"], name="export_schedule_own"),
                ],
            },
        ),
        migrations.AddField(
            model_name="exportrun",
            name="schedule",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="exchange.exportschedule",
            ),
        ),
        migrations.AddField(model_name="exportrun", name="due_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="exportrun",
            name="touched_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="exportrun",
            constraint=models.UniqueConstraint(fields=("schedule", "due_at"), name="export_once_when_due"),
        ),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (touched_at) ON "exchange_exportrun" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (touched_at) ON "exchange_exportrun" FROM "{settings.APP_ROLE}"',
        ),
        grant(
            "exchange_exportschedule",
            "select, insert, update (kind, every, weekday, day, hour, next_due_at, stopped_at, reason)",
        ),
        own_wall("exchange_exportschedule"),
        definer(
            "export_schedules_due(moment timestamptz, most integer)",
            "TABLE (schedule uuid, county text, person uuid)",
            DUE,
            language="sql",
        ),
    ]
