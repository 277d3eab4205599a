"""A hard matter before the study committee: the members that the county named, two of whom write at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.places.queries.divisions import in_force
from fengqiao.study.domain import concluding, convening, naming, taking_part
from fengqiao.study.models import Member, Study
from fengqiao.study.policies import may_convene
from fengqiao.study.queries.members import nameable, to_invite

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# One matter in so many is hard enough.
HARD = 90
NAMED_SINCE = date(2026, 1, 1)
PAPER = "县委政法委聘请研判委员的通知"
# Whom the county names, for which fields: handlers by the kind of their department.
EXPERTS = {
    "court": ("law",),
    "justice": ("law", "family"),
    "labour": ("labour",),
    "natural_resources": ("land",),
    "housing": ("building",),
    "health": ("medical", "psychology"),
}
OPINIONS = (
    ("agree", "同意拟办意见：事实清楚，依据充分，先解决当事人最急的问题。"),
    ("amend", "赞成方向，建议先由主管部门书面答复，再一并调解赔偿数额。"),
)


def lay_before_experts(play: Play, actor: Actor, matter: Matter) -> None:
    """Convenes a study on the matter, where it is one of the hard ones."""
    hard = play.fate.number % HARD == 0 and matter.restriction == Restriction.OPEN
    if not hard or not may_convene(actor, matter):
        return
    _name_members(actor.county)
    members = [each for each in to_invite(matter, clock.today()) if each.person_id != actor.person_id][:3]
    if len(members) < len(OPINIONS):
        return
    study = convening.convene(
        actor=actor,
        matter_id=matter.pk,
        questions="各方责任怎么分？\n先走哪一个程序？",
        proposal="由主管部门先核实并书面答复，中心组织双方再调解一次。",
        opinions_by=clock.today() + timedelta(days=7),
        members=[each.pk for each in members],
    )
    for member, (stance, text) in zip(members, OPINIONS, strict=False):
        with scope(_in_post(member)) as expert:
            taking_part.reply(actor=expert, study_id=study.pk, answer="comes")
            taking_part.opine(actor=expert, study_id=study.pk, stance=stance, text=text)
    if play.fate.number % (2 * HARD) == 0:
        _conclude(play, study, matter)


def _conclude(play: Play, study: Study, matter: Matter) -> None:
    leader = play.cast.someone(matter.holder_id, LEADERS, play.fate.rng("study"))
    advised = next(iter(concluding.in_hand(matter.pk)), None)
    if leader is None:
        return
    with scope(leader):
        concluding.conclude(
            actor=leader,
            study_id=study.pk,
            conclusion="委员意见一致：先由主管部门书面答复，再组织调解。",
            department_id=advised.pk if advised else None,
        )


def _name_members(county: str) -> None:
    """Once: the county names its members before the first study."""
    if Member.objects.filter(county=county).exists():
        return
    keeper = Stationing.objects.filter(
        in_force(clock.today()),
        post__role=Role.SECURITY_ADMINISTRATOR,
        post__division_id=f"{county}000000",
    ).select_related("person", "post", "post__centre", "post__department")
    held = keeper.first()
    if held is None:
        return
    with scope(actor_of(held)) as administrator:
        left = dict(EXPERTS)
        for each in nameable(administrator):
            kind = each.post.department.kind if each.post.department else ""
            if each.post.role == Role.HANDLER and kind in left:
                naming.name_member(
                    actor=administrator,
                    stationing_id=each.pk,
                    fields=left.pop(kind),
                    basis=PAPER,
                    valid_from=NAMED_SINCE,
                )


def _in_post(member: Member) -> Actor:
    held = Stationing.objects.filter(
        in_force(clock.today()), person_id=member.person_id, post_id=member.post_id
    )
    return actor_of(held.select_related("person", "post", "post__centre", "post__department")[0])
