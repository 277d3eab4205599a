"""A joint legal consultation as far as a story needs it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import advisers, calling, tasking, teams
from fengqiao.counsel.domain.calling import Asked, Outsider
from fengqiao.counsel.models import (
    Adviser,
    Consultation,
    GivenOpinion,
    Invitee,
    Member,
    Team,
    TeamMatter,
    TeamTask,
)
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Stationing
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty

COURT = (Role.HANDLER, "court")
POLICE = (Role.HANDLER, "police")
SAID = {
    "facts": "十二名工人两个月没有领到工资，厂房已经抵押给银行。",
    "question": "工资能否从厂房拍卖款中优先受偿？\n工人应当先走哪个程序？",
}
EXPERT = Outsider("李教授", "law_society", "市法学会")


def held(county: SmallCounty, *who: tuple[Role, str]) -> list[Any]:
    return [county.stationings[str(role), place].pk for role, place in who]


def called(
    county: SmallCounty, matter: Matter, *posts: tuple[Role, str], who: Any = Role.DIRECTOR, **more: Any
) -> Consultation:
    given: dict[str, Any] = {
        "meets_at": clock.now() + timedelta(days=2),
        "way": "video",
        "place": "综治视联网 8801 会议室",
        "chair": held(county, (Role.DIRECTOR, "county"))[0],
        "asked": Asked(posts=held(county, *posts), outsiders=[EXPERT]),
    }
    return act(county, who, calling.call, matter, **(SAID | given | more))


def does(county: SmallCounty, who: Any, verb: Any, consultation: Consultation, **said: Any) -> Any:
    return act(county, who, verb, consultation_id=consultation.pk, **said)


def lie_consulted(actor: Actor, matter: Matter, invited: Stationing, chair: Stationing) -> Consultation:
    """A consultation with a row in each table: the rows alone, for grounds."""
    moment = clock.now()
    with scope(actor):
        consultation = Consultation.objects.create(
            **of(matter),
            **SAID,
            way="room",
            place="中心三楼",
            meets_at=moment,
            chair_id=chair.person_id,
            chair_post_id=chair.post_id,
            called_by_id=actor.person_id,
            called_role=actor.role,
            called_at=moment,
        )
        invitee = Invitee.objects.create(
            **of(matter),
            consultation=consultation,
            capacity="centre",
            person_id=invited.person_id,
            post_id=invited.post_id,
            name="某某",
            reply="comes",
            invited_at=moment,
        )
        GivenOpinion.objects.create(
            **of(matter),
            consultation=consultation,
            invitee=invitee,
            text="工资可以申请先予执行。",
            given_at=moment,
            written_by_id=invited.person_id,
        )
    return consultation


def set_up(county: SmallCounty, kind: str = "village", who: Any = Role.DIRECTOR, **more: Any) -> Team:
    """A team of the county's centre, for the village where matters of these stories happen."""
    given: dict[str, Any] = {
        "kind": kind,
        "name": f"黄泥坑{kind}小组",
        "division": "440785102201" if kind == "village" else "440785000000",
        "mandate": "日常联系村里，发现问题一起想办法。",
        "valid_from": date(2026, 1, 1),
        "valid_until": clock.today() + timedelta(days=90) if kind == "force" else None,
    }
    return act(county, who, teams.set_up, **(given | more))


def on(county: SmallCounty, who: Any, verb: Any, team: Team, **said: Any) -> Any:
    return act(county, who, verb, team_id=team.pk, **said)


def seated(county: SmallCounty, team: Team, seat: str, *who: tuple[Role, str]) -> Member:
    """Somebody in a seat: of the post, else by name."""
    said: dict[str, Any] = {"stationing_id": held(county, *who)[0]} if who else {"name": "老梁"}
    on(county, Role.DIRECTOR, teams.seat, team, seat=seat, **said)
    with scope(EVERYWHERE):
        return Member.objects.get(team=team, seat=seat, until=None)


def tasked(
    county: SmallCounty, team: Team, member: Member, who: Any = Role.DIRECTOR, **more: Any
) -> TeamTask:
    given: dict[str, Any] = {
        "what": "把两家的用水问题问清楚。",
        "member_id": member.pk,
        "due_on": clock.today() + timedelta(days=3),
        "link": "solve" if team.kind == "village" else "",
    }
    return on(county, who, tasking.task, team, **(given | more))


def entered(county: SmallCounty, who: Any = Role.DIRECTOR, **more: Any) -> Adviser:
    """A chief legal adviser of the county."""
    given: dict[str, Any] = {
        "kind": "chief",
        "name": "周律师",
        "unit": "某律师事务所",
        "what_for": "建设工程和劳动争议",
        "appointed_by": "县委政法委",
        "basis": "恩委政法〔2026〕8号",
        "valid_from": date(2026, 1, 1),
    }
    return act(county, who, advisers.enter, **(given | more))


def lie_teamed(actor: Actor, matter: Matter, seated: Stationing, centre: Any) -> Team:
    """A team with a row in each table, the matter in its hands: the rows alone, for grounds."""
    moment = clock.now()
    with scope(actor):
        Adviser.objects.create(
            county=matter.county,
            kind="chief",
            name="周律师",
            what_for="劳动争议",
            appointed_by="县委政法委",
            basis="文件",
            valid_from=moment.date(),
            entered_by_id=actor.person_id,
            entered_at=moment,
        )
        team = Team.objects.create(
            county=matter.county,
            kind="force",
            name=f"专班{Team.objects.count()}",
            centre=centre,
            division_id=f"{matter.county}000000",
            mandate="牵头办理欠薪事项。",
            valid_from=moment.date(),
            valid_until=moment.date(),
            set_up_by_id=actor.person_id,
            set_up_at=moment,
        )
        member = Member.objects.create(
            county=matter.county,
            team=team,
            seat="head",
            alone=True,
            person_id=seated.person_id,
            post_id=seated.post_id,
            name="某某",
            since=moment,
        )
        who = {"given_by_id": actor.person_id, "given_at": moment}
        TeamMatter.objects.create(**of(matter), team=team, words="牵头协调。", **who)
        TeamTask.objects.create(
            **of(matter), team=team, what="核对工资表。", member=member, due_on=moment.date(), **who
        )
    return team
