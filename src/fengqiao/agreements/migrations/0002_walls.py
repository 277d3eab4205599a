from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("matters", "0009_laid_before")]

    operations = [
        grant(
            "agreements_agreement",
            "select, insert, update (state, facts, issues, responsibility, draft, answers, checked_at, effective_on,"
            " ended_at, reason)",
        ),
        # What was promised stays as it was promised; what was performed of it is added up.
        grant("agreements_term", "select, insert, update (state, paid)"),
        grant("agreements_signature", "select, insert"),
        grant("agreements_termnote", "select, insert"),
        grant("agreements_agreementnumber", "select, insert, update (last)"),
        county_wall("agreements_agreementnumber"),
        *(
            each
            for table in (
                "agreements_agreement",
                "agreements_term",
                "agreements_signature",
                "agreements_termnote",
            )
            for each in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
