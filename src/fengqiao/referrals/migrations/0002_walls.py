from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        # What was asked stays as it was asked; what was answered comes beside it.
        grant(
            "referrals_referral",
            "select, insert, update (state, number, accepted_at, contact, reminded_at, ended_at, outcome, result,"
            " received_by, paper_id)",
        ),
        matter_wall("referrals_referral"),
        belongs_to_matter("referrals_referral"),
    ]
