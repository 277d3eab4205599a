from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("confirmation", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        grant(
            "confirmation_courtcase",
            "select, insert, update (state, court, level, ground, why, answers, serves, applicants, number, filed_on,"
            " late, docketed_on, ended_on, reason, result, ruling_id)",
        ),
        # What happened stays as it was written down.
        grant("confirmation_courtnote", "select, insert"),
        # A suit that ends is no running procedure any more.
        migrations.RunSQL(
            f'GRANT UPDATE (stage, number) ON matters_procedure TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (stage, number) ON matters_procedure FROM "{settings.APP_ROLE}"',
        ),
        *(
            each
            for table in ("confirmation_courtcase", "confirmation_courtnote")
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
