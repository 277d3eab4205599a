"""What a team has in hand: matters that are given to it, and tasks, each with whose turn it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.counsel.domain.teams import kept, seen
from fengqiao.counsel.enums import FourLink, TaskState, TeamAction, TeamKind
from fengqiao.counsel.models import Member, Team, TeamMatter, TeamTask
from fengqiao.counsel.policies import may_finish, may_keep_team, member_of, tasks_visible_to
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Restriction, Risk, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of

LONGEST = timedelta(days=366)
ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


def give(
    *, actor: Actor, team_id: UUID, matter_id: UUID, words: str, version: int | None = None
) -> TeamMatter:
    """交小组办理: a leader of the centre that holds the matter and set the team up gives it to the team.

    It opens nothing of the matter to its members: they work by the tasks that are written for them. Refused:
    ``restricted_not_given``, ``given_already``, ``outside_area`` (of a village's group), ``not_major`` (a group for
    major risks takes matters of high risk), ``other_kind`` (of a task force for matters of one kind).
    """
    words = needed("words", words, _("请写明交给小组做什么（至少四个字）。"), shortest=4)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    team = kept(actor, team_id)
    if matter.holder_id != actor.centre_id:
        raise NotAllowed("post_may_not", _("只有承办中心的领导可以把事项交给小组。"))
    if not matter.is_open:
        raise Refusal("matter_is_closed", _("事项已经结案，不再交小组。"))
    _check_fits(team, matter)
    if TeamMatter.objects.filter(team=team, matter_id=matter.pk, ended_at=None).exists():
        raise Refusal("given_already", _("这件事项已经交给这个小组。"))
    charge = TeamMatter.objects.create(
        **of(matter), team=team, words=words, given_by_id=actor.person_id, given_at=clock.now()
    )
    _noted(actor, matter, team, TeamAction.GIVE, {}, words)
    return charge


def take_back(
    *, actor: Actor, team_id: UUID, matter_id: UUID, came_of: str, version: int | None = None
) -> TeamMatter:
    """小组办理结束: what came of it; tasks of the matter that are open are done or dropped first."""
    came_of = needed("came_of", came_of, _("请写明办理的结果（至少四个字）。"), shortest=4)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    team = kept(actor, team_id)
    charge = TeamMatter.objects.filter(team=team, matter_id=matter.pk, ended_at=None).first()
    if charge is None:
        raise Refusal("not_given", _("这件事项不在这个小组手里。"))
    if TeamTask.objects.filter(team=team, matter_id=matter.pk, state=TaskState.OPEN).exists():
        raise Refusal("has_tasks", _("这件事项还有未完成的小组任务，请先完成或者取消。"))
    charge.ended_at, charge.came_of = clock.now(), came_of
    charge.save(update_fields=["ended_at", "came_of"])
    _noted(actor, matter, team, TeamAction.TAKE_BACK, {}, came_of)
    return charge


def task(
    *,
    actor: Actor,
    team_id: UUID,
    what: str,
    member_id: UUID,
    due_on: date,
    link: str = "",
    matter_id: UUID | None = None,
) -> TeamTask:
    """布置小组任务: what one member does until a day; by a leader, or by a member of the team.

    In a village each belongs to one of the four links (四联), elsewhere to none. ``matter_id``: a matter that the
    team has in hand and whoever gives the task sees. Refused: ``not_given``.
    """
    what = needed("what", what, _("请写明做什么（至少四个字）。"), shortest=4)
    matter = locked(actor=actor, matter_id=matter_id) if matter_id else None
    team = seen(actor, team_id)
    if not may_keep_team(actor, team) and member_of(actor, team) is None:
        raise NotAllowed("post_may_not", _("小组任务由中心领导或者小组成员布置。"))
    errors: dict[str, Any] = {}
    if (team.kind == TeamKind.VILLAGE) != (link in FourLink):
        errors["link"] = _("村居三人小组的任务请选四联之一，其他小组和专班不选。")
    today = clock.today()
    if not today <= due_on <= today + LONGEST:
        errors["due_on"] = _("期限应在今后一年以内。")
    member = Member.objects.filter(pk=member_id, team=team, until=None).first()
    if member is None:
        errors["member_id"] = _("请选择现在的成员。")
    if errors:
        raise Invalid(errors)
    if matter and not TeamMatter.objects.filter(team=team, matter_id=matter.pk, ended_at=None).exists():
        raise Refusal("not_given", _("这件事项不在这个小组手里。"))
    assert member is not None  # noqa: S101  said above
    made = TeamTask.objects.create(
        **(of(matter) if matter else {"county": team.county}),
        team=team,
        link=link,
        what=what,
        member=member,
        due_on=due_on,
        given_by_id=actor.person_id,
        given_at=clock.now(),
    )
    _told(actor, matter, team, made, TeamAction.TASK, {"until": due_on, "post": member.post_id}, what)
    return made


def finish(*, actor: Actor, task_id: UUID, came_of: str) -> TeamTask:
    """完成小组任务: with what came of it; by whose turn it is, or by a leader for who has no post."""
    return _end(actor, task_id, came_of, TaskState.DONE, TeamAction.FINISH)


def drop(*, actor: Actor, task_id: UUID, came_of: str) -> TeamTask:
    """取消小组任务: a leader says why it is not done."""
    return _end(actor, task_id, came_of, TaskState.DROPPED, TeamAction.DROP)


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged is in no team's hands any more (handler of ``Moved``)."""
    if moved.action not in ENDING:
        return
    now = clock.now()
    came_of = str(_("随事项终止"))
    TeamMatter.objects.filter(matter_id=moved.matter_id, ended_at=None).update(ended_at=now, came_of=came_of)
    open_tasks = TeamTask.objects.filter(matter_id=moved.matter_id, state=TaskState.OPEN)
    open_tasks.update(state=TaskState.DROPPED, ended_at=now, came_of=came_of)


