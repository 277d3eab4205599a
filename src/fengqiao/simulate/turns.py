"""A turn: who does what, carried out like at any door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt

Act = Callable[[Actor], object]


@dataclass(frozen=True)
class Turn:
    """Who does what; ``verb`` is the word of the audit where it is refused."""

    actor: Actor
    verb: str
    act: Act

    def take(self) -> object:
        """The act in the actor's scope: refused, it changes nothing and is audited."""
        with attempt(self.actor, verb=self.verb):
            return self.act(self.actor)
