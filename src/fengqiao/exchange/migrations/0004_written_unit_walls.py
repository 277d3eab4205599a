from django.db import migrations

from fengqiao.accounts.walls import county_wall, grant


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_scheduled_exports"), ("accounts", "0002_grants")]

    # What a name means can be said anew; who said it and when moves with it.
    operations = [
        grant("exchange_writtenunit", "select, insert"),
        grant("exchange_writtenunit", "update (department_id, decided_by_id, decided_at)"),
        county_wall("exchange_writtenunit"),
    ]
