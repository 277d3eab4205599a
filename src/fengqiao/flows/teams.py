"""Three-person groups and task forces, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.counsel.domain import tasking, teams
from fengqiao.counsel.enums import TeamAction
from fengqiao.flows.once import Once

ON_A_TEAM: dict[TeamAction, Callable[..., Any]] = {
    TeamAction.SEAT: teams.seat,
    TeamAction.LEAVE: teams.leave,
    TeamAction.DISSOLVE: teams.dissolve,
    TeamAction.GIVE: tasking.give,
    TeamAction.TAKE_BACK: tasking.take_back,
    TeamAction.TASK: tasking.task,
}
ON_A_TASK: dict[TeamAction, Callable[..., Any]] = {
    TeamAction.FINISH: tasking.finish,
    TeamAction.DROP: tasking.drop,
}


def set_up(*, actor: Actor, once: Once | None = None, **values: Any) -> Any:
    """A leader sets a team up; a refusal is rolled back and audited."""
    return _done(actor, TeamAction.SET_UP, "", once, teams.set_up, values)


def act(*, actor: Actor, team_id: UUID, action: TeamAction, once: Once | None = None, **values: Any) -> Any:
    """What is done with a team: its seats, the matters it is given, its tasks."""
    given = values | {"team_id": team_id}
    return _done(actor, action, f"team:{team_id}", once, ON_A_TEAM[action], given)


def on_task(
    *, actor: Actor, task_id: UUID, action: TeamAction, once: Once | None = None, **values: Any
) -> Any:
    """What ends a task."""
    given = values | {"task_id": task_id}
    return _done(actor, action, f"task:{task_id}", once, ON_A_TASK[action], given)


def _done(
    actor: Actor,
    action: TeamAction,
    subject: str,
    once: Once | None,
    verb: Callable[..., Any],
    values: dict[str, Any],
) -> Any:
    with attempt(actor, verb=f"team.{action}", subject=subject):
        if once:
            once.begin()
        made = verb(actor=actor, **values)
        if once:
            once.keep({"id": str(made.pk), "said": str(action)})
        return made
