"""Turns that can come at any step: alarms, other levels, one trouble told twice, somebody steps aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import whistling
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.matters import steps
from fengqiao.matters.domain import alarming, amending, lifting, sight
from fengqiao.matters.domain.merging import merge
from fengqiao.matters.enums import OPEN_STATES, Action, Danger, Outcome, State
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.reporting.policies import WRITERS
from fengqiao.reporting.queries.reports import is_due
from fengqiao.simulate import leading, upward
from fengqiao.simulate.fates import SOURCE
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# What a department's letter is told by: the play has no scanner, and one line says as much as a picture.
NOTE = "现场核实记录（演示）。当事人到场，情况与登记一致。\n".encode()


def turn_of(play: Play) -> Turn | None:
    """What comes between, or None on an ordinary day."""
    m, state = play.matter, play.case.state
    if state in steps.BEFORE_SETTLED and state != State.REGISTERED:
        found = _told_upward(play) or _same_trouble(play) or _alarm(play) or _lift(play) or _beside(play)
        found = found or leading.turn_of(play)
        if found is not None:
            return found
    if m.turned_criminal_at and not m.criminal_reviewed_at and play.days_since(m.turned_criminal_at) > 2:
        return play.do(
            Action.REVIEW_CRIMINAL,
            lambda a: alarming.review_criminal(
                actor=a,
                matter_id=m.id,
                review="第一次登记时已有推搡，未及时研判；今后有肢体冲突的当天研判、当天见面。",
            ),
        )
    # Most are calm after a visit; with some it takes a week.
    calm_after = play.fate.rng("calm").choice((0, 1, 1, 2, 3, 8))
    seen_to = m.is_open and state not in (State.REGISTERED, State.ACCEPTED)
    if m.danger_since and seen_to and play.days_since(m.danger_since) >= calm_after:
        return play.do(
            Action.DANGER_OVER,
            lambda a: alarming.danger_over(
                actor=a, matter_id=m.id, summary="民警与网格员上门见面，双方已分开，情绪平稳。"
            ),
        )
    return None


def _told_upward(play: Play) -> Turn | None:
    """What was found to be dangerous at the window, or since, is reported before anything else is done."""
    m = play.matter
    if play.case.readers is not None or (m.danger == Danger.NONE and "near" not in play.fate.turns):
        return None
    with play.seen():
        due = is_due(m.pk)
    actor = play.someone([Role.DISPATCHER, *(role for role in Role if role in WRITERS)]) if due else None
    if actor is None:
        return None
    said = "登记时已了解现场情况，需要上级协调力量。"
    return Turn(
        actor,
        "report.write",
        lambda a: upward.report_if_due(play, a, Matter.objects.get(pk=m.pk), said),
    )


def raise_up(play: Play, reason: str) -> Turn | None:
    m = play.matter
    return play.do(Action.RAISE, lambda a: lifting.raise_up(actor=a, matter_id=m.id, reason=reason))


def _same_trouble(play: Play) -> Turn | None:
    """Somebody else was here with the same trouble: that matter goes on, and this one is answered with it."""
    m, fate = play.matter, play.fate
    if fate.echo_of is None or m.danger != Danger.NONE or m.merged_into_id or m.version > 4:
        return None
    with play.seen():
        main = Matter.objects.visible_to(play.case.seer).filter(
            source=SOURCE,
            source_number=f"{fate.seed}-{fate.echo_of}",
            holder_id=m.holder_id,
            restriction=m.restriction,
            state__in=OPEN_STATES,
            against_department_id=m.against_department_id,
        )
        found = main.exclude(outcome__in=[Outcome.MERGED, Outcome.WITHDRAWN]).first()
        if found is None or Matter.objects.filter(merged_into_id=m.id).exists():
            return None
    return play.do(
        Action.MERGE,
        lambda a: merge(
            actor=a, matter_id=m.id, main_id=found.id, reason="两人反映的是同一件事，一并处理、分别答复。"
        ),
        prefer=(Role.DISPATCHER, Role.DIRECTOR),
    )


def _alarm(play: Play) -> Turn | None:
    m, turns, state = play.matter, play.fate.turns, play.case.state
    if "danger_later" in turns and m.danger == Danger.NONE and 3 <= m.version < 5:
        summary = "来访人说话激动，说再没有结果就不客气，已请同事在旁。"
        return play.do(
            Action.DANGER,
            lambda a: alarming.danger(actor=a, matter_id=m.id, kind=Danger.VIOLENCE, summary=summary),
        )
    if "criminal" in turns and m.turned_criminal_at is None and state in (State.HANDLING, State.MEDIATING):
        return play.do(
            Action.TURNED_CRIMINAL,
            lambda a: alarming.turned_criminal(
                actor=a, matter_id=m.id, summary="双方再次争执时一人受伤，公安机关已立案侦查。"
            ),
        )
    return None


def _lift(play: Play) -> Turn | None:
    m, turns = play.matter, play.fate.turns
    if "raised" in turns and not m.raised and m.version > 3 and play.holder.upper_id:
        return raise_up(play, "涉及面广、处置难度大，本级协调不下，请上级中心办理。")
    if "handed_down" in turns and not m.raised and play.case.state in (State.ACCEPTED, State.ASSESSING):
        lower = play.cast.below(m.holder_id, play.fate.division)
        if lower is not None and m.holder_id == m.centre_id:
            return play.do(
                Action.HAND_DOWN,
                lambda a: lifting.hand_down(
                    actor=a,
                    matter_id=m.id,
                    centre_id=lower.id,
                    reason="双方都在当地，镇村熟悉情况，由下级中心先行化解，本中心跟踪。",
                ),
            )
    return None


def _beside(play: Play) -> Turn | None:
    """What is noted beside the steps, each once."""
    wanted = [each for turn, each in BESIDE.items() if turn in play.fate.turns and play.matter.version > 2]
    if not wanted:
        return None
    with play.seen():
        known = HistoryEvent.objects.filter(matter_id=play.matter.id)
        there = set(known.values_list("type", flat=True))
    for kind, turn_for in wanted:
        if kind not in there and (turn := turn_for(play)) is not None:
            return turn
    return None


def _attach(play: Play) -> Turn | None:
    m = play.matter
    return play.do(
        Action.ATTACH,
        lambda a: attach_all(
            actor=a,
            matter_id=m.id,
            uploads=[Upload(name="现场核实记录.txt", content=NOTE)],
            purpose="现场核实",
        ),
    )


def _link(play: Play) -> Turn | None:
    """An earlier matter of the same village, as far as the one who links it sees it."""
    m, fate = play.matter, play.fate
    officer = play.someone([Role.REGISTRAR, Role.DISPATCHER, Role.DIRECTOR])
    if officer is None or play.case.readers is not None:
        return None
    with scope(officer):
        seen = Matter.objects.visible_to(officer).filter(source=SOURCE, division_id=fate.division)
        other = seen.filter(registered_at__lt=m.registered_at).order_by("code").last()
    if other is None:
        return None
    reason = "同一个村，先后两次反映，可一并了解。"
    return Turn(
        officer,
        f"matter.{Action.LINK}",
        lambda a: amending.link(actor=a, matter_id=m.id, other_id=other.id, reason=reason),
    )


def _step_aside(play: Play) -> Turn | None:
    """The standing deputy, who has no turn of their own in the play, is a relative."""
    m = play.matter
    officer = play.someone([Role.STANDING_DEPUTY])
    if officer is None or play.case.readers is not None:
        return None
    return play.do(
        Action.RECUSE,
        lambda a: sight.recuse(
            actor=a, matter_id=m.id, person_id=officer.person_id, reason="与一方当事人是近亲属。"
        ),
    )


def _inform(play: Play) -> Turn | None:
    m = play.matter
    body = play.cast.department("court") or play.cast.department("justice")
    officer = play.someone([Role.DISPATCHER, Role.DIRECTOR])
    if body is None or officer is None or body.id == m.against_department_id or play.case.readers is not None:
        return None
    text = "当事人表示可能起诉，现告知情况，供立案前参考，不影响依法办理。"
    return Turn(
        officer,
        "notice.give",
        lambda a: whistling.inform(actor=a, matter_id=m.id, department_id=body.id, text=text),
    )


# By the turn of a fate: the event that it leaves, and the act.
BESIDE: dict[str, tuple[str, Callable[[Play], Turn | None]]] = {
    "informed": ("notice.given", _inform),
    "linked": (f"matter.{Action.LINK}", _link),
    "recused": (f"matter.{Action.RECUSE}", _step_aside),
    "attached": (f"matter.{Action.ATTACH}", _attach),
}
