"""Who writes down what belongs to a mediation, beside the step table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import HelperKind, MediationAction
from fengqiao.mediation.models import Mediation

TELLERS = LEADERS | {Role.MEDIATOR, Role.REGISTRAR}


def may_tell(actor: Actor, matter: Matter) -> bool:
    """Whether the post tells the parties their rights: who asks them or mediates, at the centre that holds it."""
    return actor.role in TELLERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def may_see_days(actor: Actor) -> bool:
    """Whether the post has a day of mediation: who mediates at a centre or plans for those who do."""
    return actor.role in TELLERS and actor.centre_id is not None


def check_may_see_days(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_see_days`` says no."""
    if not may_see_days(actor):
        raise NotAllowed("post_may_not_read", _("调解日程由中心的调解员、登记岗位和领导查看。"))


def may_decide(actor: Actor, matter: Matter) -> bool:
    """Whether the post decides who mediates: a leader of the centre that holds the matter."""
    return actor.role in LEADERS and may_tell(actor, matter)


def may_read_sealed(actor: Actor, matter: Matter, mediation: Mediation) -> bool:
    """Whether the notes of separate talks are this post's: who mediates, and the leaders of the centre."""
    if may_decide(actor, matter):
        return True
    beside = mediation.helpers.filter(
        person_id=actor.person_id, kind=HelperKind.MEDIATOR, ended_at__isnull=True
    )
    return mediation.mediator_id == actor.person_id or beside.exists()


def check_may_tell(actor: Actor, matter: Matter, action: MediationAction = MediationAction.TELL) -> None:
    """Raises ``NotAllowed`` where the post does not write this down."""
    asked = may_decide if action == MediationAction.DECIDE_RECUSAL else may_tell
    if not asked(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
