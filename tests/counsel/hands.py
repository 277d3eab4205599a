"""A joint legal consultation as far as a story needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import calling
from fengqiao.counsel.domain.calling import Asked, Outsider
from fengqiao.counsel.models import Consultation, GivenOpinion, Invitee
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Stationing
from tests.matters.ground import act
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
