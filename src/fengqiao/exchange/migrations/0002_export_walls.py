from django.db import migrations

from fengqiao.accounts.walls import grant, own_wall


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("accounts", "0002_grants")]

    # An order is never removed: what left the house stays written down when its files are gone.
    operations = [
        grant("exchange_exportrun", "select, insert"),
        grant(
            "exchange_exportrun",
            "update (state, rows, left_out, reason, finished_at, file_id, cover_id)",
        ),
        own_wall("exchange_exportrun"),
    ]
