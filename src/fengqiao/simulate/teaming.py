"""Three-person groups of both kinds, a task force and the roster of advisers: set up once, then at work day by day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import advisers, tasking, teams
from fengqiao.counsel.enums import Capacity, FourLink, TaskState, TeamKind
from fengqiao.counsel.models import Adviser, Member, Team, TeamMatter, TeamTask
from fengqiao.counsel.queries.teams import fitting
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.places.queries.divisions import in_force
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.days import SATURDAY, at
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# Of the villages with a centre of their own: whom the grid worker is called.
GRID_WORKERS = ("冯小燕", "梁志强", "吴秀珍")
MANDATE = "每周碰头一次：信息互通，小纠纷当日上门，困难户一户一策，警力、网格、调解力量一起用。"
# How the four links are asked for, and what comes of it.
LINKS: dict[FourLink, tuple[tuple[str, str], ...]] = {
    FourLink.INFORM: (
        ("把本周网格走访和警情对一遍，有苗头的报中心。", "对过，两条是同一件事，已合并登记。"),
        ("把出租屋新住户名单同网格核对。", "核对完，新增三户，都已见面。"),
    ),
    FourLink.SOLVE: (
        ("巷口停车争位，上门同两家当面说。", "两家同意划线，各停一边。"),
        ("楼上漏水，一起去看现场。", "找到漏点，楼上答应周末修。"),
    ),
    FourLink.HELP: (("独居老人缺药，联系卫生站送药上门。", "药已送到，约好每月一次。"),),
    FourLink.SHARE: (("借村文化室开一次法律讲座，请律师到场。", "到了三十多人，问了八个问题。"),),
}
FOR_A_MATTER = ("三日内同双方见一次面，把难点报中心。", "已见面，双方愿意先核账再谈。")
WORDS = "涉及面广，请小组先上门稳住双方，再按职责推进。"
CAME_OF = "难点已经理清，余下由承办单位继续办理。"
# One matter in so many is given to a group that takes its like.
GIVEN = 5
TASK_DAYS, CHARGE_DAYS, FORCE_DAYS = 7, timedelta(days=12), timedelta(days=120)
ADVISERS = (
    (Capacity.LAW_SOCIETY, "何教授", "江门市法学会", "合同、土地承包", "市法学会"),
    (Capacity.CHIEF, "岑律师", "广东锦江律师事务所", "重大疑难信访事项", "市法学会"),
    (Capacity.ADVISORY, "黎法官", "退休法官", "家事、执行", "市委政法委"),
)
PAPER = "聘任通知（演示）"


def set_up(cast: Cast) -> None:
    """Once: what an earlier run or somebody at a desk has set up stays."""
    director = cast.director(cast.county_centre.id)
    if director is None:
        return
    with scope(director):
        if Team.objects.filter(county=director.county).exists():
            return
    for capacity, called, unit, what_for, by in ADVISERS:
        values = {"kind": capacity, "name": called, "unit": unit, "what_for": what_for, "appointed_by": by}
        _does(director, advisers.enter, **values, basis=PAPER, valid_from=clock.today())
    villages = [each for each in cast.lower_centres if not each.division_id.endswith("000")]
    for centre, worker in zip(villages, GRID_WORKERS, strict=False):
        upper = cast.director(centre.upper_id) if centre.upper_id else None
        if upper is None or upper.centre_id is None:
            continue
        helps = cast.someone(upper.centre_id, (Role.MEDIATOR,), Random(worker))  # noqa: S311  a play, no secret
        name = centre.division.name.removesuffix("居民委员会").removesuffix("村民委员会")
        team = _team(upper, TeamKind.VILLAGE, f"{name}三人小组", centre.division_id)
        _does(upper, teams.seat, team_id=team.pk, seat="grid_worker", name=worker, unit=centre.division.name)
        _seat(upper, team, "police_officer", _handler(cast, "police"))
        _seat(upper, team, "professional", helps)
    division = cast.county_centre.division_id
    major = _team(director, TeamKind.MAJOR, "情理法三人小组", division)
    _seat(director, major, "territory", _handler(cast, "territory"))
    _seat(director, major, "industry", _handler(cast, "labour"))
    _seat(director, major, "police_station", _handler(cast, "police"))
    force = _team(director, TeamKind.FORCE, "根治欠薪工作专班", division, category="0701")
    _seat(director, force, "head", cast.someone(cast.county_centre.id, (Role.EXECUTIVE_DEPUTY,), Random(1)))  # noqa: S311
    for body in ("labour", "trade_union", "housing"):
        _seat(director, force, "member", _handler(cast, body))


def hand_to_team(play: Play, matter: Matter) -> None:
    """A leader gives the matter to a group of the centre that takes its like, with a first task."""
    if play.fate.number % GIVEN != 3 or matter.restriction != Restriction.OPEN:
        return
    leader = play.cast.someone(matter.holder_id, LEADERS, play.fate.rng("team"))
    if leader is None:
        return
    with scope(leader):
        team = next(iter(fitting(leader, matter)), None)
        member = Member.objects.filter(team=team, until=None).exclude(person=None).last() if team else None
        if team is None or member is None:
            return
        tasking.give(actor=leader, team_id=team.pk, matter_id=matter.pk, words=WORDS)
        link = FourLink.SOLVE if team.kind == TeamKind.VILLAGE else ""
        due = clock.today() + timedelta(days=TASK_DAYS)
        tasking.task(
            actor=leader,
            team_id=team.pk,
            what=FOR_A_MATTER[0],
            member_id=member.pk,
            due_on=due,
            link=link,
            matter_id=matter.pk,
        )


def work(cast: Cast) -> None:
    """A day of all groups: what falls due is done, mostly; on Mondays those in villages get a task of the next link."""
    director, today = cast.director(cast.county_centre.id), clock.today()
    if director is None or today.weekday() >= SATURDAY:
        return
    rng = Random(f"teams{today}")  # noqa: S311  a play, no secret
    with scope(director):
        groups = list(Team.objects.filter(county=director.county, dissolved_at=None).select_related("centre"))
        open_tasks = TeamTask.objects.filter(county=director.county, state=TaskState.OPEN)
        due = list(open_tasks.filter(due_on__lte=today + timedelta(days=2)).select_related("member", "team"))
    for task in due:
        if rng.random() < 0.4:
            _finish(cast, task)
    for team in groups:
        keeper = cast.director(team.centre_id)
        if keeper is None:
            continue
        _take_back(keeper, team)
        if team.kind == TeamKind.VILLAGE and today.weekday() == 0:
            _give_task(keeper, team, today, rng)


def _team(leader: Actor, kind: TeamKind, name: str, division: str, category: str = "") -> Team:
    until = clock.today() + FORCE_DAYS if kind == TeamKind.FORCE else None
    made: Team = _does(
        leader,
        teams.set_up,
        kind=kind,
        name=name,
        division=division,
        mandate=MANDATE,
        valid_from=clock.today(),
        valid_until=until,
        category=category,
    )
    return made


def _seat(leader: Actor, team: Team, seat: str, who: Actor | None) -> None:
    if who is None:
        return
    held = Stationing.objects.filter(in_force(clock.today()), person_id=who.person_id)
    own = next((each.pk for each in held if each.post_id == who.post_id), None)
    _does(leader, teams.seat, team_id=team.pk, seat=seat, stationing_id=own)


def _handler(cast: Cast, kind: str) -> Actor | None:
    department = cast.department(kind)
    return cast.handler(department.pk) if department else None


def _finish(cast: Cast, task: TeamTask) -> None:
    """By whose turn it is; the leader writes down what came from a member without a post."""
    member = task.member
    came_of = next((said for each in LINKS.values() for what, said in each if what == task.what), "")
    who = cast.director(task.team.centre_id)
    if member.person_id is not None:
        held = Stationing.objects.filter(in_force(clock.today()), person_id=member.person_id)
        related = held.select_related("person", "post", "post__centre", "post__department", "post__division")
        who = next((actor_of(each) for each in related if each.post_id == member.post_id), None)
    if who is not None:
        _does(who, tasking.finish, task_id=task.pk, came_of=came_of or FOR_A_MATTER[1])


def _take_back(keeper: Actor, team: Team) -> None:
    with scope(keeper):
        charges = TeamMatter.objects.filter(team=team, ended_at=None, given_at__lte=clock.now() - CHARGE_DAYS)
        busy = TeamTask.objects.filter(team=team, state=TaskState.OPEN).exclude(matter=None)
        over = list(charges.exclude(matter__in=busy.values("matter_id")).values_list("matter_id", flat=True))
    for matter in over:
        _does(keeper, tasking.take_back, team_id=team.pk, matter_id=matter, came_of=CAME_OF)


def _give_task(keeper: Actor, team: Team, today: date, rng: Random) -> None:
    links = list(FourLink)
    link = links[today.isocalendar().week % len(links)]
    what, _came_of = rng.choice(LINKS[link])
    with scope(keeper):
        members = list(Member.objects.filter(team=team, until=None))
        # An earlier run of this day may have got so far.
        given = TeamTask.objects.filter(team=team, matter=None, given_at__gte=at(today, 0)).exists()
    if members and not given:
        member = rng.choice(members)
        due = today + timedelta(days=TASK_DAYS)
        _does(keeper, tasking.task, team_id=team.pk, what=what, member_id=member.pk, due_on=due, link=link)


def advisers_to_ask() -> list[Any]:
    """Of the county's roster, for a consultation; asked in the running scope."""
    return list(Adviser.objects.filter(in_force(clock.today())).order_by("kind").values_list("pk", flat=True))


def _does(actor: Actor, act: Any, **values: Any) -> Any:
    return Turn(actor, "team.play", lambda who: act(actor=who, **values)).take()
