from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall

RIGHTS = {
    "dispatch_dispatch": "select, insert, update (ended_at)",
    "dispatch_assignment": (
        "select, insert, update (state, since, reply_by, checked_in_at, handler_id, sign_off_due)"
    ),
    "dispatch_returnrequest": (
        "select, insert, update (decision, grounds, decided_by_id, decided_role, decided_at, given_to_id)"
    ),
    "dispatch_progress": "select, insert",
    "dispatch_extension": "select, insert, update (decision, decided_by_id, decided_at, answer)",
    "dispatch_signoff": "select, insert",
    "dispatch_notice": "select, insert",
    "dispatch_whistle": "select, insert, update (ended_at)",
    "dispatch_call": (
        "select, insert, update (state, on_the_way_at, there_at, done_at, answered_by_id, result)"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("matters", "0002_walls")]

    operations = [
        operation
        for table, rights in RIGHTS.items()
        for operation in (grant(table, rights), matter_wall(table), belongs_to_matter(table))
    ]
