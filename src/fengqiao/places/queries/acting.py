"""Which posts a person holds today, and the actor that a post makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.kernel.codes import county_of, division_level, prefix_range
from fengqiao.places.models import Division, Stationing


def stationings(*, person_id: UUID, on: date) -> QuerySet[Stationing]:
    """The posts that the person holds on a day, with all that naming them needs (one statement)."""
    return (
        Stationing.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on), person_id=person_id, valid_from__lte=on
        )
        .select_related("person", "post", "post__centre", "post__department", "post__division")
        .order_by("valid_from", "id")
    )


def actor_of(stationing: Stationing) -> Actor:
    """The actor: the walls of a city post open its counties too, those of an administrator open none."""
    post = stationing.post
    role = Role(post.role)
    division = post.division_id
    reach = tuple(counties_below(division))
    return Actor(
        person_id=stationing.person_id,
        name=stationing.person.name,
        role=role,
        county=county_of(division),
        counties=() if role in ADMINISTRATORS else reach,
        audit_counties=reach if role is Role.AUDITOR else (),
        post_id=post.id,
        centre_id=post.centre_id,
        department_id=post.department_id,
        home_department_id=stationing.home_department_id,
        division=division,
        place_label=place_label(stationing),
    )


def place_label(stationing: Stationing) -> str:
    """How the page names the place of a post."""
    post = stationing.post
    place = post.centre or post.department or post.division
    return str(place.name)


def counties_below(division: str) -> Iterable[str]:
    """The county codes whose records a post at this division may reach: one, or a city's own and all of it."""
    if division_level(division) >= 3:
        return [county_of(division)]
    prefix = division[: 2 * division_level(division)]
    low, high = prefix_range(prefix)
    codes = Division.objects.filter(code__gte=low, code__lt=high, code__endswith="000000")
    return sorted({county_of(code) for code in codes.values_list("code", flat=True)})
