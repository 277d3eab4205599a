"""Which assignments and whistles a post sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.dispatch.models import Assignment, Call, Whistle
from fengqiao.kernel.codes import division_level, division_prefix, prefix_range
from fengqiao.matters.models import Matter


def assignments_visible_to(actor: Actor) -> QuerySet[Assignment]:
    """The assignments of matters that the post sees; a department's handler sees all parts of them."""
    return Assignment.objects.filter(
        county__in=actor.counties, matter__in=Matter.objects.visible_to(actor).order_by().values("pk")
    )


def whistles_visible_to(actor: Actor) -> QuerySet[Whistle]:
    """A department sees the whistles that call it, a centre those of its division."""
    if actor.role is Role.HANDLER and actor.department_id:
        return Whistle.objects.filter(
            county__in=actor.counties, calls__department_id=actor.department_id
        ).distinct()
    if actor.role not in CENTRE_ROLES and actor.role is not Role.SUPERVISOR:
        return Whistle.objects.none()
    if division_level(actor.division) <= 3:
        return Whistle.objects.filter(county__in=actor.counties)
    low, high = prefix_range(division_prefix(actor.division))
    return Whistle.objects.filter(
        Q(centre_id=actor.centre_id) | Q(division_id__gte=low, division_id__lt=high),
        county__in=actor.counties,
    )


def calls_waiting_for(actor: Actor) -> QuerySet[Call]:
    """The calls that this department has not finished answering."""
    if actor.department_id is None:
        return Call.objects.none()
    return Call.objects.filter(
        county__in=actor.counties,
        department_id=actor.department_id,
        state__in=["called", "on_the_way", "there"],
    )
