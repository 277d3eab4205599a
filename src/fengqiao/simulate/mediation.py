"""Mediation: sent there, handed to another mediator, agreed or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.flows.pool import send_to_mediation
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action
from fengqiao.matters.models import HistoryEvent
from fengqiao.mediation.domain import mediating as verbs
from fengqiao.mediation.enums import MediationAction, Result, SittingKind
from fengqiao.mediation.models import Mediation, Sitting
from fengqiao.mediation.policies import may_tell
from fengqiao.pool.domain.appointments import may_book
from fengqiao.simulate import agreeing, courting, referring, talking
from fengqiao.simulate.mediators import enter_mediators
from fengqiao.simulate.pool import book_lawyer, hear_lawyer, room_for
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play


def send(play: Play) -> Turn | None:
    m = play.matter
    enter_mediators(play)
    mediator = play.someone([Role.MEDIATOR])

    def act(actor: Actor) -> object:
        referring.sign_for_papers(actor, m, referring.kind_of(play.fate) or referring.ASSIGNED)
        parties = m.parties.filter(agent_of=None).values_list("pk", flat=True)
        begun = send_to_mediation(
            actor=actor,
            matter_id=m.id,
            consents=dict.fromkeys(parties, True),
            mediator_id=mediator.person_id if mediator else None,
            room_id=room_for(m),
        )
        if may_book(actor, m):
            book_lawyer(actor, m)
        talking.open_talks(actor, play, begun)
        return begun

    return play.do(Action.SEND_TO_MEDIATION, act, prefer=(Role.REGISTRAR,))


def mediating(play: Play) -> Turn | None:
    m = play.matter
    listener = play.someone([Role.MEDIATOR])
    if listener is not None:
        hear_lawyer(listener, m)
    if "other_mediator" in play.fate.turns and (turn := _hand_over(play)) is not None:
        return turn
    running, wanted, mediator = talking.talk_turn(play)
    if wanted is not None and mediator is not None:
        return _talk(play, running, wanted, mediator)
    return _result(play, running)


def _talk(play: Play, running: Sitting | None, wanted: SittingKind, mediator: Actor) -> Turn | None:
    """One talk ends and the next begins, where there is time for it."""
    begins = talking.fits(clock.now())
    if running is None and not begins:
        return None

    def act(actor: Actor) -> object:
        if running is not None:
            talking.end_talk(actor, play, running)
        return talking.begin_talk(actor, play, wanted) if begins else running

    return Turn(mediator, f"mediation.{MediationAction.BEGIN}", act)


def _result(play: Play, running: Sitting | None) -> Turn | None:
    """The last talk is over: what came of it, claim by claim and as a whole, and back to the court that sent it."""
    m, story = play.matter, play.fate.story
    agreed, due, result = play.rng.random() < 0.66, None, Result.ORAL
    if agreed:
        due = clock.today() + timedelta(days=play.rng.randint(2, 15)) if play.rng.random() < 0.35 else None
        result = Result.WRITTEN if play.rng.random() < 0.7 else Result.ORAL
    else:
        result = play.rng.choice((Result.REFUSED, Result.REFUSED, Result.SUED, Result.NOT_FIT))
        result = Result.SUED if courting.sues(play.fate) else result
    if agreed and courting.way_of(play.fate):
        result, due = Result.WRITTEN, courting.due_of(play.fate)
    text = play.say(story.mediation if agreed else story.mediation_failed)
    with play.seen():
        named = agreeing.sides(m)[1] is not None
        seal = talking.seal_of(play)

    def act(actor: Actor) -> object:
        done: object
        if running is not None and may_tell(actor, m):
            talking.end_talk(actor, play, running)
        talking.results_by_claim(actor, m, result, text)
        if due is not None and result == Result.WRITTEN and named:
            done = agreeing.sign_by_all(actor, m, text, due, seal)
        else:
            done = verbs.record_mediation(
                actor=actor, matter_id=m.id, result=result, text=text, performance_due=due
            )
        return referring.give_back_to_court(actor, m, text, agreed=agreed) or done

    branch = "agreed" if agreed else "failed"
    return play.do(Action.RECORD_MEDIATION, act, branch, prefer=(Role.MEDIATOR,))


def _hand_over(play: Play) -> Turn | None:
    """To another mediator of the centre, where it has more than one."""
    m = play.matter
    with play.seen():
        now = Mediation.objects.filter(matter_id=m.id, ended_at=None).values_list("mediator_id", flat=True)
        has_it = now.first()
        known = HistoryEvent.objects.filter(matter_id=m.id, type=f"matter.{Action.HAND_OVER}")
        if known.exists():
            return None
    others = [
        actor
        for actor in play.cast.at_centre.get(m.holder_id, ())
        if actor.role is Role.MEDIATOR and actor.person_id != has_it
    ]
    if has_it is None or not others:
        return None
    return play.do(
        Action.HAND_OVER,
        lambda a: verbs.hand_over(
            actor=a,
            matter_id=m.id,
            mediator_id=others[0].person_id,
            reason="原调解员与一方同村，双方同意换人。",
        ),
        prefer=(Role.MEDIATOR,),
    )
