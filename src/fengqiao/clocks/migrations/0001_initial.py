import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("dispatch", "0001_initial"),
        ("matters", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("notice", "放假通知"), ("closure", "停办"), ("withdrawal", "撤下")],
                        max_length=10,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("title", models.CharField(blank=True, max_length=100)),
                ("document", models.CharField(blank=True, max_length=64)),
                ("issued_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="clocks.calendarentry",
                    ),
                ),
            ],
            options={
                "ordering": ("county", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("county", "number"), name="calendar_entry_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarSpan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "holiday"), ("make_up", "make_up"), ("closure", "closure")],
                        max_length=8,
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("name", models.CharField(max_length=32)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spans",
                        to="clocks.calendarentry",
                    ),
                ),
            ],
            options={
                "ordering": ("first", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="calendar_span_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
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
                ("limit", models.CharField(max_length=48)),
                ("limit_version", models.PositiveSmallIntegerField()),
                (
                    "acts",
                    models.CharField(
                        choices=[("lights", "亮灯"), ("reminds", "只提醒"), ("shown", "只显示")], max_length=8
                    ),
                ),
                (
                    "owed_by",
                    models.CharField(
                        choices=[
                            ("centre", "综治中心"),
                            ("department", "承办部门"),
                            ("mediation", "调解组织"),
                            ("authority", "有权机关"),
                            ("party", "当事人"),
                            ("court", "法院或仲裁委"),
                        ],
                        max_length=10,
                    ),
                ),
                ("started_by", models.UUIDField()),
                ("started_at", models.DateTimeField()),
                ("yellow_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "在走"),
                            ("paused", "中止"),
                            ("stopped", "已停"),
                            ("void", "作废"),
                        ],
                        max_length=8,
                    ),
                ),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("chase_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="dispatch.assignment",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="places.centre"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="places.department",
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
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="matters.party",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("acts", "lights"), ("state", "running")),
                        fields=["county", "yellow_at"],
                        name="clock_yellow",
                    ),
                    models.Index(
                        condition=models.Q(("acts", "lights"), ("state", "running")),
                        fields=["county", "due_at"],
                        name="clock_due",
                    ),
                    models.Index(
                        condition=models.Q(("acts", "lights"), ("state", "running")),
                        fields=["department", "due_at"],
                        name="clock_of_department",
                    ),
                    models.Index(
                        models.F("county"),
                        models.F("restriction"),
                        django.db.models.functions.comparison.Coalesce("chase_at", "yellow_at", "due_at"),
                        condition=models.Q(("acts", "lights"), ("state", "running")),
                        name="clock_chased",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("limit__in", ("mediation.confirm_apply", "mediation.enforce_apply")),
                            ("state", "running"),
                        ),
                        fields=["chase_at"],
                        name="clock_of_parties",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "limit", "started_by"), name="clock_of_a_start")
                ],
            },
        ),
        migrations.CreateModel(
            name="DayTold",
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
                ("subject_id", models.UUIDField()),
                ("rung", models.CharField(max_length=48)),
                ("counted_from", models.DateTimeField()),
                ("reached_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
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
                "ordering": ("reached_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "rung", "counted_from"), name="day_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
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
                ("kind", models.CharField(max_length=32)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField()),
                ("limit", models.CharField(blank=True, max_length=48)),
                ("ground", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True, db_default="", default="")),
                ("n", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("unit", models.CharField(blank=True, max_length=12)),
                ("approved_by", models.UUIDField(blank=True, null=True)),
                ("consent", models.CharField(blank=True, max_length=200)),
                ("withdrawn", models.BooleanField(default=False)),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_facts",
                        to="dispatch.assignment",
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
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_facts",
                        to="matters.party",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="clocks.fact",
                    ),
                ),
            ],
            options={
                "ordering": ("recorded_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", False)),
                        fields=("replaces",),
                        name="fact_replaced_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                ("rung", models.CharField(max_length=48)),
                ("counted_from", models.DateTimeField()),
                ("reached_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                (
                    "clock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="clocks.clock",
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
            ],
            options={
                "ordering": ("reached_at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "rung", "counted_from"), name="reminder_once")
                ],
            },
        ),
    ]
