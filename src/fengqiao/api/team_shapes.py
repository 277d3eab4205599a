"""The shapes of groups and task forces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from fengqiao.api.actions.shapes import Written
from fengqiao.api.paging import Listed
from fengqiao.api.shapes import KEPT, Code, Day, DivisionCode, Named, PageOf, Shape, Told
from fengqiao.counsel.enums import FourLink, TaskState, TeamAction, TeamKind
from fengqiao.counsel.models import Team, TeamTask

TaskEnd = Literal["finish", "drop"]
Name = Annotated[str, Field(min_length=2, max_length=60, pattern=KEPT)]


class TeamsAsked(Listed):
    """All that are given must hold."""

    kind: TeamKind | None = None
    running: Annotated[bool | None, Field(description="Not dissolved.")] = None


class TasksAsked(Listed):
    """All that are given must hold."""

    team: UUID | None = None
    state: TaskState | None = None


class TeamTold(Told):
    """A team: for which area, from when to when. The two kinds of three-person groups are kept apart by `kind`."""

    id: UUID
    kind: TeamKind
    name: str
    centre: Named
    division: str
    category: Annotated[str, Field(description="A task force for matters of one kind only.")]
    mandate: str
    valid_from: date
    valid_until: date | None
    dissolved_at: datetime | None
    summary: str


class MemberTold(Told):
    """Who sits where. Who has no post here has no `person`."""

    id: UUID
    seat: str
    person: UUID | None
    name: str
    unit: str


class TeamChargeTold(Told):
    """A matter in its hands, of those that the post sees."""

    matter: str
    words: str
    given_at: datetime
    ended_at: datetime | None
    came_of: str


class TaskTold(Told):
    """What one member does until a day."""

    id: UUID
    team: UUID
    matter: Annotated[str | None, Field(description="The matter's code, where the post may open it.")]
    link: FourLink | None
    what: str
    member: Annotated[UUID, Field(description="Whose turn it is.")]
    due_on: date
    state: TaskState
    given_at: datetime
    ended_at: datetime | None
    came_of: str


class TeamDetail(TeamTold):
    members: list[MemberTold]
    charges: list[TeamChargeTold]


class TeamPage(PageOf):
    items: list[TeamTold]


class TaskPage(PageOf):
    items: list[TaskTold]


class TeamSent(Shape):
    kind: TeamKind
    name: Name
    division: DivisionCode
    mandate: Written
    valid_from: Day
    valid_until: Annotated[Day | None, Field(description="A task force needs it.")] = None
    category: Annotated[str, Field(pattern=r"^([0-9]{2}([0-9]{2})?)?$")] = ""


class SeatSent(Shape):
    """A post by who holds it (stationing), or a name."""

    seat: Annotated[str, Field(max_length=16, pattern=KEPT)]
    stationing_id: UUID | None = None
    name: Annotated[str, Field(max_length=60, pattern=KEPT)] = ""
    unit: Annotated[str, Field(max_length=120, pattern=KEPT)] = ""


class LeftSent(Shape):
    member_id: UUID


class TaskSent(Shape):
    what: Annotated[Written, Field(description="Deeds, never a list of people.")]
    member_id: UUID
    due_on: Day
    link: Annotated[FourLink | None, Field(description="Needed in a village, and nowhere else.")] = None
    matter: Annotated[Code | None, Field(description="A matter in its hands that the caller sees.")] = None


class TeamSummarySent(Shape):
    summary: Written


class CameSent(Shape):
    came_of: Written


class GivenSent(Shape):
    words: Annotated[Written, Field(description="What it is asked to do.")]


class TeamReceipt(Told):
    """What was made or changed: the team, the task, or the matter's time with the team."""

    id: UUID
    said: TeamAction


def team_told(row: Team) -> dict[str, Any]:
    """What a list tells of one."""
    same = ("name", "category", "mandate", "valid_from", "valid_until", "dissolved_at", "summary")
    return {
        "id": row.pk,
        "kind": TeamKind(row.kind),
        "centre": Named(id=str(row.centre_id), name=row.centre.name),
        "division": row.division_id,
        **{name: getattr(row, name) for name in same},
    }


def task_told(row: TeamTask, codes: Mapping[UUID, str]) -> TaskTold:
    """One task; ``codes`` of the matters that the post may open."""
    return TaskTold(
        id=row.pk,
        team=row.team_id,
        matter=codes.get(row.matter_id) if row.matter_id else None,
        link=FourLink(row.link) if row.link else None,
        what=row.what,
        member=row.member_id,
        due_on=row.due_on,
        state=TaskState(row.state),
        given_at=row.given_at,
        ended_at=row.ended_at,
        came_of=row.came_of,
    )
