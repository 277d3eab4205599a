from django.db import migrations, models


class Migration(migrations.Migration):
    """Two who amend a division or grid at once do not overwrite each other."""

    dependencies = [("places", "0008_who_was_present")]

    operations = [
        migrations.AddField("division", "version", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddField("grid", "version", models.PositiveIntegerField(default=1, db_default=1)),
    ]
