from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, published_wall


class Migration(migrations.Migration):
    dependencies = [("pool", "0003_walls_of_talents")]

    operations = [
        grant("pool_turn", "select, insert, update (valid_until)"),
        published_wall("pool_turn"),
        grant("pool_turnchange", "select, insert"),
        published_wall("pool_turnchange"),
        grant("pool_appointment", "select, insert, update (state, why, advised, ended_by, ended_at)"),
        grant("pool_following", "select, insert, update (ended_at)"),
        *(
            operation
            for table in ("pool_appointment", "pool_following")
            for operation in (matter_wall(table), belongs_to_matter(table))
        ),
    ]
