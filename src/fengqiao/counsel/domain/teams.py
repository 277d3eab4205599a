"""Setting a team up, who sits in it, and dissolving it. Persons are its members; nobody else is written down in it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.counsel.enums import TaskState, TeamAction, TeamKind
from fengqiao.counsel.models import Member, Team, TeamMatter, TeamTask
from fengqiao.counsel.policies import check_may_keep_team, check_may_set_up, teams_visible_to
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.wording import needed
from fengqiao.places.models import Division, Stationing
from fengqiao.places.queries.divisions import in_force, lies_in
from fengqiao.rules.queries import categories
from fengqiao.rules.queries.team_seats import Seat, all_seats


def set_up(
    *,
    actor: Actor,
    kind: str,
    name: str,
    division: str,
    mandate: str,
    valid_from: date,
    valid_until: date | None = None,
    category: str = "",
) -> Team:
    """组建小组或专班: a leader sets one up for an area within their centre's, with what it is for.

    ``category``: only for a task force, where it leads matters of one kind. Refused: ``team_name_taken``.
    """
    check_may_set_up(actor)
    assert actor.centre_id is not None  # noqa: S101  said above
    mandate = needed("mandate", mandate, _("请写明职责（至少十个字）。"), shortest=10)
    _check_terms(actor, kind, name, division, valid_from, valid_until, category)
    if Team.objects.filter(centre_id=actor.centre_id, name=name.strip(), dissolved_at=None).exists():
        raise Refusal("team_name_taken", _("本中心已有同名的小组或专班。"), field="name")
    team = Team.objects.create(
        county=actor.county,
        kind=kind,
        name=name.strip(),
        centre_id=actor.centre_id,
        division_id=division,
        category=category,
        mandate=mandate,
        valid_from=valid_from,
        valid_until=valid_until,
        set_up_by_id=actor.person_id,
        set_up_at=clock.now(),
    )
    _record(actor, team, TeamAction.SET_UP, {"kind": kind, "division": division})
    return team


def seat(
    *,
    actor: Actor,
    team_id: UUID,
    seat: str,
    stationing_id: UUID | None = None,
    name: str = "",
    unit: str = "",
) -> Team:
    """加入成员: somebody in a post of the county, or by name who has none, takes a seat.

    Refused: ``seat_filled`` (a seat of which there is one is filled once at a time), ``member_already``,
    ``wrong_body`` for a post that is not of the body whose seat it is.
    """
    team = kept(actor, team_id)
    rule = all_seats().get((team.kind, seat))
    if rule is None:
        raise Invalid({"seat": _("请选择这类小组的席位。")})
    now = clock.now()
    there = Member.objects.filter(team=team, until=None)
    if not rule.many and there.filter(seat=seat).exists():
        raise Refusal("seat_filled", _("这个席位已有人，请先让其退出。"), field="seat")
    member = Member(county=team.county, team=team, seat=seat, alone=not rule.many, since=now)
    if stationing_id is None:
        if not 2 <= len(name.strip()) <= 60 or len(unit) > 120:
            raise Invalid({"name": _("请选择岗位，或者写明姓名（二至六十个字）。")})
        member.name, member.unit = name.strip(), unit.strip()
    else:
        held = _held(team, rule, stationing_id)
        if there.filter(person_id=held.person_id).exists():
            raise Refusal("member_already", _("这位已经是成员。"), field="stationing_id")
        member.person_id, member.post_id = held.person_id, held.post_id
        member.name = held.person.name[:60]
        member.unit = str(held.post.centre or held.post.department or "")[:120]
    member.save(force_insert=True)
    _record(actor, team, TeamAction.SEAT, {"seat": seat, "member": member.pk})
    return team


def leave(*, actor: Actor, team_id: UUID, member_id: UUID) -> Team:
    """成员退出: the seat is free. Refused as long as it is their turn in a task: ``has_tasks``."""
    team = kept(actor, team_id)
    member = Member.objects.select_for_update().filter(pk=member_id, team=team, until=None).first()
    if member is None:
        raise Invalid({"member_id": _("请选择现在的成员。")})
    if TeamTask.objects.filter(member=member, state=TaskState.OPEN).exists():
        raise Refusal("has_tasks", _("其名下还有未完成的任务，请先完成或者取消。"), field="member_id")
    member.until = clock.now()
    member.save(update_fields=["until"])
    _record(actor, team, TeamAction.LEAVE, {"seat": member.seat, "member": member.pk})
    return team


def dissolve(*, actor: Actor, team_id: UUID, summary: str) -> Team:
    """撤销小组或专班: with what came of its work. Refused as long as tasks or matters are in its hands."""
    summary = needed("summary", summary, _("请写明工作小结（至少十个字）。"), shortest=10)
    team = kept(actor, team_id)
    open_tasks = TeamTask.objects.filter(team=team, state=TaskState.OPEN).exists()
    if open_tasks or TeamMatter.objects.filter(team=team, ended_at=None).exists():
        raise Refusal("team_has_work", _("还有没办完的任务或者事项，请先逐项了结。"))
    team.dissolved_at, team.summary = clock.now(), summary
    team.save(update_fields=["dissolved_at", "summary"])
    Member.objects.filter(team=team, until=None).update(until=team.dissolved_at)
    _record(actor, team, TeamAction.DISSOLVE, {})
    return team


def kept(actor: Actor, team_id: UUID) -> Team:
    """The team, locked, for a leader of the centre that set it up, as long as it is not dissolved."""
    team = seen(actor, team_id)
    check_may_keep_team(actor, team)
    return team


def seen(actor: Actor, team_id: UUID) -> Team:
    """The team, locked, for whoever sees it."""
    found = teams_visible_to(actor).filter(pk=team_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotAllowed("team_not_found", _("没有这个小组或专班，或您看不到它。"))
    team = Team.objects.select_for_update(of=("self",)).get(pk=team_id)
    if team.dissolved_at is not None:
        raise Refusal("team_dissolved", _("这个小组或专班已经撤销。"))
    return team


def _check_terms(
    actor: Actor,
    kind: str,
    name: str,
    division: str,
    valid_from: date,
    valid_until: date | None,
    category: str,
) -> None:
    errors: dict[str, Any] = {}
    if kind not in TeamKind:
        errors["kind"] = _("请选择小组还是专班。")
    if not 2 <= len(name.strip()) <= 60:
        errors["name"] = _("请写明名称（二至六十个字）。")
    within = division.startswith(division_prefix(actor.division))
    if not within or not Division.objects.filter(in_force(clock.today()), pk=division).exists():
        errors["division"] = _("请选择本中心辖区内的区划。")
    if valid_until is not None and valid_until < max(valid_from, clock.today()):
        errors["valid_until"] = _("截止日期应在开始之后，不早于今天。")
    if kind == TeamKind.FORCE and valid_until is None:
        errors["valid_until"] = _("专班要写明到哪天为止。")
    known = {each.code for each in categories.in_force(clock.today())}
    if category and (kind != TeamKind.FORCE or category not in known):
        errors["category"] = _("只有专班可以限定纠纷类型，请从类型表里选。")
    if errors:
        raise Invalid(errors)


def _held(team: Team, rule: Seat, stationing_id: UUID) -> Stationing:
    today = clock.today()
    found = Stationing.objects.filter(
        in_force(today), lies_in(team.county, "post__division_id"), pk=stationing_id, person__is_active=True
    )
    held = found.select_related("person", "post", "post__centre", "post__department").first()
    if held is None:
        raise Invalid({"stationing_id": _("本县没有这位在任的人。")})
    department = held.post.department
    if rule.body and (department is None or department.kind != rule.body):
        raise Refusal("wrong_body", _("这个席位由公安机关的人担任。"), field="stationing_id")
    return held


def _record(actor: Actor, team: Team, action: TeamAction, details: dict[str, object]) -> None:
    record(actor=actor, verb=f"team.{action}", subject=f"team:{team.pk}", county=team.county, details=details)
