import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

import fengqiao.kernel.ids
from fengqiao.accounts.walls import definer, grant, own_wall

# Notices and choices are their person's alone, so the sweep asks as the owner who has something to be passed on,
# and is told keys; each is then passed on in the name of its person.
OUTSIDE = """
    SELECT DISTINCT reaching.person_id, reaching.county::text
    FROM notices_reaching reaching
    JOIN notices_notice notice ON notice.person_id = reaching.person_id
    WHERE notice.read_at IS NULL AND notice.passed_on_at IS NULL
      AND notice.created_at >= reaching.since AND notice.created_at > moment - interval '3 days'
      AND (reaching.mail IS NOT NULL OR reaching.service IS NOT NULL)
      AND (reaching.next_look_at <= moment OR notice.urgency = 'urgent')
    LIMIT most
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notices", "0002_walls"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("notice", "passed_on_at", models.DateTimeField(null=True)),
        AddIndexConcurrently(
            "notice",
            models.Index(
                fields=["person", "created_at"],
                name="notice_waits_outside",
                condition=Q(read_at__isnull=True, passed_on_at__isnull=True),
            ),
        ),
        migrations.CreateModel(
            name="Reaching",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fengqiao.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("mail", models.BinaryField(null=True)),
                ("service", models.BinaryField(null=True)),
                ("unwanted", models.JSONField(default=list)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("digest_at", models.TimeField(null=True)),
                ("digest_on", models.DateField(null=True)),
                ("since", models.DateTimeField()),
                ("next_look_at", models.DateTimeField()),
                ("failed_at", models.DateTimeField(null=True)),
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
                "constraints": [models.UniqueConstraint(fields=("person", "county"), name="reaching_once")],
            },
        ),
        grant("notices_notice", "update (passed_on_at)"),
        grant(
            "notices_reaching",
            "select, insert, update (mail, service, unwanted, quiet_from, quiet_until, digest_at, digest_on, "
            "next_look_at, failed_at)",
        ),
        own_wall("notices_reaching"),
        definer(
            "notices_to_pass_on(moment timestamptz, most integer)",
            "TABLE (person uuid, county text)",
            OUTSIDE,
            language="sql",
        ),
    ]
