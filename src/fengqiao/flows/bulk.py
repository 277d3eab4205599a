"""The same act on many matters: first what would come of each, then each by itself through the one way in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import procedure
from fengqiao.flows.once import Once
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters import steps
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter

# What may be done to many at once. Never what is a judgement on one matter: an assessment's grounds are
# written matter by matter, and so are a routing's, a result's and a closing's.
IN_BULK = (Action.DISPATCH, Action.HAND_OVER, Action.HAND_DOWN)
# One page of the ledger and a few more: each matter is a transaction of its own while somebody waits.
MOST = 60


@dataclass(frozen=True)
class Chosen:
    """A matter that was ticked, with the version at which it was looked at."""

    code: str
    version: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What would come, or came, of one chosen matter; ``refusal`` is None where it goes or went through."""

    code: str
    matter: Matter | None
    refusal: Refusal | None


class _TakenBack(Exception):
    """Ends a rehearsal: everything that it wrote is rolled back."""


def may(actor: Actor, action: Action) -> bool:
    """Whether the post carries out this action at all, and in bulk."""
    return action in IN_BULK and any(
        actor.role in cell.roles for cell in steps.TABLE.values() if cell.action == action
    )


def check_may(actor: Actor, action: Action) -> None:
    """Raises ``NotAllowed`` where the action is not for many at once, or not for this post."""
    if action not in IN_BULK:
        raise NotAllowed("not_in_bulk", _("这个动作须逐件办理，不能批量。"))
    if not may(actor, action):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})


def preview(
    *, actor: Actor, action: Action, chosen: Iterable[Chosen], values: Mapping[str, Any]
) -> list[Outcome]:
    """Rehearses the act on each matter with the same policy, table and guards, and takes it back.

    Nothing stays written: neither a change nor an audited refusal, for nothing was attempted yet.
    """
    check_may(actor, action)
    return [_rehearsed(actor, action, each, values) for each in chosen]


def carry_out(
    *, actor: Actor, action: Action, chosen: Iterable[Chosen], values: Mapping[str, Any]
) -> list[Outcome]:
    """Each matter in a transaction of its own; what was refused (or changed meanwhile) stops none of the rest."""
    check_may(actor, action)
    return [carry_out_one(actor=actor, action=action, chosen=each, values=values) for each in chosen]


def carry_out_one(
    *, actor: Actor, action: Action, chosen: Chosen, values: Mapping[str, Any], once: Once | None = None
) -> Outcome:
    """One of them; ``once`` is the request for this matter alone, so that what went through stays so."""
    check_may(actor, action)
    with scope(actor):
        matter = _seen(actor, chosen.code)
    refusal: Refusal | None = None
    try:
        procedure.act(
            actor=actor,
            matter_id=matter.pk if matter else UUID(int=0),
            action=action,
            values=values,
            version=chosen.version,
            once=once,
        )
    except Refusal as refused:
        refusal = refused
    except OperationalError:
        # A lock that was not got, a connection that went: this one is as it was, the next may go.
        refusal = Refusal("not_reached", _("数据库一时没有应答，这一件没有办成，请稍后再试。"))
    with scope(actor):
        # Where it stands now: moved by this act, or by somebody else meanwhile.
        return Outcome(chosen.code, _seen(actor, chosen.code) or matter, refusal)


def _rehearsed(actor: Actor, action: Action, chosen: Chosen, values: Mapping[str, Any]) -> Outcome:
    with scope(actor):
        matter = _seen(actor, chosen.code)
        try:
            with transaction.atomic():
                procedure.VERBS[action](
                    actor=actor,
                    matter_id=matter.pk if matter else UUID(int=0),
                    version=chosen.version,
                    **values,
                )
                raise _TakenBack
        except _TakenBack:
            return Outcome(chosen.code, matter, None)
        except Refusal as refusal:
            return Outcome(chosen.code, matter, refusal)


def _seen(actor: Actor, code: str) -> Matter | None:
    found: Matter | None = Matter.objects.visible_to(actor).filter(code=code).first()
    return found
