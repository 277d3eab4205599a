"""Who may be told of notices outside the program."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel.errors import NotAllowed


def may_be_reached(actor: Actor) -> bool:
    """Every person in a post of the trade; machines and administrators have nothing to be told."""
    return not actor.is_administrator and actor.role is not Role.EXCHANGE


def check_may_be_reached(actor: Actor) -> None:
    """Raises ``NotAllowed`` for the others."""
    if not may_be_reached(actor):
        raise NotAllowed("post_is_not_reached", _("这个岗位没有需要往外发送的通知。"))
