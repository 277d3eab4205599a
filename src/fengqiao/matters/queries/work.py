"""My work: what waits for the acting post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import Count, Exists, F, OuterRef, Q

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.matters import steps
from fengqiao.matters.enums import Danger, Outcome, State, Step
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.visibility import MatterQuerySet

# The window posts are competent for one track each: what is routed elsewhere does not wait for them.
TRACK_OF_POST = {
    Role.PETITION_OFFICER: "petition",
    Role.LEGAL_OFFICER: "legal",
    Role.INDUSTRY_OFFICER: "departmental",
}


PAGE = 30


@dataclass(frozen=True)
class WorkPage:
    """``urgent`` are those in danger (on the first page alone), ``rows`` the others in their order."""

    urgent: list[Matter]
    rows: list[Matter]
    next_cursor: str
    is_first: bool


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
    # A merged matter waits for the main one's result, and is work for nobody until then.
    main_goes_on = Matter.objects.filter(pk=OuterRef("merged_into_id")).exclude(step=Step.SETTLE)
    mine = mine.exclude(Q(outcome=Outcome.MERGED) & Exists(main_goes_on))
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


def page(actor: Actor, *, state: str = "", cursor: str = "", size: int = PAGE) -> WorkPage:
    """What waits: what is due first, then what has waited longest; ``cursor`` is the signed end of a page.

    By (due at, state since, code), those on which no limit runs last.
    """
    found = waiting_for(actor).select_related("holder", "division", "lead_department")
    if state in State.values:
        found = found.filter(state=state)
    after = _read_cursor(cursor, actor, state)
    in_danger = ~Q(danger=Danger.NONE)
    urgent = list(found.filter(in_danger).order_by("danger_since", "code")[:size]) if after is None else []
    calm = found.exclude(in_danger)
    if after is not None:
        due, since, code = after
        behind = Q(state_since__gt=since) | Q(state_since=since, code__gt=code)
        if due is None:
            calm = calm.filter(behind, due_at=None)
        else:
            calm = calm.filter(Q(due_at__gt=due) | Q(due_at=None) | (Q(due_at=due) & behind))
    rows = list(calm.order_by(F("due_at").asc(nulls_last=True), "state_since", "code")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    last = rows[-1] if more else None
    end = last and [
        last.due_at.isoformat() if last.due_at else "",
        last.state_since.isoformat(),
        last.code,
        str(actor.post_id),
        state,
    ]
    return WorkPage(
        urgent=urgent,
        rows=rows,
        next_cursor=signing.dumps(end, salt="work", compress=True) if end else "",
        is_first=after is None,
    )


def _read_cursor(cursor: str, actor: Actor, state: str) -> tuple[datetime | None, datetime, str] | None:
    """The end of the page before; another post's, another filter's or a changed one begins anew."""
    if not cursor:
        return None
    try:
        due, since, code, post, of_state = signing.loads(cursor, salt="work")
    except (signing.BadSignature, ValueError):
        return None
    if (post, of_state) != (str(actor.post_id), state):
        return None
    return datetime.fromisoformat(due) if due else None, datetime.fromisoformat(since), code
