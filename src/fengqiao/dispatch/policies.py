"""Which assignments and whistles a post sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.dispatch.models import Assignment, Call, CallScore, Whistle
from fengqiao.kernel.codes import division_level, division_prefix, prefix_range
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter, Recusal

TAKE_PART_IN_WHISTLES = CENTRE_ROLES | {Role.HANDLER, Role.SUPERVISOR}


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


def check_takes_part(actor: Actor) -> None:
    """Raises ``NotAllowed`` for a post that has nothing to do with whistles."""
    if actor.role not in TAKE_PART_IN_WHISTLES:
        raise NotAllowed("may_not_whistle", _("您的岗位不参加吹哨报到。"))


def may_blow(actor: Actor) -> bool:
    """Whether the post is one of a centre: these call, nobody else."""
    return actor.role in CENTRE_ROLES and actor.centre_id is not None


def check_may_blow(actor: Actor) -> UUID:
    """The centre that calls; raises ``NotAllowed`` for a post that calls nobody."""
    if not may_blow(actor) or actor.centre_id is None:
        raise NotAllowed("may_not_whistle", _("由中心的岗位吹哨。"))
    return actor.centre_id


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


def scores_visible_to(actor: Actor) -> QuerySet[CallScore]:
    """The scores, as they stand, of the whistles that the post sees; a department reads its own."""
    seen = CallScore.objects.filter(
        replaced_at=None, county__in=actor.counties, call__whistle__in=whistles_visible_to(actor).values("pk")
    )
    if actor.role is Role.HANDLER and actor.department_id:
        return seen.filter(call__department_id=actor.department_id)
    return seen


def called_by(actor: Actor) -> Q:
    """The condition, on a call, that this person blew its whistle in the acting post."""
    return Q(
        whistle__called_by_id=actor.person_id,
        whistle__called_role=actor.role,
        whistle__centre_id=actor.centre_id,
    )


def _may_be_called(actor: Actor) -> Q:
    """The condition, on a whistle or a call, that its matter is not kept from this person."""
    stepped_aside = Recusal.objects.filter(matter_id=OuterRef("matter_id"), person_id=actor.person_id)
    complaint = Matter.objects.filter(pk=OuterRef("matter_id"), against_department_id__in=actor.bodies)
    return ~Exists(stepped_aside) & ~Exists(complaint)
