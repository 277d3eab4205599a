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
            name="Referral",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等答复"),
                            ("accepted", "已接收"),
                            ("refused", "未接收"),
                            ("returned", "已交回结果"),
                            ("called_back", "已撤回"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("office", models.CharField(max_length=200)),
                ("asked", models.TextField()),
                ("urgent", models.BooleanField(default=False)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("sent_at", models.DateTimeField()),
                ("signed_by", models.CharField(blank=True, max_length=100)),
                ("answer_by", models.DateField(blank=True, null=True)),
                ("consent_on", models.DateField(blank=True, null=True)),
                (
                    "consent_method",
                    models.CharField(
                        blank=True,
                        choices=[("in_person", "当面"), ("phone", "电话"), ("written", "书面")],
                        max_length=10,
                    ),
                ),
                ("agreed_by", models.CharField(blank=True, max_length=200)),
                ("paid_by", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("contact", models.CharField(blank=True, max_length=100)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "调解成功"),
                            ("failed", "调解不成"),
                            ("withdrawn", "撤回申请"),
                            ("done", "已办理"),
                            ("not_done", "没有办成"),
                            ("granted", "给予"),
                            ("denied", "不给予"),
                            ("decided", "已裁决"),
                        ],
                        max_length=12,
                    ),
                ),
                ("result", models.TextField(blank=True)),
                ("received_by", models.CharField(blank=True, max_length=100)),
                ("chase_at", models.DateTimeField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
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
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
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
                "ordering": ("sent_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "accepted"))),
                        fields=["county", "sent_at"],
                        name="referral_open",
                    ),
                    models.Index(
                        condition=models.Q(("department__isnull", False)),
                        fields=["department", "sent_at"],
                        name="referral_of_office",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("answer_by__isnull", False), ("state__in", ("waiting", "accepted"))
                        ),
                        fields=["chase_at"],
                        name="referral_chased",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "accepted"))),
                        fields=("matter", "kind", "party"),
                        name="one_open_referral",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ("waiting", "accepted"))),
                            models.Q(
                                models.Q(("state__in", ("waiting", "accepted")), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="referral_ends_at_a_moment",
                    ),
                ],
            },
        ),
    ]
