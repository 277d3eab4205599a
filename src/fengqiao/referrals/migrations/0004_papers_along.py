import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0012_stakes"),
        ("referrals", "0003_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferralPaper",
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
                ("sent_at", models.DateTimeField()),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matterfile"
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
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="referrals.referral",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("sent_at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "file"), name="paper_goes_along_once")
                ],
            },
        ),
    ]
