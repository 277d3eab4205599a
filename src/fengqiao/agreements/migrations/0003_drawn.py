from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_walls")]

    operations = [
        migrations.AddField("signature", "strokes", models.JSONField(null=True)),
        migrations.AddField(
            "signature", "drawn_sm3", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
