from django.db import migrations

from fengqiao.accounts.walls import grant

# Places are no secret: every post reads them. They are written by commands and by the administrator's pages.
TABLES = (
    "places_division",
    "places_grid",
    "places_centre",
    "places_department",
    "places_departmentservice",
    "places_residence",
    "places_post",
    "places_stationing",
)


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [grant(table, "select, insert, update") for table in TABLES]
