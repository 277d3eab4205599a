from django.db import migrations, models

import fengqiao.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("chain", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("county", models.CharField(max_length=6)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.CharField(max_length=24)),
                ("seq", models.PositiveIntegerField()),
                ("county", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                ("person_id", models.UUIDField(null=True)),
                ("post_id", models.UUIDField(null=True)),
                ("role", models.CharField(blank=True, max_length=24)),
                ("verb", models.CharField(max_length=64)),
                ("subject", models.CharField(blank=True, max_length=96)),
                ("result", models.CharField(choices=[("done", "已办"), ("refused", "被拒")], max_length=8)),
                ("content", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["county", "-at"], name="entry_newest"),
                    models.Index(fields=["subject"], name="entry_subject"),
                ],
                "constraints": [models.UniqueConstraint(fields=("chain", "seq"), name="entry_place")],
            },
        ),
    ]
