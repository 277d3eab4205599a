"""Who writes down what belongs to a mediation, beside the step table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import MediationAction

TELLERS = LEADERS | {Role.MEDIATOR, Role.REGISTRAR}


def may_tell(actor: Actor, matter: Matter) -> bool:
    """Whether the post tells the parties their rights: who asks them or mediates, at the centre that holds it."""
    return actor.role in TELLERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def check_may_tell(actor: Actor, matter: Matter) -> None:
    """Raises ``NotAllowed`` where ``may_tell`` says no."""
    if not may_tell(actor, matter):
        raise NotAllowed(
            "post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": MediationAction.TELL.label}
        )
