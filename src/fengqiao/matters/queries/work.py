"""My work: what waits for the acting post."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.matters import steps
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.visibility import MatterQuerySet

# The window posts are competent for one track each: what is routed elsewhere does not wait for them.
TRACK_OF_POST = {
    Role.PETITION_OFFICER: "petition",
    Role.LEGAL_OFFICER: "legal",
    Role.INDUSTRY_OFFICER: "departmental",
}


@dataclass(frozen=True)
class Waiting:
    state: State
    number: int


def states_waiting_for(role: Role) -> list[State]:
    """The states in which it is this post's turn, in the order of the steps."""
    return [state for state in State if role in steps.TURN[state]]


def waiting_for(actor: Actor) -> MatterQuerySet:
    """The matters held by the actor's centre in whose state it is this post's turn, danger and age first."""
    mine: MatterQuerySet = Matter.objects.visible_to(actor).filter(
        holder_id=actor.centre_id, state__in=states_waiting_for(actor.role), is_history=False
    )
    track = TRACK_OF_POST.get(actor.role)
    return mine.filter(Q(track="") | Q(track=track)) if track else mine


def counts(actor: Actor) -> list[Waiting]:
    """How many wait in each state (one statement)."""
    found = dict(
        waiting_for(actor)
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
        .values_list("state", "number")
    )
    return [Waiting(state=state, number=found.get(state, 0)) for state in states_waiting_for(actor.role)]
