from django.db import migrations

from fengqiao.accounts.walls import county_wall, grant


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("accounts", "0002_grants")]

    # Removal is for the sweep of orphans; a file that a record refers to is held by its foreign key.
    operations = [grant("files_storedfile", "select, insert, delete"), county_wall("files_storedfile")]
