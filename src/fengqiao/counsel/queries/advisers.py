"""The roster of legal advisers, and what each was asked as rows."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from fengqiao.accounts.actor import Actor
from fengqiao.counsel.models import Adviser, Invitee
from fengqiao.counsel.policies import consultations_visible_to, may_read_teams


def visible_to(actor: Actor) -> QuerySet[Adviser]:
    """The advisers of the counties that a post of a centre reaches."""
    if actor.department_id is not None or not may_read_teams(actor):
        return Adviser.objects.none()
    return Adviser.objects.filter(county__in=actor.counties)


def listed(actor: Actor, day: date) -> QuerySet[Adviser]:
    """Everybody, those whose time is not over first, each with how many consultations they were ``asked`` to and how
    many answers are in (``answers``): of those that the post sees."""
    seen = Invitee.objects.filter(
        adviser_id=OuterRef("pk"),
        consultation__in=consultations_visible_to(actor).order_by().values("pk"),
    )
    counted = seen.order_by().values("adviser_id")
    found = visible_to(actor).annotate(
        asked=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0),
        answers=Coalesce(Subquery(counted.annotate(n=Count("opinion")).values("n")), 0),
        over=Case(When(valid_until__lt=day, then=1), default=0, output_field=IntegerField()),
    )
    return found.order_by("over", "kind", "name", "id")


def in_force(county: str, day: date) -> QuerySet[Adviser]:
    """Who can be asked on a day."""
    until = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    return Adviser.objects.filter(until, county=county, valid_from__lte=day).order_by("kind", "name", "id")
