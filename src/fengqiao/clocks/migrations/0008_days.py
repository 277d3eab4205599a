import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import fengqiao.kernel.ids
from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, where_due

# Parties' own time to go to a court, of which whoever keeps the matter reminds them.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM clocks_clock t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state = 'running' AND t."limit" IN ('mediation.confirm_apply', 'mediation.enforce_apply')
    AND t.due_at IS NOT NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("clocks", "0007_restricted_readers"), ("matters", "0011_replayed_limits")]

    operations = [
        migrations.CreateModel(
            name="DayTold",
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
                ("subject_id", models.UUIDField()),
                ("rung", models.CharField(max_length=48)),
                ("counted_from", models.DateTimeField()),
                ("reached_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
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
                "ordering": ("reached_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "rung", "counted_from"), name="day_told_once"
                    )
                ],
            },
        ),
        grant("clocks_daytold", "select, insert"),
        matter_wall("clocks_daytold"),
        belongs_to_matter("clocks_daytold"),
        AddIndexConcurrently(
            "clock",
            models.Index(
                condition=models.Q(
                    ("limit__in", ("mediation.confirm_apply", "mediation.enforce_apply")),
                    ("state", "running"),
                ),
                fields=["county", "chase_at"],
                name="clock_of_parties",
            ),
        ),
        where_due("clocks_days_due", DUE),
    ]
