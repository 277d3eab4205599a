"""Who keeps what limits are counted by, and whose limits a post may ask for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, LEADERS, WINDOW_POSTS, Role
from fengqiao.clocks.enums import BY_HAND, MOVING, FactKind, Whose
from fengqiao.clocks.models import Clock, Fact
from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.running import Running

COUNTY_LEVEL = 3
# Who works on procedure at the centre that holds the matter.
KEEPERS = frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.MEDIATOR} | WINDOW_POSTS | LEADERS)


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
    # The commission's are those of the matters that are before it.
    return (Whose.ALL,) if actor.role in (Role.SUPERVISOR, Role.EXCHANGE, Role.COMMISSION) else ()


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


def may_record(actor: Actor, matter: Matter) -> bool:
    """Whoever works on the matter: posts of the centre that holds it, handlers of the bodies that have it."""
    return _keeps(actor, matter) or (actor.role is Role.HANDLER and actor.department_id is not None)


def may_move(actor: Actor, matter: Matter) -> bool:
    """Pausing, resuming, beginning anew, saying that it was met: the centre's, never the department's that owes."""
    return _keeps(actor, matter)


def may_ask_extension(actor: Actor, matter: Matter, clock: Clock) -> bool:
    """Whose limit it is: the department's own handlers, else the centre's posts for whoever owes it."""
    if clock.department_id is not None:
        return actor.role is Role.HANDLER and actor.department_id == clock.department_id
    return _keeps(actor, matter)


def may_decide_extension(actor: Actor, matter: Matter, running: Running) -> bool:
    """A post that the limit names, at the centre that holds the matter."""
    return actor.role in running.extended_by and matter.holder_id == actor.centre_id


def may_correct(actor: Actor, matter: Matter, fact: Fact) -> bool:
    """What an officer wrote down, whoever keeps it; a handler only their own; what a step wrote, a leader."""
    if fact.kind in MOVING or fact.kind == FactKind.DONE:
        return _keeps(actor, matter)
    if fact.kind in BY_HAND or fact.kind == FactKind.RECEIVED:
        return _keeps(actor, matter) or (actor.role is Role.HANDLER and fact.recorded_by == actor.person_id)
    return actor.role in LEADERS and _keeps(actor, matter)


def may_take_back(actor: Actor, matter: Matter, fact: Fact) -> bool:
    """The same for what was written by hand; a request for more time, whoever made it. Never what a step wrote."""
    if fact.kind == FactKind.EXTENSION_ASKED:
        return fact.recorded_by == actor.person_id
    written = fact.kind in BY_HAND or fact.kind in (*MOVING, FactKind.DONE, FactKind.RECEIVED)
    return written and may_correct(actor, matter, fact)


def check(allowed: bool, what: Any) -> None:  # noqa: FBT001  the answer of one of the above
    """Raises ``NotAllowed`` for a post that may not."""
    if not allowed:
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": what})


def _keeps(actor: Actor, matter: Matter) -> bool:
    return actor.role in KEEPERS and actor.centre_id == matter.holder_id
