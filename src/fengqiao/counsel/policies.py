"""Who calls a consultation, who chairs it, and what of it each sees."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.counsel.enums import TAKES_PART, Reply
from fengqiao.counsel.models import Consultation, Invitee
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter

CALLERS = LEADERS | {Role.MEDIATOR}


def may_call(actor: Actor, matter: Matter) -> bool:
    """A leader or a mediator of the centre that holds the matter."""
    return actor.role in CALLERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def may_list(actor: Actor) -> bool:
    """Whoever can call one or be invited to one."""
    return actor.role in CENTRE_ROLES | {Role.HANDLER}


def check_may_list(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_list`` says no."""
    if not may_list(actor):
        raise NotAllowed("post_takes_no_part", _("这个岗位不参加法律会诊。"))


def consultations_visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Those to which this person is invited, and for posts of a centre those of the matters that they see.

    Who has declined or stepped aside sees a consultation no more by the invitation; who stepped aside by nothing.
    """
    if not may_list(actor):
        return Consultation.objects.none()
    mine = Invitee.objects.filter(consultation_id=OuterRef("pk"), person_id=actor.person_id)
    invited = own_invitations(actor).filter(consultation_id=OuterRef("pk"), reply__in=TAKES_PART)
    seen = Q(Exists(invited))
    if actor.role in CENTRE_ROLES:
        seen |= Q(matter__in=Matter.objects.visible_to(actor).order_by().values("pk"))
    found = Consultation.objects.filter(seen, county__in=actor.counties)
    return found.exclude(Exists(mine.filter(reply=Reply.RECUSED)))


def own_invitations(actor: Actor) -> QuerySet[Invitee]:
    """What this person was asked to, in the post in which they act."""
    if actor.post_id is None:
        return Invitee.objects.none()
    return Invitee.objects.filter(person_id=actor.person_id, post_id=actor.post_id)
