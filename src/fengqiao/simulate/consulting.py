"""A hard question of law before court, justice and an expert from outside: some are signed, and some followed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import advising, calling
from fengqiao.counsel.domain.calling import Asked, Outsider
from fengqiao.counsel.models import Consultation
from fengqiao.counsel.policies import may_call
from fengqiao.counsel.queries.invitable import to_chair, to_consult
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.simulate.teaming import advisers_to_ask

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# One matter in so many has a question of law.
OF_LAW = 75
EXPERT = Outsider("何教授", "law_society", "市法学会")
OPINION = "主要事实清楚，可以先行协商；协商不成的，引导依法申请裁决或者起诉。"


def ask_about_the_law(play: Play, matter: Matter) -> None:
    """Calls a consultation on the matter, where it is one of those with a question of law."""
    number = play.fate.number
    if number % OF_LAW != 7 or matter.restriction != Restriction.OPEN:
        return
    leader = play.cast.someone(matter.holder_id, LEADERS, play.fate.rng("consultation"))
    if leader is None or not may_call(leader, matter) or not matter.is_open:
        return
    with scope(leader):
        chair = next((each for each in to_chair(matter.holder_id, matter)), None)
        invited = [each for each in to_consult(matter) if each.post.department_id][:2]
        if chair is None or not invited:
            return
        found = calling.call(
            actor=leader,
            matter_id=matter.pk,
            facts="双方对事实和责任说法不一，只有部分书面凭证。",
            question="现有凭证能否认定事实和责任？\n下一步先走哪个程序？",
            meets_at=clock.now() + timedelta(days=2),
            way="video" if number % 2 else "room",
            place="综治视联网会议室" if number % 2 else "中心三楼会议室",
            chair=chair.pk,
            asked=Asked(
                posts=[each.pk for each in invited], outsiders=[EXPERT], advisers=advisers_to_ask()[:1]
            ),
        )
        _heard(leader, found)
    _answered(found, invited)
    if number % (2 * OF_LAW) == 7:
        _signed(leader, found, chair)


def _heard(leader: Actor, found: Consultation) -> None:
    """What an adviser of the roster said by telephone is written down by the centre."""
    adviser = found.invitees.exclude(adviser=None).first()
    if adviser is not None:
        who: dict[str, Any] = {"actor": leader, "consultation_id": found.pk, "invitee_id": adviser.pk}
        advising.reply(**who, answer="comes")
        advising.opine(**who, text="先把能确认的事实和数额写成清单，双方签字，再谈责任怎么分。")


def _answered(found: Consultation, invited: list[Stationing]) -> None:
    first = actor_of(invited[0])
    with scope(first):
        advising.reply(actor=first, consultation_id=found.pk, answer="comes")
        advising.opine(
            actor=first, consultation_id=found.pk, text="凭证可以相互印证，能够认定主要事实；建议先行协商。"
        )


def _signed(leader: Actor, found: Consultation, chair: Stationing) -> None:
    signs = actor_of(chair)
    with scope(signs):
        advising.sign(
            actor=signs, consultation_id=found.pk, opinion=OPINION, articles="民事诉讼法 第一百二十二条"
        )
    with scope(leader):
        advising.follow(actor=leader, consultation_id=found.pk, followed="yes")
