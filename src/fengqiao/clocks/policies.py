"""Who keeps what limits are counted by, and whose limits a post may ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, Role
from fengqiao.clocks.enums import Whose
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


def whose_offered(actor: Actor) -> tuple[Whose, ...]:
    """Whose limits a post may ask for, the usual first; of none for the administrators.

    A department asks for its own alone: what another one owes on the same matter is the centre's business.
    """
    if actor.role in LEADERS:
        return (Whose.CENTRE, Whose.ALL, Whose.MINE)
    if actor.role in CENTRE_ROLES or actor.role is Role.HANDLER:
        return (Whose.MINE,)
    return (Whose.ALL,) if actor.role in (Role.SUPERVISOR, Role.EXCHANGE) else ()


def may_ask_who_is_late(actor: Actor) -> bool:
    """Leaders of a centre, supervisors and machines; a department of itself."""
    return actor.role in LEADERS or actor.role in (Role.SUPERVISOR, Role.HANDLER, Role.EXCHANGE)


def check_may_ask_who_is_late(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_ask_who_is_late(actor):
        raise NotAllowed(
            "post_may_not_ask_who_is_late", _("超期情况由中心负责人、督导员和承办部门自己查看。")
        )


def check_may_ask_what_is_due(actor: Actor) -> None:
    """Raises ``NotAllowed`` for the administrators, who read no matter."""
    if not whose_offered(actor):
        raise NotAllowed("post_may_not_ask_what_is_due", _("管理员岗位不能查看事项的时限。"))
