"""Which supervisions a post sees, and who may do what in one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.supervision.models import Supervision
from fengqiao.supervision.steps import PROPOSERS, Cell

READERS = CENTRE_ROLES | {Role.SUPERVISOR, Role.HANDLER, Role.COMMISSION}
# Who keeps an eye on all of them: the list of what is open, and what departments are accountable for.
OVERSEERS = LEADERS | {Role.COMMISSION}


def supervisions_visible_to(actor: Actor) -> QuerySet[Supervision]:
    """Those of the matters that the post sees; a department's handler sees its own department's alone."""
    if actor.role not in READERS:
        return Supervision.objects.none()
    seen = Supervision.objects.filter(
        county__in=actor.counties, matter__in=Matter.objects.visible_to(actor).order_by().values("pk")
    )
    if actor.role is Role.HANDLER and actor.department_id:
        return seen.filter(department_id=actor.department_id)
    if actor.role is Role.COMMISSION and actor.department_id:
        return seen.filter(commission_id=actor.department_id)
    return seen


def may_propose(actor: Actor, matter: Matter) -> bool:
    """The centre that holds the matter asks; it decides nothing."""
    return actor.role in PROPOSERS and actor.centre_id is not None and actor.centre_id == matter.holder_id


def may(actor: Actor, supervision: Supervision, matter: Matter, cell: Cell) -> bool:
    """Whether the post may carry out this cell: its own department's, before its own commission, at its own centre."""
    if actor.role not in cell.roles:
        return False
    if actor.role is Role.HANDLER:
        return actor.department_id == supervision.department_id
    if actor.role is Role.COMMISSION:
        return actor.department_id == supervision.commission_id
    return may_propose(actor, matter)


def may_oversee(actor: Actor) -> bool:
    """Whether the post opens the lists of supervision: those who direct a centre, and the commission."""
    return actor.role in OVERSEERS


def check_may_oversee(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_oversee(actor):
        raise NotAllowed("post_may_not_oversee", _("督办清单由中心主任、副主任和政法委查看。"))
