from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import where_due

# Referrals with a day for the answer.
DUE = """
  SELECT t.county, t.restriction, t.matter_id FROM referrals_referral t JOIN matters_matter m ON m.id = t.matter_id
  WHERE t.state IN ('waiting', 'accepted') AND t.answer_by IS NOT NULL AND (t.chase_at IS NULL OR t.chase_at <= moment)
    AND m.state NOT IN ('closed', 'archived') AND m.outcome NOT IN ('withdrawn', 'merged')
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_walls")]

    operations = [
        # Not walls.grant: its way back takes every right on the table.
        migrations.RunSQL(
            f'GRANT UPDATE (chase_at) ON "referrals_referral" TO "{settings.APP_ROLE}"',
            f'REVOKE UPDATE (chase_at) ON "referrals_referral" FROM "{settings.APP_ROLE}"',
        ),
        where_due("referrals_days_due", DUE),
    ]
