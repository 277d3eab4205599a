from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("dossier", "0001_initial"), ("matters", "0002_walls")]

    operations = [
        grant("dossier_service", "select, insert"),
        matter_wall("dossier_service"),
        belongs_to_matter("dossier_service"),
    ]
