import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0002_walls"),
        ("places", "0002_grants"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="matters.matter",
            ),
        ),
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (merged_into_id) ON "matters_matter" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (merged_into_id) ON "matters_matter" FROM "{settings.APP_ROLE}"',
        ),
        migrations.AlterField(
            model_name="disposition",
            name="outcome",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="matter",
            name="outcome",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="matter_merged_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("outcome", "merged")),
                    models.Q(("merged_into", None), models.Q(("outcome", "merged"), _negated=True)),
                    _connector="OR",
                ),
                name="matter_merged_by_outcome",
            ),
        ),
    ]
