"""Three-person groups of two kinds (三人小组) and task forces (工作专班): seats, matters, tasks that return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import newest_first
from fengqiao.api.shapes import Code, Shape
from fengqiao.api.team_shapes import (
    CameSent,
    GivenSent,
    LeftSent,
    MemberTold,
    SeatSent,
    TaskEnd,
    TaskPage,
    TasksAsked,
    TaskSent,
    TeamChargeTold,
    TeamDetail,
    TeamPage,
    TeamReceipt,
    TeamsAsked,
    TeamSent,
    TeamSummarySent,
    TeamTold,
    task_told,
    team_told,
)
from fengqiao.api.writing import answered, once_of, version_of
from fengqiao.counsel.enums import TeamAction
from fengqiao.counsel.policies import check_may_read_teams
from fengqiao.counsel.queries.teams import shown, tasks_of, team_by_id, teams_of
from fengqiao.flows import teams as flow
from fengqiao.flows.reading import opened
from fengqiao.matters.queries.matters import codes_open_to

router = Router(tags=["teams"])


@router.get(
    "/teams",
    response=TeamPage,
    auth=READS,
    operation_id="listTeams",
    summary="Groups and task forces · 三人小组和专班",
    url_name="api_teams",
)
def list_teams(request: HttpRequest, asked: Query[TeamsAsked]) -> TeamPage:
    """Those of the county for posts of its centres; for a handler those in which they sit; newest first."""
    with reading(request) as actor:
        check_may_read_teams(actor)
        found = teams_of(actor, kind=asked.kind or "", running=asked.running)
        name = ("teams", asked.kind, asked.running)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return TeamPage(items=[TeamTold(**team_told(each)) for each in rows], next=after)


@router.get(
    "/teams/{team_id}",
    response=TeamDetail,
    auth=READS,
    operation_id="getTeam",
    summary="One team · 一个小组或专班",
    url_name="api_team",
)
def get_team(request: HttpRequest, team_id: UUID) -> TeamDetail:
    """One team with its members and the matters in its hands that the caller sees."""
    with reading(request) as actor:
        check_may_read_teams(actor)
        seen = shown(actor, team_by_id(actor, team_id))
        return TeamDetail(
            **team_told(seen.team),
            members=[
                MemberTold(id=m.pk, seat=m.seat, person=m.person_id, name=m.name, unit=m.unit)
                for m in seen.members
            ],
            charges=[
                TeamChargeTold(
                    matter=each.matter.code,
                    words=each.words,
                    given_at=each.given_at,
                    ended_at=each.ended_at,
                    came_of=each.came_of,
                )
                for each in seen.charges
            ],
        )


@router.get(
    "/team-tasks",
    response=TaskPage,
    auth=READS,
    operation_id="listTeamTasks",
    summary="Tasks of teams · 小组任务",
    url_name="api_team_tasks",
)
def list_tasks(request: HttpRequest, asked: Query[TasksAsked]) -> TaskPage:
    """One's own; for posts of a centre also those of no matter and of the matters that they see; newest first."""
    with reading(request) as actor:
        check_may_read_teams(actor)
        found = tasks_of(actor, state=asked.state or "", team_id=asked.team)
        name = ("team tasks", asked.team, asked.state)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        codes = codes_open_to(actor, [each.matter_id for each in rows if each.matter_id])
        return TaskPage(items=[task_told(each, codes) for each in rows], next=after)


@router.post(
    "/teams",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="setUpTeam",
    summary="Set one up · 组建小组或专班",
    url_name="api_team_new",
    openapi_extra={"x-writes": "once"},
)
def set_up(request: HttpRequest, response: HttpResponse, sent: TeamSent) -> TeamReceipt:
    """A leader, for an area within their centre's."""
    once = once_of(request, sent)

    def work() -> None:
        with reading(request) as actor:
            once.begin()
        flow.set_up(actor=actor, once=once, **sent.model_dump())

    return TeamReceipt(**answered(once, response, work))


@router.post(
    "/teams/{team_id}/seat",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="seatMember",
    summary="Fill a seat · 加入成员",
    url_name="api_team_seat",
    openapi_extra={"x-writes": "once"},
)
def seat(request: HttpRequest, response: HttpResponse, team_id: UUID, sent: SeatSent) -> TeamReceipt:
    """A seat of which there is one is filled once at a time."""
    return _acted(request, response, team_id, sent, TeamAction.SEAT)


