import django.db.models.deletion
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
            name="LetterNumber",
            fields=[
                ("key", models.CharField(max_length=11, primary_key=True, serialize=False)),
                ("county", models.CharField(max_length=6)),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Supervision",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "已提请，等单位申辩"),
                            ("answered", "单位已申辩，等政法委决定"),
                            ("ordered", "督办中，等单位反馈"),
                            ("reported", "单位已反馈，等政法委认定"),
                            ("handed_over", "已移送，等处理结果"),
                            ("declined", "不予督办"),
                            ("lifted", "已解除督办"),
                            ("concluded", "移送已有结果"),
                            ("ended", "随事项了结"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("letter", "督办函"),
                            ("second_letter", "二次督办函"),
                            ("interview", "约谈"),
                            ("circular", "通报"),
                            ("listed", "挂牌督办"),
                            ("hand_over", "移送"),
                        ],
                        max_length=16,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisions",
                        to="dispatch.assignment",
                    ),
                ),
                (
                    "commission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisions_to_decide",
                        to="places.department",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervisions",
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
            ],
            options={
                "ordering": ("opened_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["county", "state", "since"],
                        name="supervision_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("assignment",),
                        name="one_supervision_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                    "rung",
                    models.CharField(
                        choices=[
                            ("letter", "督办函"),
                            ("second_letter", "二次督办函"),
                            ("interview", "约谈"),
                            ("circular", "通报"),
                            ("listed", "挂牌督办"),
                            ("hand_over", "移送"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rule", models.CharField(max_length=48)),
                ("rule_version", models.PositiveSmallIntegerField()),
                ("table_version", models.CharField(blank=True, db_default="", default="", max_length=32)),
                ("basis", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("report_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("facts", models.JSONField(default=list)),
                ("grounds", models.TextField()),
                ("proposed_role", models.CharField(max_length=24)),
                ("proposed_at", models.DateTimeField()),
                ("answer_by", models.DateField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("pending", "待决定"),
                            ("ordered", "同意"),
                            ("declined", "不同意"),
                            ("lapsed", "不再决定"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("reasons", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("report_by", models.DateField(blank=True, null=True)),
                ("report", models.TextField(blank=True)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                (
                    "handed_to",
                    models.CharField(
                        blank=True,
                        choices=[("discipline", "纪检监察机关"), ("organisation", "组织部门")],
                        max_length=16,
                    ),
                ),
                ("outcome", models.TextField(blank=True)),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supervision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="supervision.supervision",
                    ),
                ),
            ],
            options={
                "ordering": ("proposed_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "pending")),
                        fields=("supervision",),
                        name="one_measure_to_decide",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", False)),
                        fields=("county", "year", "number"),
                        name="measure_number",
                    ),
                ],
            },
        ),
    ]
