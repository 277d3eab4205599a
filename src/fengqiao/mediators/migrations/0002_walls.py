from django.db import migrations

from fengqiao.accounts.walls import county_wall, grant


class Migration(migrations.Migration):
    dependencies = [("mediators", "0001_initial")]

    operations = [
        # Who is entered anew is another row: what somebody could be asked about on a day stays readable.
        grant("mediators_mediator", "select, insert, update (valid_until)"),
        county_wall("mediators_mediator"),
    ]
