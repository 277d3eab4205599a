import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    """People are entered before they hold a post."""

    dependencies = [
        ("accounts", "0003_sessions_end"),
        ("places", "0006_machine_grants"),
    ]

    operations = [
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
        grant("places_enrolment", "select, insert, update"),
    ]
