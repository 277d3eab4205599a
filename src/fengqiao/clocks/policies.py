"""Who keeps what limits are counted by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import NotAllowed

COUNTY_LEVEL = 3


def may_read_calendar(actor: Actor) -> bool:
    """Every system administrator of the county sees the page."""
    return actor.role is Role.SYSTEM_ADMINISTRATOR


def may_keep_calendar(actor: Actor) -> bool:
    """The county's system administrator; a town's would move every deadline of the county."""
    return may_read_calendar(actor) and division_level(actor.division) <= COUNTY_LEVEL


def check_may_read_calendar(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read_calendar(actor):
        raise NotAllowed("post_may_not_read_calendar", _("工作日历由系统管理员管理。"))


def check_may_keep_calendar(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_keep_calendar(actor):
        raise NotAllowed("post_may_not_keep_calendar", _("本县的工作日历由县级系统管理员录入。"))
