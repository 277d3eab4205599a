"""What the centre does next with each matter: one act at a time, through the real verbs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from random import Random

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.enums import AssignmentState
from fengqiao.kernel import clock
from fengqiao.matters import steps
from fengqiao.matters.enums import Action, Danger, State
from fengqiao.places.models import Centre
from fengqiao.simulate import closing, courting, handling, mediation, receiving, routing, unusual
from fengqiao.simulate.cases import Case
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.days import SATURDAY
from fengqiao.simulate.turns import Act, Turn

# Days that a state usually waits before somebody acts: (shortest, longest).
PACE = {
    State.REGISTERED: (0, 0),
    State.ACCEPTED: (0, 1),
    State.MEDIATING: (1, 8),
    State.ASSESSING: (0, 2),
    State.ROUTING: (0, 1),
    State.DISPATCHING: (0, 1),
    State.HANDLING: (0, 0),
    State.SETTLED: (1, 4),
    State.VISITED: (0, 2),
    State.EVALUATED: (0, 2),
    State.CLOSED: (4, 14),
}


class Play:
    """The next turn of one matter: ``next_turn`` says who does what, or None where nobody does today."""

    def __init__(self, cast: Cast, case: Case) -> None:
        self.cast, self.case, self.fate, self.matter = cast, case, case.fate, case.matter
        # Chance of this act and day alone: a run that was killed decides the same again.
        self.rng: Random = self.fate.rng(f"v{self.matter.version}|{clock.today()}")

    def say(self, words: tuple[str, ...]) -> str:
        return self.fate.telling.say(words, self.rng)

    def days_since(self, moment: datetime) -> int:
        return (clock.today() - _day(moment)).days

    def is_time(self) -> bool:
        """Whether the matter has waited as long as it usually does; a stuck one waits and waits."""
        state = self.case.state
        if "stuck" in self.fate.turns and state in (State.HANDLING, State.MEDIATING, State.ASSESSING):
            begun = any(a.state != AssignmentState.ISSUED for a in self.case.assignments)
            return state == State.HANDLING and not begun and bool(self.fate.number % 2)
        if state == State.REGISTERED and self.fate.rng("queue").random() < 0.12:
            return self.days_since(self.matter.state_since) >= 1
        shortest, longest = PACE[state]
        pace = self.fate.rng(f"pace{state}{self.matter.reopened}").randint(shortest, longest)
        return self.days_since(self.matter.state_since) >= pace

    def next_turn(self) -> Turn | None:
        if self.case.state == State.ARCHIVED or self.matter.state_since > clock.now():
            # Frozen; or somebody at a desk was here, and the past that is played leaves the matter to them.
            return None
        if clock.today().weekday() >= SATURDAY and not self._on_duty():
            return None
        turn = unusual.turn_of(self)
        if turn is None:
            turn, waits = courting.next_step(self)
            if waits:
                return turn
        if turn is not None or not self.is_time():
            return turn
        return TURNS[self.case.state](self)

    def _on_duty(self) -> bool:
        """On a weekend those on duty see to what is new or dangerous, and to little else."""
        new = _day(self.matter.registered_at) == clock.today()
        dangerous = self.matter.danger != Danger.NONE and self.matter.is_open
        return new or dangerous or self.fate.rng(f"duty{clock.today()}").random() < 0.1

    # --- who ------------------------------------------------------------------------------------------------
    def someone(self, roles: list[Role]) -> Actor | None:
        """One of those at the holding centre who may read the matter and are not complained of in it."""
        return self.cast.someone(self.matter.holder_id, roles, self.rng, able=self.able)

    def able(self, actor: Actor) -> bool:
        """Whether this person reads the matter and is not of the body complained of."""
        if self.case.readers is not None and actor.person_id not in self.case.readers:
            return False
        return self.matter.against_department_id not in actor.bodies

    def do(self, action: Action, act: Act, branch: str = "", *, prefer: tuple[Role, ...] = ()) -> Turn | None:
        """The action by somebody at the holding centre whose post may carry it out."""
        cell = steps.cell(self.case.state, action, branch)
        if cell is None:
            return None
        order = [r for r in prefer if r in cell.roles]
        order += [r for r in Role if r in cell.roles and r not in prefer]
        actor = self.someone(order)
        return Turn(actor, f"matter.{action}", act) if actor else None

    def seen(self) -> AbstractContextManager[Actor]:
        """The scope in which the case is looked at."""
        return scope(self.case.seer)

    @property
    def holder(self) -> Centre:
        return self.cast.centres[self.matter.holder_id]


TURNS: dict[State, Callable[[Play], Turn | None]] = {
    State.REGISTERED: receiving.registered,
    State.ACCEPTED: receiving.accepted,
    State.MEDIATING: mediation.mediating,
    State.ASSESSING: routing.assessing,
    State.ROUTING: routing.routing,
    State.DISPATCHING: routing.dispatching,
    State.HANDLING: handling.handled,
    State.SETTLED: closing.settled,
    State.VISITED: closing.visited,
    State.EVALUATED: closing.close,
    State.CLOSED: closing.archive,
}


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()
