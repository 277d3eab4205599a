"""Assessed, routed, dispatched: how the centre decides who shall handle it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.dispatch.domain import dispatching as verbs
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import Responsibility
from fengqiao.dispatch.models import Dispatch
from fengqiao.kernel import clock
from fengqiao.matters.domain import assessing as assessments
from fengqiao.matters.enums import Action, Danger, Risk, Tier, Track
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ruled import asked
from fengqiao.places.models import Department
from fengqiao.rules.enums import TableKind
from fengqiao.simulate import advising, consulting, courting, mediation, receiving, teaming, upward
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# How often somebody finds a tier other than the proposed one, which, and why.
OTHERWISE = 0.06
OTHER_TIER: dict[str, tuple[str, str]] = {
    Tier.SIMPLE: (Tier.COMPLEX, "双方都提出请镇街的调解员参加。"),
    Tier.COMPLEX: (Tier.SIMPLE, "村里熟悉情况，双方也愿意先在村里谈。"),
}
# Bodies to which a matter goes astray where its story names none.
ASTRAY = ("market", "urban_management", "agriculture", "emergency", "housing", "natural_resources")


def assessing(play: Play) -> Turn | None:
    m, story, turns = play.matter, play.fate.story, play.fate.turns
    if (
        play.fate.path == "mediated"
        and "second_thoughts" in turns
        and m.danger != Danger.DOMESTIC
        and m.version <= 4
    ):
        # He who would not hear of it has slept over it.
        return mediation.send(play)
    grounds = play.say(story.risk_grounds)
    if len(grounds) < 10:
        grounds += "，已与网格员核对。"

    def assess(actor: Actor) -> Matter:
        tier, why = _tier(play, actor)
        found = assessments.assess(
            actor=actor,
            matter_id=m.id,
            level=Risk(story.risk),
            grounds=grounds,
            tier=tier or None,
            tier_reason=why,
        )
        return upward.report_if_due(play, actor, found, grounds)

    return play.do(
        Action.ASSESS,
        assess,
        prefer=(Role.DISPATCHER, Role.DIRECTOR),
    )


def _tier(play: Play, actor: Actor) -> tuple[str, str]:
    """The tier that the county's table proposes; now and then another one, with why."""
    m = play.matter
    proposed = asked(actor, TableKind.TIER, m).chosen
    if proposed in OTHER_TIER and play.fate.rng("tier").random() < OTHERWISE:
        return OTHER_TIER[proposed]
    return proposed, ""


def routing(play: Play) -> Turn | None:
    m = play.matter
    with play.seen():
        sued = courting.sues(play.fate) and courting.at_law(m)
    if play.fate.path == "redirected" or sued:
        return receiving.redirect(play, courting.COURT if sued else receiving.COURT_DESK)
    track = Track(play.fate.story.track)
    reason = f"按诉求性质和反映对象，属{track.label}事项。"
    return play.do(
        Action.ROUTE,
        lambda a: assessments.route(actor=a, matter_id=m.id, track=track, reason=reason),
        prefer=(Role.DISPATCHER,),
    )


def dispatching(play: Play) -> Turn | None:
    m, fate = play.matter, play.fate
    found = bodies(play)
    if not found:
        return None
    lead = found[0]
    astray = {"returned_once", "returned_twice"} & fate.turns and m.reopened == 0
    if astray and (wrong := wrong_body(play)) is not None:
        lead = wrong
    others = [d for d in found if d.id != lead.id][:3]
    assisting = [Assisting(d.id, _responsibility(d)) for d in others[: play.rng.randint(0, 2)]]
    due = clock.today() + timedelta(days=play.rng.choice((7, 10, 15, 30)))

    def dispatch(actor: Actor) -> Dispatch:
        given = verbs.dispatch(
            actor=actor,
            matter_id=m.id,
            lead=lead.id,
            lead_responsibility=_responsibility(lead),
            assisting=assisting,
            message="请依法依规核实处理，结果书面答复当事人并报中心。",
            reply_by=due,
            reason="按诉求和责任主体，由该部门主办更合适。",
        )
        advising.lay_before_experts(play, actor, Matter.objects.get(pk=m.pk))
        consulting.ask_about_the_law(play, Matter.objects.get(pk=m.pk))
        teaming.hand_to_team(play, Matter.objects.get(pk=m.pk))
        return given

    return play.do(
        Action.DISPATCH,
        dispatch,
        prefer=(Role.DISPATCHER, Role.DIRECTOR),
    )


def bodies(play: Play) -> list[Department]:
    """Those who are competent for the matter and may be given it, the competent one first."""
    kinds = (*play.fate.story.departments, "territory")
    found = [play.cast.department(kind, play.fate.division) for kind in kinds]
    return [d for d in dict.fromkeys(found) if d is not None and may_be_given(play, d)]


def may_be_given(play: Play, body: Department) -> bool:
    return not body.is_independent and body.id != play.matter.against_department_id


def wrong_body(play: Play) -> Department | None:
    """The body to which this matter goes first though it is not competent."""
    right = {d.id for d in bodies(play)}
    kinds = (play.fate.story.wrong_department, *ASTRAY)
    found = [d for kind in kinds if kind and (d := play.cast.department(kind, play.fate.division))]
    return next((d for d in found if d.id not in right and may_be_given(play, d)), None)


def _responsibility(body: Department) -> Responsibility:
    if body.kind == "territory":
        return Responsibility.TERRITORY
    return Responsibility.POLITICAL_LEGAL if body.kind in ("police", "justice") else Responsibility.INDUSTRY
