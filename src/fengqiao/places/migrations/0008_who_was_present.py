from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0007_people_are_entered"),
    ]

    operations = [
        migrations.AlterField(
            model_name="residence",
            name="mode",
            field=models.CharField(
                choices=[("resident", "常驻"), ("rotating", "轮驻"), ("left", "已撤出")], max_length=12
            ),
        ),
    ]
