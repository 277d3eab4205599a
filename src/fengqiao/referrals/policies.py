"""Who refers and takes in, who writes down the answer, who answers for an office on the platform."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.clocks.policies import KEEPERS
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters import policies, steps
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Matter
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import ReferralKind, all_kinds

DANGER = "danger"


def may_send(actor: Actor, matter: Matter, kind: ReferralKind) -> bool:
    """Posts that work on procedure where the matter is held; a report to the police like any report of danger."""
    if kind.tells == DANGER:
        cell = steps.cell(State(matter.state), Action.DANGER)
        # What a department sees it reports as a danger: the centre learns of it at once.
        return actor.role in CENTRE_ROLES and cell is not None and policies.may_move(actor, matter, cell)
    return _keeps(actor, matter)


def may_keep(actor: Actor, matter: Matter, referral: Referral) -> bool:
    """The same posts, and who sent it: they write down what the other side answered."""
    own = actor.role in CENTRE_ROLES and referral.recorded_by_id == actor.person_id
    return own or _keeps(actor, matter)


def is_of_office(actor: Actor, referral: Referral) -> bool:
    """A post of the office that was asked, where that office is on the platform."""
    return (
        actor.role is Role.HANDLER
        and referral.department_id is not None
        and actor.department_id == referral.department_id
        and all_kinds()[referral.kind].is_out
    )


def may_read(actor: Actor) -> bool:
    """Posts of a centre, of the matters that they see; handlers, what their office was asked."""
    return actor.role in CENTRE_ROLES or (actor.role is Role.HANDLER and actor.department_id is not None)


def check_may_read(actor: Actor) -> None:
    """Raises ``NotAllowed`` where ``may_read`` says no."""
    if not may_read(actor):
        raise NotAllowed("post_may_not_read", _("您的岗位不看转介。"))


def check(allowed: bool, what: Any) -> None:  # noqa: FBT001  the answer of one of the above
    """Raises ``NotAllowed`` for a post that may not."""
    if not allowed:
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": what})


def _keeps(actor: Actor, matter: Matter) -> bool:
    return actor.role in KEEPERS | {Role.DUTY_COMMANDER} and actor.centre_id == matter.holder_id
