from django.db import migrations, models


class Migration(migrations.Migration):
    """Who comes back to a post holds it a second time; the first time keeps its own dates."""

    dependencies = [("places", "0002_grants")]

    operations = [
        migrations.RemoveConstraint(model_name="stationing", name="stationing_once"),
        migrations.AddConstraint(
            model_name="stationing",
            constraint=models.UniqueConstraint(
                fields=("person", "post"),
                condition=models.Q(("valid_until__isnull", True)),
                name="stationing_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="stationing",
            constraint=models.UniqueConstraint(
                fields=("person", "post", "valid_from"), name="stationing_begun_once"
            ),
        ),
    ]
