from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_walls")]

    operations = [
        migrations.AddField(
            "measure", "table_version", models.CharField(blank=True, db_default="", default="", max_length=32)
        ),
        migrations.AddField(
            "measure", "basis", models.CharField(blank=True, db_default="", default="", max_length=300)
        ),
        migrations.AddField(
            "measure", "report_days", models.PositiveSmallIntegerField(blank=True, null=True)
        ),
    ]
