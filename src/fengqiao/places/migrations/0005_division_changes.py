from django.db import migrations

from fengqiao.accounts.walls import grant

KINDS = [("added", "新设"), ("renamed", "更名"), ("ended", "已撤销"), ("reopened", "已恢复")]


class Migration(migrations.Migration):
    """What notices say of divisions. Places are no secret; a row is added and never changed."""

    dependencies = [("places", "0004_people_are_entered")]

    operations = [
        grant("places_divisionchange", "select, insert"),
    ]
