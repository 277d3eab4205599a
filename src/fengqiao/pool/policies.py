"""Who reads what a centre can call on, and who keeps it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS
from fengqiao.kernel.errors import NotAllowed


def may_read(actor: Actor) -> bool:
    """Whoever works at a centre: they send people there and ask for help."""
    return actor.role in CENTRE_ROLES and actor.centre_id is not None


def may_keep(actor: Actor, centre_id: UUID | None) -> bool:
    """A leader, for what belongs to the own centre."""
    return actor.role in LEADERS and centre_id is not None and actor.centre_id == centre_id


def check_may_read(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read(actor):
        raise NotAllowed("post_may_not", _("调解力量由综治中心的人员查看。"))


def check_may_keep(actor: Actor, centre_id: UUID | None) -> None:
    """Raises ``NotAllowed`` for any other post and any other centre."""
    if not may_keep(actor, centre_id):
        raise NotAllowed("post_may_not_keep_pool", _("调解力量由本中心的领导登记。"))
