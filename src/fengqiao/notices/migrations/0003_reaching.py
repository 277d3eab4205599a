from django.conf import settings
from django.db import migrations

from fengqiao.accounts.walls import definer, grant, own_wall

# Notices and choices are their person's alone, so the sweep asks as the owner who has something to be passed on,
# and is told keys; each is then passed on in the name of its person.
OUTSIDE = """
    SELECT DISTINCT reaching.person_id, reaching.county::text
    FROM notices_reaching reaching
    JOIN notices_notice notice ON notice.person_id = reaching.person_id
    WHERE notice.read_at IS NULL AND notice.passed_on_at IS NULL
      AND notice.created_at >= reaching.since AND notice.created_at > moment - interval '3 days'
      AND (reaching.mail IS NOT NULL OR reaching.service IS NOT NULL)
      AND (reaching.next_look_at <= moment OR notice.urgency = 'urgent')
    LIMIT most
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_walls"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        grant("notices_notice", "update (passed_on_at)"),
        grant(
            "notices_reaching",
            "select, insert, update (mail, service, unwanted, quiet_from, quiet_until, digest_at, digest_on, "
            "next_look_at, failed_at)",
        ),
        own_wall("notices_reaching"),
        definer(
            "notices_to_pass_on(moment timestamptz, most integer)",
            "TABLE (person uuid, county text)",
            OUTSIDE,
            language="sql",
        ),
    ]
