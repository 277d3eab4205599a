"""Members of the committee: who is named on a day, and who must step aside from a matter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import prefix_range
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.aside import bound_to_step_aside as people_aside
from fengqiao.places.models import Stationing
from fengqiao.study.models import Member


def in_force(day: date) -> Q:
    """The condition "named on this day"."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))


def members_of(county: str) -> QuerySet[Member]:
    """Everybody whom the county has ever named, those in force first."""
    return (
        Member.objects.filter(county=county)
        .select_related("person", "post", "post__centre", "post__department")
        .order_by("valid_until", "person__name", "id")
    )


def to_invite(matter: Matter, day: date) -> list[Member]:
    """Who can be invited to a study of the matter: named today, still in their post, and not bound to step aside."""
    named = list(members_of(matter.county).filter(in_force(day), person__is_active=True))
    held = _held(named, day)
    aside = bound_to_step_aside(matter, named)
    return [each for each in named if (each.person_id, each.post_id) in held and each.pk not in aside]


def bound_to_step_aside(matter: Matter, members: Collection[Member]) -> set[UUID]:
    """Of these the members who must not take part (回避).

    Those who stepped aside from the matter, and those who belong to a body that is complained of.
    """
    aside = people_aside(matter, {each.person_id for each in members})
    return {each.pk for each in members if each.person_id in aside}


def _held(members: Collection[Member], day: date) -> set[tuple[UUID, UUID]]:
    found = Stationing.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        valid_from__lte=day,
        person_id__in=[each.person_id for each in members],
    )
    return set(found.values_list("person_id", "post_id"))


def nameable(actor: Actor) -> list[Stationing]:
    """Who can be named in the administrator's county: everybody in a post of the trade today, not yet a member."""
    named = Member.objects.filter(county=actor.county, valid_until=None).values("person_id")
    low, high = prefix_range(actor.county)
    today = clock.today()
    return list(
        Stationing.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            valid_from__lte=today,
            person__is_active=True,
            post__division_id__gte=low,
            post__division_id__lt=high,
        )
        .exclude(post__role__in=[*ADMINISTRATORS, Role.EXCHANGE])
        .exclude(person_id__in=named)
        .select_related("person", "post", "post__centre", "post__department", "post__division")
        .order_by("person__name", "id")
    )
