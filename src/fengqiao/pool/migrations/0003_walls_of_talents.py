from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, county_wall, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("pool", "0002_walls")]

    operations = [
        grant("pool_talent", "select, insert, update (valid_until)"),
        county_wall("pool_talent"),
        grant("pool_asked", "select, insert, update (reply, reason, replied_at)"),
        matter_wall("pool_asked"),
        belongs_to_matter("pool_asked"),
    ]
