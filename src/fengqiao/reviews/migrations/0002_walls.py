from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        # What was entered stays as it was entered; the reply and the withdrawal fill the columns that were empty.
        grant(
            "reviews_listedfact",
            "select, insert, update (reply, replied_by_id, replied_at, withdrawal, withdrawn_by_id, withdrawn_at)",
        ),
        matter_wall("reviews_listedfact"),
        belongs_to_matter("reviews_listedfact"),
    ]
