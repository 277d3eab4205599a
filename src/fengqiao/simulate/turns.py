"""A turn: who does what, carried out like at any door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.simulate.cases import Case

Act = Callable[[Actor], object]


@dataclass(frozen=True)
class Turn:
    """Who does what; ``verb`` is the word of the audit where it is refused."""

    actor: Actor
    verb: str
    act: Act

    def take(self, case: Case | None = None) -> object:
        """The act in the actor's scope, and what the case is after it. Refused, it changes nothing and is audited."""
        with attempt(self.actor, verb=self.verb):
            result = self.act(self.actor)
            if case is not None:
                case.take(result)
            return result
