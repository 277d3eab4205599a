"""Which assignments and whistles a post sees."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.dispatch.models import Assignment, Call, Whistle
from fengqiao.kernel.codes import division_level, division_prefix, prefix_range
from fengqiao.matters.models import Matter, Recusal


def assignments_visible_to(actor: Actor) -> QuerySet[Assignment]:
    """The assignments of matters that the post sees; a department's handler sees all parts of them."""
    return Assignment.objects.filter(
        county__in=actor.counties, matter__in=Matter.objects.visible_to(actor).order_by().values("pk")
    )


def whistles_visible_to(actor: Actor) -> QuerySet[Whistle]:
    """A department sees the whistles that call it, a centre those of its division.

    A whistle tells of its matter: a centre's post sees it only with the matter. Who is called need not see
    the matter, but nobody who stepped aside and no body that is complained of hears of it this way.
    """
    if actor.role is Role.HANDLER and actor.department_id:
        called = Call.objects.filter(whistle_id=OuterRef("pk"), department_id=actor.department_id)
        return Whistle.objects.filter(Exists(called), _may_be_called(actor), county__in=actor.counties)
    if actor.role not in CENTRE_ROLES and actor.role is not Role.SUPERVISOR:
        return Whistle.objects.none()
    seen = Matter.objects.visible_to(actor).filter(pk=OuterRef("matter_id"))
    whistles = Whistle.objects.filter(Q(matter=None) | Exists(seen), county__in=actor.counties)
    if division_level(actor.division) <= 3:
        return whistles
    low, high = prefix_range(division_prefix(actor.division))
    return whistles.filter(
        Q(centre_id=actor.centre_id) | Q(division_id__gte=low, division_id__lt=high),
    )


def calls_waiting_for(actor: Actor) -> QuerySet[Call]:
    """The calls that this department has not finished answering."""
    if actor.department_id is None:
        return Call.objects.none()
    return Call.objects.filter(
        _may_be_called(actor),
        county__in=actor.counties,
        department_id=actor.department_id,
        state__in=["called", "on_the_way", "there"],
    )


def _may_be_called(actor: Actor) -> Q:
    """The condition, on a whistle or a call, that its matter is not kept from this person."""
    stepped_aside = Recusal.objects.filter(matter_id=OuterRef("matter_id"), person_id=actor.person_id)
    complaint = Matter.objects.filter(pk=OuterRef("matter_id"), against_department_id__in=actor.bodies)
    return ~Exists(stepped_aside) & ~Exists(complaint)
