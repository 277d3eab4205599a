from django.db import migrations, models

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    dependencies = [("matters", "0013_informed")]

    operations = [
        migrations.AddField("matter", "harm_on", models.DateField(blank=True, null=True)),
        migrations.AddField("matter", "public_place", models.BooleanField(blank=True, null=True)),
        migrations.AddField("matter", "needs_care", models.BooleanField(blank=True, null=True)),
        migrations.AddField(
            "matter", "care", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        grant("matters_matter", "update (harm_on, public_place, needs_care, care)"),
    ]
