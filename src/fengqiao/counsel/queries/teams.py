"""Teams, what they have in hand and whose turn it is, as pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.counsel.enums import TaskState, TeamKind
from fengqiao.counsel.models import Member, Team, TeamMatter, TeamTask
from fengqiao.counsel.policies import (
    charges_visible_to,
    may_finish,
    may_keep_team,
    member_of,
    memberships_of,
    tasks_visible_to,
    teams_visible_to,
)
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.enums import Restriction, Risk
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force, lies_in
from fengqiao.rules.queries.team_seats import Seat, seats_of

# A county's posts to choose from; who is not among the first is found by the API.
MOST = 300


@dataclass(frozen=True)
class Shown:
    """One team as the acting person sees it. ``free`` are the seats that can be filled now."""

    team: Team
    members: list[Member]
    charges: list[TeamMatter]
    tasks: list[TeamTask]
    # Of what is over there is more than is shown.
    more: bool
    free: list[Seat]
    keeps: bool
    gives_tasks: bool
    finishes: frozenset[UUID]


def teams_of(actor: Actor, *, kind: str = "", running: bool | None = None) -> QuerySet[Team]:
    """The teams that the person sees."""
    found = teams_visible_to(actor).select_related("centre", "division")
    if kind:
        found = found.filter(kind=kind)
    if running is not None:
        found = found.filter(dissolved_at__isnull=running)
    return found


def listed(actor: Actor, kind: str) -> QuerySet[Team]:
    """The running ones of a kind by age, each with how many sit in it and how many tasks are open (``seats``,
    ``open_tasks``)."""
    of_it = {"team_id": OuterRef("pk")}
    seated = Member.objects.filter(**of_it, until=None).order_by().values("team_id")
    waiting = TeamTask.objects.filter(**of_it, state=TaskState.OPEN).order_by().values("team_id")
    found = teams_of(actor, kind=kind, running=True).annotate(
        seats=Coalesce(Subquery(seated.annotate(n=Count("pk")).values("n")), 0),
        open_tasks=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
    )
    return found.order_by("set_up_at", "id")


def team_by_id(actor: Actor, team_id: UUID) -> Team:
    """One that the person sees; raises ``NotAllowed`` alike for any other."""
    found = teams_of(actor).filter(pk=team_id).first()
    if found is None:
        raise NotAllowed("team_not_found", _("没有这个小组或专班，或您看不到它。"))
    return found


def shown(actor: Actor, team: Team) -> Shown:
    """What of the team this person sees and may do now: all that runs, and of what is over the newest."""
    members = list(Member.objects.filter(team=team, until=None))
    charges = charges_visible_to(actor).filter(team=team).select_related("matter")
    charges = charges.order_by(F("ended_at").desc(nulls_first=True), "given_at", "id")
    tasks = with_their_own(tasks_visible_to(actor).filter(team=team))
    all_charges, all_tasks = list(charges[: MOST + 1]), list(tasks[: MOST + 1])
    keeps = may_keep_team(actor, team) and team.dissolved_at is None
    filled = {each.seat for each in members}
    return Shown(
        team=team,
        members=members,
        charges=all_charges[:MOST],
        tasks=all_tasks[:MOST],
        more=len(all_charges) > MOST or len(all_tasks) > MOST,
        free=[each for each in seats_of(team.kind) if each.many or each.seat not in filled] if keeps else [],
        keeps=keeps,
        gives_tasks=team.dissolved_at is None and (keeps or member_of(actor, team) is not None),
        finishes=frozenset(
            each.pk for each in all_tasks[:MOST] if each.state == TaskState.OPEN and may_finish(actor, each)
        ),
    )


def with_their_own(tasks: QuerySet[TeamTask]) -> QuerySet[TeamTask]:
    """With what a row says: team, member, matter; those that are open first, the earliest day first."""
    return tasks.select_related("team", "member", "matter").order_by(
        F("ended_at").desc(nulls_first=True), "due_on", "id"
    )


def waiting_for(actor: Actor) -> QuerySet[TeamTask]:
    """Open tasks that are this person's turn, the earliest day first."""
    mine = memberships_of(actor).order_by().values("pk")
    found = TeamTask.objects.filter(member__in=mine, state=TaskState.OPEN, county__in=actor.counties)
    return found.select_related("team", "member", "matter").order_by("due_on", "id")


def tasks_of(actor: Actor, *, state: str = "", team_id: UUID | None = None) -> QuerySet[TeamTask]:
    """The tasks that the person sees: whose turn, until when, what came of it."""
    found = tasks_visible_to(actor).select_related("team", "member")
    if state:
        found = found.filter(state=state)
    if team_id:
        found = found.filter(team_id=team_id)
    return found


def is_late(task: TeamTask) -> bool:
    """Open beyond its day."""
    return task.state == TaskState.OPEN and task.due_on < clock.today()


def charges_of(actor: Actor, matter: Matter) -> list[TeamMatter]:
    """To which teams the matter was given, for whoever sees it."""
    return list(charges_visible_to(actor).filter(matter_id=matter.pk).select_related("team"))


def fitting(actor: Actor, matter: Matter) -> list[Team]:
    """The teams of the actor's centre to which the matter can be given now."""
    if matter.restriction != Restriction.OPEN or not matter.is_open or matter.holder_id != actor.centre_id:
        return []
    running = [each for each in teams_of(actor, running=True) if may_keep_team(actor, each)]
    has_it = set(
        TeamMatter.objects.filter(matter_id=matter.pk, ended_at=None).values_list("team_id", flat=True)
    )
    return [each for each in running if each.pk not in has_it and _fits(each, matter)]


def to_seat(team: Team) -> list[Stationing]:
    """Posts of the county whose holders can take a seat."""
    found = Stationing.objects.filter(
        in_force(clock.today()), lies_in(team.county, "post__division_id"), person__is_active=True
    )
    seated = Member.objects.filter(team=team, until=None, person__isnull=False).values("person_id")
    related = found.exclude(person_id__in=seated).select_related(
        "person", "post", "post__centre", "post__department", "post__division"
    )
    return list(related.order_by("person__name", "id")[:MOST])


def _fits(team: Team, matter: Matter) -> bool:
    if team.kind == TeamKind.VILLAGE:
        return (matter.division_id or "").startswith(division_prefix(team.division_id))
    if team.kind == TeamKind.MAJOR:
        return matter.risk == Risk.HIGH
    return (matter.category or "").startswith(team.category)
