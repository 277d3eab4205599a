from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_sampling_walls")]

    operations = [
        # Why it was opened and what was known then stays; each act fills the columns that were empty.
        grant(
            "reviews_review",
            "select, insert, update (state, findings, found_by_id, found_at, conclusion, concluded_by_id, "
            "concluded_at, to_mend, mend_by, answer, answered_by_id, answered_at)",
        ),
        matter_wall("reviews_review"),
        belongs_to_matter("reviews_review"),
    ]
