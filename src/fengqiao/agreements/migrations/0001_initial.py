import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("matters", "0001_initial"),
        ("mediation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementNumber",
            fields=[
                ("key", models.CharField(max_length=11, primary_key=True, serialize=False)),
                ("county", models.CharField(max_length=6)),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Agreement",
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
                    "way",
                    models.CharField(choices=[("written", "书面协议"), ("oral", "口头协议")], max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "拟写、签署中"), ("effective", "已生效"), ("dropped", "没有签成")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("facts", models.TextField()),
                ("issues", models.TextField()),
                ("responsibility", models.TextField(blank=True)),
                ("draft", models.PositiveSmallIntegerField(default=1)),
                ("answers", models.JSONField(default=dict)),
                ("drafted_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("effective_on", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "drafted_by",
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
                (
                    "mediation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="mediation.mediation",
                    ),
                ),
            ],
            options={
                "ordering": ("drafted_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("mediation",),
                        name="one_draft_of_a_mediation",
                    ),
                    models.UniqueConstraint(fields=("county", "year", "number"), name="agreement_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("effective_on__isnull", False), ("state", "effective")),
                            models.Q(
                                models.Q(("state", "effective"), _negated=True),
                                ("effective_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="effective_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
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
                    "signer",
                    models.CharField(
                        choices=[("party", "当事人"), ("mediator", "调解员"), ("organisation", "调解组织")],
                        max_length=14,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "mark",
                    models.CharField(
                        choices=[("signature", "签名"), ("seal", "盖章"), ("fingerprint", "按指印")],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("strokes", models.JSONField(null=True)),
                ("drawn_sm3", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("recorded_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.party",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="agreements.agreement",
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
                        related_name="+",
                        to="matters.party",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("recorded_at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "party"), name="party_signs_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("party__isnull", True)),
                        fields=("agreement", "signer"),
                        name="others_sign_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sketch",
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
                ("draft", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField()),
                ("cells", models.JSONField(default=dict)),
                ("order", models.JSONField(default=list)),
                ("marks", models.JSONField(default=dict)),
                ("replaced", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sketches",
                        to="agreements.agreement",
                    ),
                ),
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
                (
                    "mediation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sketches",
                        to="mediation.mediation",
                    ),
                ),
            ],
            options={
                "ordering": ("version", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_at__isnull", True)),
                        fields=("mediation",),
                        name="one_sketch_of_a_mediation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
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
                ("draft", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("pay", "付钱"), ("do", "做到"), ("refrain", "不再做")], max_length=8
                    ),
                ),
                ("what", models.TextField()),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("due", models.DateField(blank=True, null=True)),
                ("how", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "未生效"),
                            ("due", "待履行"),
                            ("part", "部分履行"),
                            ("done", "已履行"),
                            ("lasting", "长期遵守"),
                        ],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("paid", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ("chase_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.party",
                    ),
                ),
                (
                    "debtor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.party"
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
                "ordering": ("place", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("due", "part"))),
                        fields=["county", "due"],
                        name="term_owed",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("due", "part"))),
                        fields=["chase_at"],
                        name="term_chased",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "draft", "place"), name="term_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "pay"), _negated=True),
                            models.Q(("amount__gt", 0), ("due__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_has_amount_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "do"), _negated=True), ("due__isnull", False), _connector="OR"
                        ),
                        name="deed_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermNote",
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
                            ("performed", "履行"),
                            ("reminded", "催告"),
                            ("visited", "上门"),
                            ("advised", "告知救济途径"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("text", models.TextField()),
                ("advice", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField()),
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
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="agreements.term",
                    ),
                ),
            ],
            options={
                "ordering": ("recorded_at", "id"),
            },
        ),
    ]