@router.post(
    "/teams/{team_id}/leave",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="leaveTeam",
    summary="A seat becomes free · 成员退出",
    url_name="api_team_leave",
    openapi_extra={"x-writes": "once"},
)
def leave(request: HttpRequest, response: HttpResponse, team_id: UUID, sent: LeftSent) -> TeamReceipt:
    """Not as long as it is the member's turn in a task."""
    return _acted(request, response, team_id, sent, TeamAction.LEAVE)


@router.post(
    "/teams/{team_id}/dissolve",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="dissolveTeam",
    summary="Dissolve it · 撤销小组或专班",
    url_name="api_team_dissolve",
    openapi_extra={"x-writes": "once"},
)
def dissolve(
    request: HttpRequest, response: HttpResponse, team_id: UUID, sent: TeamSummarySent
) -> TeamReceipt:
    """With a summary, when nothing is in its hands any more."""
    return _acted(request, response, team_id, sent, TeamAction.DISSOLVE)


@router.post(
    "/teams/{team_id}/tasks",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="giveTeamTask",
    summary="Give a task · 布置小组任务",
    url_name="api_team_task",
    openapi_extra={"x-writes": "once"},
)
def task(request: HttpRequest, response: HttpResponse, team_id: UUID, sent: TaskSent) -> TeamReceipt:
    """By a leader of its centre, or by a member."""
    values = sent.model_dump(exclude={"matter", "link"}) | {"link": sent.link or ""}
    return _acted(request, response, team_id, sent, TeamAction.TASK, values, code=sent.matter)


@router.post(
    "/team-tasks/{task_id}/{end}",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="endTeamTask",
    summary="A task is done or dropped · 完成、取消小组任务",
    url_name="api_team_task_end",
    openapi_extra={"x-writes": "once"},
)
def end_task(
    request: HttpRequest, response: HttpResponse, task_id: UUID, end: TaskEnd, sent: CameSent
) -> TeamReceipt:
    """Done by whose turn it is, with what came of it; dropped by a leader, with the reason."""
    once = once_of(request, sent)

    def work() -> None:
        with reading(request) as actor:
            once.begin()
            check_may_read_teams(actor)
        flow.on_task(actor=actor, task_id=task_id, action=TeamAction(end), once=once, **sent.model_dump())

    return TeamReceipt(**answered(once, response, work))


@router.post(
    "/matters/{code}/teams/{team_id}/give",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="giveMatterToTeam",
    summary="Give it the matter · 交小组办理",
    url_name="api_team_give",
    openapi_extra={"x-writes": "version"},
)
def give(
    request: HttpRequest, response: HttpResponse, code: Path[Code], team_id: UUID, sent: GivenSent
) -> TeamReceipt:
    """It opens nothing of the matter to its members."""
    version = {"version": version_of(request)}
    values = sent.model_dump() | version
    return _acted(request, response, team_id, sent, TeamAction.GIVE, values, code=code)


@router.post(
    "/matters/{code}/teams/{team_id}/take-back",
    response=TeamReceipt,
    auth=WRITES,
    operation_id="takeMatterBack",
    summary="Its time with the team is over · 小组办理结束",
    url_name="api_team_back",
    openapi_extra={"x-writes": "version"},
)
def take_back(
    request: HttpRequest, response: HttpResponse, code: Path[Code], team_id: UUID, sent: CameSent
) -> TeamReceipt:
    """With what came of it."""
    version = {"version": version_of(request)}
    values = sent.model_dump() | version
    return _acted(request, response, team_id, sent, TeamAction.TAKE_BACK, values, code=code)


def _acted(
    request: HttpRequest,
    response: HttpResponse,
    team_id: UUID,
    sent: Shape,
    action: TeamAction,
    values: Mapping[str, Any] | None = None,
    *,
    code: str | None = None,
) -> TeamReceipt:
    once = once_of(request, sent)
    given = dict(sent.model_dump() if values is None else values)

    def work() -> None:
        with reading(request) as actor:
            once.begin()
            check_may_read_teams(actor)
            team_by_id(actor, team_id)
            if code is not None:
                given["matter_id"] = opened(actor, code, door=DOOR).pk
        flow.act(actor=actor, team_id=team_id, action=action, once=once, **given)

    return TeamReceipt(**answered(once, response, work))
