from django.db import migrations

from fengqiao.accounts.walls import grant


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [grant("accounts_person", "select, insert, update")]
