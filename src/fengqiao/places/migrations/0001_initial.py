import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("telephone", models.CharField(blank=True, default="", max_length=32)),
                ("address", models.CharField(blank=True, default="", max_length=100)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("short_name", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("politics_law", "政法委"),
                            ("court", "法院"),
                            ("procuratorate", "检察院"),
                            ("police", "公安"),
                            ("justice", "司法行政"),
                            ("petition", "信访"),
                            ("labour", "人社"),
                            ("housing", "住建"),
                            ("natural_resources", "自然资源"),
                            ("agriculture", "农业农村"),
                            ("urban_management", "城管"),
                            ("market", "市场监管"),
                            ("education", "教育"),
                            ("health", "卫健"),
                            ("civil_affairs", "民政"),
                            ("transport", "交通运输"),
                            ("water", "水利"),
                            ("ecology", "生态环境"),
                            ("emergency", "应急管理"),
                            ("womens_federation", "妇联"),
                            ("trade_union", "总工会"),
                            ("tax", "税务"),
                            ("overseas_chinese", "侨务"),
                            ("veterans", "退役军人事务"),
                            ("culture", "文广旅体"),
                            ("finance", "金融工作"),
                            ("arbitration", "劳动人事争议仲裁委"),
                            ("territory", "属地镇街"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "upper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lower",
                        to="places.department",
                    ),
                ),
            ],
            options={
                "ordering": ("division_id", "kind", "name"),
            },
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=128)),
                ("version", models.PositiveIntegerField(db_default=1, default=1)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.division",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="DepartmentService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="places.department"),
                ),
                (
                    "division",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.division"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("department", "division"), name="service_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="department",
            name="division",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="departments", to="places.division"
            ),
        ),
        migrations.AddField(
            model_name="department",
            name="serves",
            field=models.ManyToManyField(
                related_name="served_by", through="places.DepartmentService", to="places.division"
            ),
        ),
        migrations.CreateModel(
            name="Centre",
            fields=[
                ("telephone", models.CharField(blank=True, default="", max_length=32)),
                ("address", models.CharField(blank=True, default="", max_length=100)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                (
                    "level",
                    models.CharField(
                        choices=[("city", "市级"), ("county", "县级"), ("town", "镇街"), ("village", "村居")],
                        max_length=8,
                    ),
                ),
                (
                    "upper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lower",
                        to="places.centre",
                    ),
                ),
                (
                    "division",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="centre",
                        to="places.division",
                    ),
                ),
            ],
            options={
                "ordering": ("division_id",),
            },
        ),
        migrations.CreateModel(
            name="DivisionChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "新设"),
                            ("renamed", "更名"),
                            ("ended", "已撤销"),
                            ("reopened", "已恢复"),
                        ],
                        max_length=8,
                    ),
                ),
                ("day", models.DateField()),
                ("source", models.CharField(blank=True, max_length=128)),
                ("name", models.CharField(max_length=64)),
                ("entered_by", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="places.division",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_in",
                        to="places.division",
                    ),
                ),
            ],
            options={
                "ordering": ("entered_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="enrolment",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("telephone", models.BinaryField(null=True)),
                ("entered_by", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.division"
                    ),
                ),
                (
                    "home_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.department",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[
                ("code", models.CharField(max_length=15, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(db_default=1, default=1)),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grids",
                        to="places.division",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("registrar", "登记岗"),
                            ("petition_officer", "信访岗"),
                            ("legal_officer", "政法服务岗"),
                            ("industry_officer", "行业部门岗"),
                            ("dispatcher", "调度岗"),
                            ("mediator", "调解员"),
                            ("handler", "部门承办人"),
                            ("director", "中心主任"),
                            ("executive_deputy", "常务副主任"),
                            ("standing_deputy", "常驻副主任"),
                            ("duty_commander", "值班指挥长"),
                            ("petition_inspector", "信访督查员"),
                            ("supervisor", "督导员"),
                            ("commission", "政法委督办岗"),
                            ("auditor", "审计管理员"),
                            ("system_administrator", "系统管理员"),
                            ("security_administrator", "安全管理员"),
                            ("exchange", "数据交换"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="places.centre",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="places.department",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="places.division",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("centre__isnull", True), ("department__isnull", True), _connector="OR"
                        ),
                        name="post_at_one_place",
                    ),
                    models.UniqueConstraint(
                        fields=("role", "division", "centre", "department"),
                        name="post_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("resident", "常驻"), ("rotating", "轮驻"), ("left", "已撤出")],
                        max_length=12,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to="places.centre",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to="places.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "department"), name="residence_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stationing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "home_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stationings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stationings",
                        to="places.post",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "valid_from"], name="stationing_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until__isnull", True)),
                        fields=("person", "post"),
                        name="stationing_once",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "post", "valid_from"), name="stationing_begun_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MachineClient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="machine",
                        to="allauth_idp_oidc.client",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stationing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="machines",
                        to="places.stationing",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(fields=("division", "name"), name="department_once"),
        ),
    ]
