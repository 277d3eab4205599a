from django.db import migrations

from fengqiao.accounts.walls import definer, grant, kept_wall

# Whoever puts the due ones into the queue acts for everybody: this tells which subscriptions, and nothing of them.
DUE = """
  SELECT s.id, s.county::text FROM exchange_subscription s
  WHERE (s.busy_until IS NULL OR s.busy_until < moment) AND (s.resting_until IS NULL OR s.resting_until <= moment)
    AND EXISTS (SELECT FROM exchange_delivery d
                WHERE d.subscription_id = s.id AND d.status = 'waiting' AND d.due_at <= moment)
  ORDER BY s.id LIMIT most
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_written_unit_walls")]

    # Where a subscription sends to, what, and with which secret is never changed: it ends, and another is made.
    operations = [
        grant(
            "exchange_subscription",
            "select, insert, update (ended_at, ended_by_id, failures, resting_until, busy_until)",
        ),
        grant(
            "exchange_delivery",
            "select, insert, delete, "
            "update (status, due_at, give_up_at, tries, tried_at, answer, problem, done_at)",
        ),
        kept_wall("exchange_subscription"),
        kept_wall("exchange_delivery"),
        definer(
            "webhooks_due(moment timestamptz, most integer)",
            "TABLE (subscription uuid, county text)",
            DUE,
            language="sql",
        ),
    ]
