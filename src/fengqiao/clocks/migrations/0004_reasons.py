from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0003_facts_and_clocks")]

    operations = [
        migrations.AddField(
            model_name="fact",
            name="reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
