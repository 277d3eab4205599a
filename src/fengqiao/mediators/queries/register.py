"""The register of mediators: who is in it, and who can be entered."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import prefix_range
from fengqiao.mediators.models import Mediator
from fengqiao.mediators.policies import may_read
from fengqiao.places.models import Division, Stationing
from fengqiao.places.queries.divisions import in_force


def visible_to(actor: Actor) -> QuerySet[Mediator]:
    """Everybody whom the actor's counties have ever entered, those in force first."""
    if not may_read(actor):
        return Mediator.objects.none()
    return (
        Mediator.objects.filter(county__in=actor.counties)
        .select_related("person", "post", "post__centre")
        .order_by("valid_until", "person__name", "id")
    )


def to_enter(centre_id: UUID) -> list[Stationing]:
    """Mediators of a centre who are not in the register."""
    entered = Mediator.objects.filter(valid_until=None, post__centre_id=centre_id).values("person_id")
    return list(
        Stationing.objects.filter(
            in_force(clock.today()),
            post__centre_id=centre_id,
            post__role=Role.MEDIATOR,
            person__is_active=True,
        )
        .exclude(person_id__in=entered)
        .select_related("person", "post", "post__centre")
        .order_by("person__name", "id")
    )


def towns_of(county: str) -> list[tuple[str, str]]:
    """Code and name of each town and street of the county today."""
    low, high = prefix_range(county)
    found = Division.objects.filter(
        in_force(clock.today()), code__gte=low, code__lt=high, code__endswith="000"
    )
    return [(each.code, each.name) for each in found.order_by("code") if not each.code.endswith("000000")]
