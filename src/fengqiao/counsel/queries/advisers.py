"""The roster of legal advisers, and what each was asked as rows."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.counsel.models import Adviser
from fengqiao.counsel.policies import consultations_visible_to, may_read_teams


def visible_to(actor: Actor) -> QuerySet[Adviser]:
    """The advisers of the counties that a post of a centre reaches."""
    if actor.department_id is not None or not may_read_teams(actor):
        return Adviser.objects.none()
    return Adviser.objects.filter(county__in=actor.counties)


def listed(actor: Actor) -> list[Adviser]:
    """Everybody, by kind and name, each with how many consultations they were ``asked`` to and how many answers
    are in (``answers``): of those that the post sees."""
    seen = Q(invitations__consultation__in=consultations_visible_to(actor).order_by().values("pk"))
    found = visible_to(actor).annotate(
        asked=Count("invitations", filter=seen, distinct=True),
        answers=Count("invitations__opinion", filter=seen, distinct=True),
    )
    return list(found.order_by("kind", "name", "id"))


def in_force(county: str, day: date) -> QuerySet[Adviser]:
    """Who can be asked on a day."""
    until = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    return Adviser.objects.filter(until, county=county, valid_from__lte=day).order_by("kind", "name", "id")
