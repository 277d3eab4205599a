import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0001_initial"),
        ("matters", "0001_initial"),
        ("places", "0001_initial"),
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
        migrations.CreateModel(
            name="ExportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("kind", models.CharField(choices=[("xlsx", "Excel"), ("csv", "CSV")], max_length=4)),
                ("asked", models.JSONField(default=dict)),
                ("said", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "排队中"),
                            ("writing", "正在写"),
                            ("done", "可以下载"),
                            ("refused", "没有导出"),
                            ("expired", "已过期删除"),
                        ],
                        default="ordered",
                        max_length=8,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("ordered_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "cover",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
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
                (
                    "schedule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="exchange.exportschedule",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-ordered_at"], name="export_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("schedule", "due_at"), name="export_once_when_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=200)),
                ("mapping", models.CharField(blank=True, max_length=40)),
                ("as_of", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "正在检查"),
                            ("ready", "待确认"),
                            ("unusable", "不能导入"),
                            ("ordered", "等待导入"),
                            ("running", "正在导入"),
                            ("done", "已导入"),
                            ("ended", "已中止"),
                            ("dropped", "已撤下"),
                        ],
                        default="checking",
                        max_length=8,
                    ),
                ),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("registered", models.PositiveIntegerField(default=0)),
                ("already", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("columns", models.JSONField(default=list)),
                ("units", models.JSONField(default=dict)),
                ("sample", models.BinaryField(null=True)),
                ("language", models.CharField(db_default="zh-hans", max_length=16)),
                ("reason", models.TextField(blank=True)),
                ("uploaded_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "bad_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
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
                "indexes": [models.Index(fields=["person", "-uploaded_at"], name="import_newest")],
            },
        ),
        migrations.CreateModel(
            name="BadRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("line", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bad_rows",
                        to="exchange.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ("line",),
                "constraints": [models.UniqueConstraint(fields=("run", "line"), name="bad_row_once")],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=64)),
                ("address", models.CharField(max_length=500)),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("matter.registered", "登记"),
                                ("matter.accepted", "受理"),
                                ("matter.mediation_begun", "转入调解"),
                                ("matter.mediated", "调解有结果"),
                                ("matter.assessed", "研判完成"),
                                ("matter.routed", "分类完成"),
                                ("matter.dispatched", "交办"),
                                ("matter.redirected", "引导移交或导入法定程序"),
                                ("matter.settled", "办结"),
                                ("matter.visited", "回访"),
                                ("matter.closed", "结案"),
                                ("matter.archived", "归档"),
                                ("matter.reopened", "重启"),
                                ("matter.withdrawn", "撤回"),
                                ("matter.merged", "并入其他事项"),
                                ("matter.raised", "提级"),
                                ("matter.handed_down", "下交"),
                                ("matter.step_changed", "环节变动"),
                                ("dispatch.checked_in", "部门报到"),
                                ("dispatch.return_asked", "部门申请退回"),
                                ("dispatch.arbitrated", "裁定承办"),
                                ("dispatch.disposed", "部门写出办理结果"),
                                ("dispatch.signed_off", "部门会签"),
                            ],
                            max_length=40,
                        ),
                        size=None,
                    ),
                ),
                ("secret", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("resting_until", models.DateTimeField(null=True)),
                ("busy_until", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stationing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.stationing"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["county"],
                        name="subscription_listening",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("matter.registered", "登记"),
                            ("matter.accepted", "受理"),
                            ("matter.mediation_begun", "转入调解"),
                            ("matter.mediated", "调解有结果"),
                            ("matter.assessed", "研判完成"),
                            ("matter.routed", "分类完成"),
                            ("matter.dispatched", "交办"),
                            ("matter.redirected", "引导移交或导入法定程序"),
                            ("matter.settled", "办结"),
                            ("matter.visited", "回访"),
                            ("matter.closed", "结案"),
                            ("matter.archived", "归档"),
                            ("matter.reopened", "重启"),
                            ("matter.withdrawn", "撤回"),
                            ("matter.merged", "并入其他事项"),
                            ("matter.raised", "提级"),
                            ("matter.handed_down", "下交"),
                            ("matter.step_changed", "环节变动"),
                            ("dispatch.checked_in", "部门报到"),
                            ("dispatch.return_asked", "部门申请退回"),
                            ("dispatch.arbitrated", "裁定承办"),
                            ("dispatch.disposed", "部门写出办理结果"),
                            ("dispatch.signed_off", "部门会签"),
                            ("test", "test"),
                        ],
                        max_length=40,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("step", models.CharField(blank=True, max_length=10)),
                ("state", models.CharField(blank=True, max_length=16)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "等待送出"),
                            ("done", "已送达"),
                            ("dead", "没有送达"),
                            ("withheld", "不再送出"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("give_up_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("answer", models.PositiveSmallIntegerField(null=True)),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("answer", "对方没有确认"),
                            ("timeout", "对方没有按时回答"),
                            ("unreachable", "连不上对方"),
                            ("not_trusted", "对方的证书不能验证"),
                            ("unknown_host", "域名查不到"),
                            ("forbidden_address", "地址在不允许的网段"),
                            ("redirect", "对方要求转到别的地址"),
                            ("post_ended", "数据交换岗位没有开始或已经结束"),
                            ("interrupted", "送出时中断，不知道对方是否收到"),
                            ("ended", "订阅已经停用"),
                        ],
                        max_length=20,
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.historyevent",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.centre",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="exchange.subscription",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["subscription", "due_at"],
                        name="delivery_due",
                    ),
                    models.Index(fields=["subscription", "-written_at", "-id"], name="delivery_newest"),
                    models.Index(fields=["done_at"], name="delivery_done"),
                    models.Index(
                        condition=models.Q(("status", "dead")), fields=["subscription"], name="delivery_dead"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WrittenUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("written", models.CharField(max_length=100)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("county", "written"), name="written_unit_once")
                ],
            },
        ),
    ]
