import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("agreements", "0001_initial"),
        ("matters", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CourtCase",
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
                        choices=[
                            ("confirmation", "司法确认"),
                            ("enforcement", "强制执行"),
                            ("lawsuit", "起诉"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "准备中"),
                            ("filed", "已提交，等法院决定是否受理"),
                            ("docketed", "已立案"),
                            ("asked", "法院要求补充"),
                            ("confirmed", "裁定有效"),
                            ("refused", "不予受理或者驳回"),
                            ("withdrawn", "已撤回"),
                            ("dropped", "没有提交"),
                            ("judged", "已判决"),
                            ("settled", "法院调解结案"),
                            ("enforced", "执行完毕"),
                            ("unenforced", "终结本次执行"),
                        ],
                        max_length=10,
                    ),
                ),
                ("court", models.CharField(max_length=100)),
                (
                    "level",
                    models.CharField(
                        choices=[("basic", "基层人民法院"), ("intermediate", "中级人民法院")], max_length=14
                    ),
                ),
                ("ground", models.CharField(blank=True, max_length=24)),
                ("why", models.TextField(blank=True)),
                ("answers", models.JSONField(default=dict)),
                ("serves", models.JSONField(default=list)),
                ("applicants", models.JSONField(default=list)),
                ("number", models.CharField(blank=True, max_length=80)),
                ("begun_at", models.DateTimeField()),
                ("filed_on", models.DateField(blank=True, null=True)),
                ("late", models.BooleanField(default=False)),
                ("docketed_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("result", models.TextField(blank=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="court_cases",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enforced_by",
                        to="confirmation.courtcase",
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
                    "ruling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.matterfile",
                    ),
                ),
            ],
            options={
                "ordering": ("begun_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("prepared", "filed", "docketed", "asked"))),
                        fields=("agreement", "kind"),
                        name="one_running_case_of_an_agreement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "lawsuit"), ("agreement__isnull", False), _connector="OR"
                        ),
                        name="court_case_of_an_agreement",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourtNote",
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
                    "action",
                    models.CharField(
                        choices=[
                            ("prepare", "准备司法确认申请"),
                            ("amend", "改写司法确认申请"),
                            ("drop", "不再提交"),
                            ("file", "共同提交司法确认申请"),
                            ("enforce", "申请强制执行"),
                            ("sue", "向法院起诉"),
                            ("docket", "法院立案"),
                            ("ask_more", "法院要求补充材料"),
                            ("supply", "已补充材料"),
                            ("hear", "法院定开庭或者询问日期"),
                            ("withdraw", "撤回"),
                            ("confirm", "裁定协议有效"),
                            ("refuse", "不予受理或者裁定驳回"),
                            ("judge", "法院判决"),
                            ("settle", "法院调解结案"),
                            ("fulfil", "执行完毕"),
                            ("end_enforcing", "终结本次执行"),
                        ],
                        max_length=14,
                    ),
                ),
                ("on", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("text", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("chase_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="confirmation.courtcase",
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
                "ordering": ("recorded_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("until__isnull", False)),
                        fields=["chase_at"],
                        name="court_day_chased",
                    )
                ],
            },
        ),
    ]
