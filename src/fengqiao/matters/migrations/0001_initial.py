import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0001_initial"),
        ("places", "0001_initial"),
        ("rules", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
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
                ("code", models.CharField(max_length=32, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "待受理"),
                            ("accepted", "已受理待处置"),
                            ("mediating", "调解中"),
                            ("assessing", "待研判"),
                            ("routing", "待分类"),
                            ("dispatching", "待交办"),
                            ("handling", "部门在办"),
                            ("settled", "待回访"),
                            ("visited", "待评价"),
                            ("evaluated", "待结案"),
                            ("closed", "已结案"),
                            ("archived", "已归档"),
                        ],
                        default="registered",
                        max_length=16,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("register", "登记受理"),
                            ("mediate", "先行调解"),
                            ("assess", "风险研判"),
                            ("route", "分类流转"),
                            ("track", "跟踪督办"),
                            ("settle", "案结事了"),
                        ],
                        default="register",
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("registered_at", models.DateTimeField()),
                ("registered_by", models.UUIDField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "来访"),
                            ("phone", "来电"),
                            ("bell", "24小时服务铃"),
                            ("grid", "网格上报"),
                            ("hotline_12345", "12345热线"),
                            ("community_police", "社区警务/110"),
                            ("petition", "信访转来"),
                            ("court_assigned", "法院委派"),
                            ("home_visit", "夜访/家访"),
                            ("online", "网上"),
                            ("superior", "上级交办"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("account", models.TextField(blank=True)),
                ("category", models.CharField(blank=True, max_length=4)),
                (
                    "scale",
                    models.CharField(
                        choices=[("01", "个体"), ("02", "一般群体性"), ("03", "重大群体性")],
                        default="01",
                        max_length=2,
                    ),
                ),
                ("people", models.PositiveIntegerField(blank=True, null=True)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("place_key", models.CharField(blank=True, max_length=200)),
                ("longitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ("latitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                (
                    "danger",
                    models.CharField(
                        choices=[
                            ("none", "无"),
                            ("violence", "可能有暴力"),
                            ("self_harm", "可能自伤"),
                            ("domestic_violence", "家庭暴力"),
                        ],
                        default="none",
                        max_length=20,
                    ),
                ),
                ("danger_since", models.DateTimeField(blank=True, null=True)),
                ("harm_on", models.DateField(blank=True, null=True)),
                ("public_place", models.BooleanField(blank=True, null=True)),
                ("needs_care", models.BooleanField(blank=True, null=True)),
                ("care", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("confidential", models.BooleanField(default=False)),
                ("anonymous", models.BooleanField(default=False)),
                (
                    "against_kind",
                    models.CharField(
                        choices=[
                            ("person", "个人"),
                            ("organisation", "单位"),
                            ("public_body", "行政机关"),
                            ("official", "工作人员"),
                            ("none", "无对方"),
                        ],
                        default="none",
                        max_length=16,
                    ),
                ),
                ("against_name", models.CharField(blank=True, max_length=100)),
                (
                    "track",
                    models.CharField(
                        blank=True,
                        choices=[("petition", "信访"), ("legal", "涉法涉诉"), ("departmental", "行业部门")],
                        max_length=14,
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[("high", "高风险"), ("medium", "中风险"), ("low", "低风险")],
                        max_length=8,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("settled_on_spot", "当场化解"),
                            ("written_agreement", "书面协议"),
                            ("oral_agreement", "口头协议"),
                            ("settled", "部门办结"),
                            ("declined", "不予受理"),
                            ("guided", "引导移交"),
                            ("redirected", "导入法定程序"),
                            ("withdrawn", "撤回"),
                            ("merged", "已并入"),
                            ("history", "历史办结"),
                        ],
                        max_length=20,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "performance",
                    models.CharField(
                        choices=[
                            ("none", "无需履行"),
                            ("running", "履行中"),
                            ("performed", "已履行"),
                            ("defaulted", "未履行"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("performance_due", models.DateField(blank=True, null=True)),
                ("receipt_number", models.CharField(blank=True, max_length=100)),
                ("remedies_told_at", models.DateTimeField(blank=True, null=True)),
                ("visit_attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "满意"),
                            ("basic", "基本满意"),
                            ("dissatisfied", "不满意"),
                            ("untold", "未表示"),
                        ],
                        max_length=12,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                ("raised", models.BooleanField(default=False)),
                ("turned_criminal_at", models.DateTimeField(blank=True, null=True)),
                ("criminal_reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("yellow_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("is_history", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("source_number", models.CharField(blank=True, max_length=80)),
                ("history_count", models.PositiveIntegerField(default=0)),
                (
                    "history_head",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                    ),
                ),
                ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                (
                    "against_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="places.department",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_matters",
                        to="places.centre",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.division",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="places.grid"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_matters",
                        to="places.centre",
                    ),
                ),
                (
                    "lead_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_matters",
                        to="places.department",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["county", "-registered_at", "-code"], name="matter_newest"),
                    models.Index(fields=["county", "state", "-registered_at"], name="matter_by_state"),
                    models.Index(fields=["county", "step", "-registered_at"], name="matter_by_step"),
                    models.Index(fields=["holder", "state", "state_since"], name="matter_waiting"),
                    models.Index(fields=["county", "division", "-registered_at"], name="matter_by_division"),
                    models.Index(fields=["county", "place_key"], name="matter_place"),
                    models.Index(fields=["lead_department", "state"], name="matter_by_lead"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["county", "due_at"],
                        name="matter_due",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["holder", "due_at"],
                        name="matter_held_due",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="matter_search"),
                    models.Index(
                        models.Func(
                            models.F("code"),
                            models.Value("-"),
                            models.Value(3),
                            function="split_part",
                            output_field=models.TextField(),
                        ),
                        name="matter_by_number",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("county", "id", "restriction"), name="matter_identity"),
                    models.UniqueConstraint(
                        condition=models.Q(("source_number", ""), _negated=True),
                        fields=("county", "source", "source_number"),
                        name="matter_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="matter_merged_elsewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("outcome", "merged")),
                            models.Q(("merged_into", None), models.Q(("outcome", "merged"), _negated=True)),
                            _connector="OR",
                        ),
                        name="matter_merged_by_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LaidBefore",
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
                ("since", models.DateTimeField()),
                ("over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="laid_before",
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
                "indexes": [models.Index(fields=["department", "matter"], name="laid_before")],
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "department"), name="laid_before_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Informed",
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
                ("since", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="informed",
                        to="places.centre",
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
                "indexes": [models.Index(fields=["centre", "matter"], name="informed_centre")],
                "constraints": [models.UniqueConstraint(fields=("matter", "centre"), name="informed_once")],
            },
        ),
        migrations.CreateModel(
            name="HistoryEvent",
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
                ("seq", models.PositiveIntegerField()),
                ("type", models.CharField(max_length=48)),
                ("at", models.DateTimeField()),
                ("person_id", models.UUIDField()),
                ("post_id", models.UUIDField(null=True)),
                ("content", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
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
                "ordering": ("seq",),
                "constraints": [models.UniqueConstraint(fields=("matter", "seq"), name="history_place")],
            },
        ),
        migrations.CreateModel(
            name="Handed",
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
                ("since", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed",
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
                "indexes": [models.Index(fields=["department", "matter"], name="handed_to")],
                "constraints": [models.UniqueConstraint(fields=("matter", "department"), name="handed_once")],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
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
                ("lawful", models.BooleanField()),
                ("complete", models.BooleanField()),
                ("remark", models.TextField(blank=True)),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Disposition",
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
                ("role", models.CharField(max_length=24)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("settled_on_spot", "当场化解"),
                            ("written_agreement", "书面协议"),
                            ("oral_agreement", "口头协议"),
                            ("settled", "部门办结"),
                            ("declined", "不予受理"),
                            ("guided", "引导移交"),
                            ("redirected", "导入法定程序"),
                            ("withdrawn", "撤回"),
                            ("merged", "已并入"),
                            ("history", "历史办结"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                ("basis", models.CharField(blank=True, max_length=300)),
                ("performance_due", models.DateField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
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
                        related_name="dispositions",
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
                "ordering": ("at",),
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                            ("resolve", "求决"),
                            ("report", "检举"),
                            ("suggest", "建议"),
                            ("consult", "咨询"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("place", models.PositiveSmallIntegerField(default=0)),
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
                "ordering": ("place",),
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                    "level",
                    models.CharField(
                        choices=[("high", "高风险"), ("medium", "中风险"), ("low", "低风险")], max_length=8
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("simple", "简单 · 村级"),
                            ("complex", "复杂 · 镇级"),
                            ("hard", "疑难 · 县级"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("grounds", models.TextField()),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MatterFile",
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
                ("name", models.CharField(max_length=200)),
                ("purpose", models.CharField(blank=True, max_length=32)),
                ("added_by", models.UUIDField()),
                ("added_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used_in",
                        to="files.storedfile",
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
                "ordering": ("added_at",),
            },
        ),
        migrations.CreateModel(
            name="MatterLink",
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
                ("reason", models.CharField(max_length=200)),
                ("linked_by", models.UUIDField()),
                ("linked_at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="matters.matter",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_from",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("matter", "other"), name="link_once")],
            },
        ),
        migrations.CreateModel(
            name="NamedReader",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("matter_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("until", models.DateField()),
                ("named_by", models.UUIDField()),
                ("named_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter_id", "person_id"), name="reader_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideNumber",
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
                    "system",
                    models.CharField(
                        choices=[
                            ("province", "省平台"),
                            ("12345", "12345"),
                            ("petition", "信访系统"),
                            ("police", "社区警务"),
                            ("court", "法院"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(max_length=80)),
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
                "indexes": [models.Index(fields=["county", "number"], name="outside_number")],
            },
        ),
        migrations.CreateModel(
            name="Party",
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
                    "role",
                    models.CharField(
                        choices=[("petitioner", "反映人"), ("respondent", "对方"), ("third", "第三人")],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "自然人"), ("organisation", "单位"), ("anonymous", "匿名")],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "identity_kind",
                    models.CharField(
                        choices=[
                            ("resident_id", "居民身份证"),
                            ("passport", "护照"),
                            ("hk_macao_permit", "港澳居民来往内地通行证"),
                            ("taiwan_permit", "台湾居民来往大陆通行证"),
                            ("credit_code", "统一社会信用代码"),
                            ("none", "未提供"),
                        ],
                        default="none",
                        max_length=20,
                    ),
                ),
                ("identity", models.BinaryField(null=True)),
                ("identity_index", models.BinaryField(null=True)),
                ("is_representative", models.BooleanField(default=False)),
                ("agent_power", models.CharField(blank=True, max_length=200)),
                ("legal_representative", models.CharField(blank=True, max_length=64)),
                ("wish", models.TextField(blank=True)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                (
                    "agent_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agents",
                        to="matters.party",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "ordering": ("place", "id"),
                "indexes": [models.Index(fields=["county", "identity_index"], name="party_identity")],
            },
        ),
        migrations.CreateModel(
            name="PartyContact",
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
                ("kind", models.CharField(choices=[("phone", "电话"), ("address", "住址")], max_length=8)),
                ("value", models.BinaryField()),
                ("index", models.BinaryField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="matters.party",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "id"),
                "indexes": [models.Index(fields=["county", "index"], name="contact_value")],
            },
        ),
        migrations.CreateModel(
            name="Procedure",
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
                            ("litigation", "诉讼"),
                            ("arbitration", "仲裁"),
                            ("administrative_review", "行政复议"),
                            ("petition", "信访"),
                            ("police", "公安办案"),
                            ("enforcement", "行政执法"),
                            ("notarisation", "公证"),
                            ("legal_aid", "法律援助"),
                            ("other", "其他"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("running", "正在进行"), ("ended", "已经终结"), ("final", "信访复核终结")],
                        max_length=8,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=80)),
                ("body", models.CharField(blank=True, max_length=100)),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Recusal",
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
                ("person_id", models.UUIDField()),
                ("reason", models.CharField(max_length=200)),
                ("recorded_by", models.UUIDField()),
                ("recorded_at", models.DateTimeField()),
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
                "constraints": [models.UniqueConstraint(fields=("matter", "person_id"), name="recusal_once")],
            },
        ),
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
                    "due_turn",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("earlier", "提前"),
                            ("later", "推后"),
                            ("begins", "新有期限"),
                            ("ends", "不再有期限"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("before_limit", models.CharField(blank=True, db_default="", default="", max_length=48)),
                ("after_limit", models.CharField(blank=True, db_default="", default="", max_length=48)),
                ("before_due", models.DateTimeField(blank=True, null=True)),
                ("after_due", models.DateTimeField(blank=True, null=True)),
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
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=40)),
                ("asked", models.JSONField(default=dict)),
                ("said", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.centre",
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
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("centre__isnull", True), ("removed_at__isnull", True)),
                        fields=("person", "name"),
                        name="own_view_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("centre__isnull", False), ("removed_at__isnull", True)),
                        fields=("centre", "name"),
                        name="shared_view_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
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
                    "method",
                    models.CharField(
                        choices=[("phone", "电话"), ("door", "上门"), ("window", "窗口")], max_length=8
                    ),
                ),
                ("reached", models.BooleanField()),
                (
                    "performance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "无需履行"),
                            ("running", "履行中"),
                            ("performed", "已履行"),
                            ("defaulted", "未履行"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "满意"),
                            ("basic", "基本满意"),
                            ("dissatisfied", "不满意"),
                            ("untold", "未表示"),
                        ],
                        max_length=12,
                    ),
                ),
                ("hidden_trouble", models.TextField(blank=True)),
                ("remark", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
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
            ],
            options={
                "ordering": ("at",),
            },
        ),
        migrations.CreateModel(
            name="Word",
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
                ("seq", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reason", "理由"),
                            ("grounds", "依据"),
                            ("explanation", "说明"),
                            ("summary", "情况"),
                            ("reply", "答复"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                ("salt", models.BinaryField()),
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
                "ordering": ("seq",),
                "indexes": [models.Index(fields=["matter", "seq"], name="word_of_event")],
            },
        ),
    ]
