import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnsweredRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("client", models.CharField(blank=True, max_length=80)),
                ("key", models.CharField(max_length=80)),
                ("digest", models.BinaryField()),
                ("answer", models.JSONField()),
                ("answered_at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["answered_at"], name="answered_when")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("county", "person", "client", "key"), name="answered_once"
                    )
                ],
            },
        ),
    ]