def _check_fits(team: Team, matter: Matter) -> None:
    if matter.restriction != Restriction.OPEN:
        raise Refusal("restricted_not_given", _("限阅事项不交给小组或专班。"))
    if team.kind == TeamKind.VILLAGE and not (matter.division_id or "").startswith(
        division_prefix(team.division_id)
    ):
        raise Refusal("outside_area", _("事项不在这个小组的村居。"))
    if team.kind == TeamKind.MAJOR and matter.risk != Risk.HIGH:
        raise Refusal("not_major", _("情理法三人小组只办研判为高风险的事项。"))
    if team.category and not (matter.category or "").startswith(team.category):
        raise Refusal("other_kind", _("事项不属于这个专班的纠纷类型。"))


def _end(actor: Actor, task_id: UUID, came_of: str, to: TaskState, action: TeamAction) -> TeamTask:
    known = tasks_visible_to(actor).filter(pk=task_id).values_list("matter_id", flat=True)
    if not known:
        raise NotAllowed("task_not_found", _("没有这项小组任务，或您看不到它。"))
    # Whose turn it is need not see the matter: the task is what they hold.
    matter = None
    if known[0] is not None:
        matter = Matter.objects.select_for_update(of=("self",), no_key=True).filter(pk=known[0]).first()
    found = TeamTask.objects.select_for_update(of=("self",)).select_related("team", "member").get(pk=task_id)
    allowed = may_finish(actor, found) if to == TaskState.DONE else may_keep_team(actor, found.team)
    if not allowed:
        raise NotAllowed("not_your_turn", _("由承担任务的成员完成；没有岗位的成员由中心领导代记。"))
    came_of = needed("came_of", came_of, _("请写明结果或者原因（至少四个字）。"), shortest=4)
    if found.state != TaskState.OPEN:
        raise Refusal("task_ended", _("这项任务已经了结。"))
    found.state, found.came_of = to, came_of
    found.ended_at, found.ended_by_id = clock.now(), actor.person_id
    found.save(update_fields=["state", "came_of", "ended_at", "ended_by"])
    _told(actor, matter, found.team, found, action, {}, came_of)
    return found


def _told(
    actor: Actor,
    matter: Matter | None,
    team: Team,
    made: TeamTask,
    action: TeamAction,
    said: dict[str, object],
    words: str,
) -> None:
    if matter is not None:
        _noted(actor, matter, team, action, said | {"task": made.pk, "link": made.link}, words)
        return
    record(
        actor=actor,
        verb=f"team.{action}",
        subject=f"team:{team.pk}",
        county=team.county,
        details={"task": made.pk},
    )


def _noted(
    actor: Actor, matter: Matter, team: Team, action: TeamAction, said: dict[str, object], words: str
) -> None:
    # What a team does beside the procedure leaves the matter as it was for whoever has its page open.
    note(
        matter,
        actor=actor,
        type=f"team.{action}",
        parameters={"team": team.pk, "kind": team.kind, **said},
        words={WordKind.SUMMARY: words},
        raises_version=action in (TeamAction.GIVE, TeamAction.TAKE_BACK),
    )
