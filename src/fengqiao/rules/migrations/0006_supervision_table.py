from django.db import migrations, models


class Migration(migrations.Migration):
    # One more code in the list of what a column may hold: the list is no part of the table.
    safe_because = "only the list of codes grows, which the database does not know of: no statement is run"

    dependencies = [("rules", "0005_direct_report_table")]

    operations = [
        migrations.AlterField(
            model_name="tableversion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("track", "分类流转规则"),
                    ("risk", "风险研判规则"),
                    ("tier", "分级处置规则"),
                    ("report", "风险直报规则"),
                    ("supervision", "督办提请规则"),
                    ("limits", "本县自设时限"),
                ],
                max_length=12,
            ),
        ),
    ]
