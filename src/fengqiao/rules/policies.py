"""Who writes decision tables, and who puts them in force (docs/adr/0027)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import NotAllowed

AUTHORS = frozenset({Role.DISPATCHER}) | LEADERS
APPROVERS = frozenset({Role.DIRECTOR, Role.EXECUTIVE_DEPUTY})
# The levels of divisions (kernel.codes.division_level) whose centre keeps tables of its own.
KEEPING = (2, 3)


def may_read_tables(actor: Actor) -> bool:
    """Whoever works at a centre may read by what rules: a rule that is hidden cannot be followed."""
    return actor.centre_id is not None


def may_draft(actor: Actor) -> bool:
    """The posts of the county's (or the city's) own centre that send matters on: they answer for what goes where."""
    return actor.role in AUTHORS and _keeps(actor)


def may_approve(actor: Actor) -> bool:
    """The director and the executive deputy there; that it is another person is asked of the version."""
    return actor.role in APPROVERS and _keeps(actor)


def check_may_read(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_read_tables(actor):
        raise NotAllowed("post_may_not_read_tables", _("规则表由中心的岗位查看。"))


def check_may_draft(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_draft(actor):
        raise NotAllowed("post_may_not_draft", _("规则表由县级中心的调度岗和主任、副主任起草。"))


def check_may_approve(actor: Actor) -> None:
    """Raises ``NotAllowed`` for any other post."""
    if not may_approve(actor):
        raise NotAllowed("post_may_not_approve", _("规则表由县级中心的主任或常务副主任批准。"))


def _keeps(actor: Actor) -> bool:
    return actor.centre_id is not None and division_level(actor.division) in KEEPING
