from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("pool", "0004_walls_of_lawyers")]

    operations = [
        grant("pool_marketbody", "select, insert, update (valid_until)"),
        county_wall("pool_marketbody"),
        # What was charged since when stays readable.
        grant("pool_feeschedule", "select, insert"),
        county_wall("pool_feeschedule"),
        grant("pool_feeagreement", "select, insert"),
        matter_wall("pool_feeagreement"),
        belongs_to_matter("pool_feeagreement"),
    ]
