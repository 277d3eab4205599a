from django.db import migrations, models


class Migration(migrations.Migration):
    # One more code in the list of what a column may hold: the list is no part of the table.
    safe_because = "only the list of codes grows, which the database does not know of: no statement is run"

    dependencies = [
        ("dossier", "0005_recommendations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="service",
            name="paper",
            field=models.CharField(
                choices=[
                    ("receipt", "登记回执"),
                    ("notice", "告知书"),
                    ("dispatch", "交办单"),
                    ("return", "退回单"),
                    ("reply", "答复书"),
                    ("letter", "督办文书"),
                    ("advice", "源头治理建议书"),
                    ("report", "风险直报"),
                    ("form", "卷宗文书"),
                ],
                max_length=10,
            ),
        ),
    ]
