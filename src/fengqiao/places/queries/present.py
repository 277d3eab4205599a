"""Who is at a centre by post today: people with their posts, and the departments that sit there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from fengqiao.accounts.enums import Role
from fengqiao.places.enums import RESIDENT_SEVEN, ResidenceMode
from fengqiao.places.models import Residence, Stationing
from fengqiao.places.queries.divisions import in_force


def stationed_at(centre_id: UUID, roles: Iterable[Role], on: date) -> list[Stationing]:
    """Who holds one of these posts of a centre on a day, by name; one statement. Posts, not attendance."""
    found = Stationing.objects.filter(
        in_force(on), post__centre_id=centre_id, post__role__in=[str(role) for role in roles]
    ).exclude(Q(person__is_active=False) | Q(person__is_machine=True))
    return list(
        found.select_related("person", "post", "home_department").order_by("post__role", "person__name", "pk")
    )


def residing_at(centre_id: UUID) -> dict[ResidenceMode, list[str]]:
    """The short names of the departments that are resident at a centre and of those that come in turn."""
    found = Residence.objects.filter(centre_id=centre_id, department__valid_until=None)
    order = {str(kind): place for place, kind in enumerate(RESIDENT_SEVEN)}
    named: dict[ResidenceMode, list[tuple[int, str]]] = {}
    for each in found.select_related("department"):
        place = order.get(each.department.kind, len(order))
        named.setdefault(ResidenceMode(each.mode), []).append((place, each.department.short_name))
    return {mode: [name for _place, name in sorted(these)] for mode, these in named.items()}
