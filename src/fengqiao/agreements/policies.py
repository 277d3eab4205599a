"""Who writes an agreement and who keeps its performance: the posts that the step table names for what follows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters import policies, steps
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Matter

WRITES = steps.cell(State.MEDIATING, Action.RECORD_MEDIATION, "agreed")
KEEPS = steps.cell(State.SETTLED, Action.RECORD_PERFORMANCE, "performed")


def may_write(actor: Actor, matter: Matter) -> bool:
    """Who may record what came of the mediation writes the agreement."""
    return WRITES is not None and policies.may_move(actor, matter, WRITES)


def may_keep(actor: Actor, matter: Matter) -> bool:
    """Who may record performance keeps the plan: what was paid, who was reminded."""
    return KEEPS is not None and policies.may_move(actor, matter, KEEPS)


def may_read(actor: Actor) -> bool:
    """What parties agreed is for the centre that keeps it, and not for departments or administrators."""
    return actor.role in CENTRE_ROLES


def check_may_write(actor: Actor, matter: Matter) -> None:
    """Raises ``NotAllowed`` where ``may_write`` says no."""
    if not may_write(actor, matter):
        raise NotAllowed("post_may_not", _("调解协议由本中心的调解员或主任写。"))


def check_may_keep(actor: Actor, matter: Matter) -> None:
    """Raises ``NotAllowed`` where ``may_keep`` says no."""
    if not may_keep(actor, matter):
        raise NotAllowed("post_may_not", _("履行情况由本中心记录。"))


def check_may_read(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_read`` says no."""
    if not may_read(actor):
        raise NotAllowed("post_may_not_read", _("您的岗位不看调解协议。"))
