from django.db import migrations

from fengqiao.accounts.walls import grant, own_wall


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_webhook_walls"), ("accounts", "0002_grants")]

    # A run is never removed: what came in stays written down when its file and its bad rows are gone.
    operations = [
        grant("exchange_importrun", "select, insert"),
        grant(
            "exchange_importrun",
            "update (already, as_of, attempt, bad_file_id, columns, file_id, finished_at, mapping, reason, "
            "registered, rejected, repeated, rows, sample, state, total, touched_at, units)",
        ),
        own_wall("exchange_importrun"),
        grant("exchange_badrow", "select, insert, delete"),
        own_wall("exchange_badrow"),
    ]
