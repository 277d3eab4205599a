from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, published_wall


class Migration(migrations.Migration):
    dependencies = [("pool", "0001_initial")]

    operations = [
        # The address and the day a room began stay; what is told of it is put right.
        grant(
            "pool_brandroom",
            "select, insert, update (name, name_en, place, place_en, way, way_en, days, opens, closes, opens_again, "
            "closes_again, fields, story, story_en, picture, picture_type, public, valid_until, version)",
        ),
        published_wall("pool_brandroom"),
        grant("pool_atwork", "select, insert, update (public, valid_until)"),
        published_wall("pool_atwork"),
        grant("pool_heldat", "select, insert"),
        matter_wall("pool_heldat"),
        belongs_to_matter("pool_heldat"),
    ]
