"""Who can take a matter in charge by their post."""

from __future__ import annotations

from django.db.models import QuerySet

from fengqiao.accounts.enums import LEADERS
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force


def leaders_for(matter: Matter) -> QuerySet[Stationing]:
    """The leaders, today, of the centre that holds the matter, of the one above it and of where it was registered."""
    centres = [each for each in (matter.holder_id, matter.holder.upper_id, matter.centre_id) if each]
    return (
        Stationing.objects.filter(
            in_force(clock.today()),
            post__centre_id__in=centres,
            post__role__in=[str(role) for role in LEADERS],
            person__is_active=True,
        )
        .select_related("person", "post__centre")
        .order_by("post__centre__division_id", "post__role", "person__name")
    )
