"""What dispatch tells the rooms below it. Handlers: config/wiring.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.events import Event

if TYPE_CHECKING:
    from fengqiao.dispatch.models import Assignment
    from fengqiao.matters.models import Matter


@dataclass(frozen=True)
class Issued(Event):
    """Departments were given parts of a matter, each an assignment that waits for its check-in."""

    actor: Actor
    matter: Matter
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Acted(Event):
    """An action of the assignment table was carried out (also those that keep the state)."""

    actor: Actor
    matter: Matter
    assignment: Assignment
    action: str
    branch: str


@dataclass(frozen=True)
class SignOffsAsked(Event):
    """The result is written: these assisting departments are asked to sign it off."""

    actor: Actor
    matter: Matter
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Whistled(Event):
    """Departments are called to come now, for a matter (its restriction is theirs) or without one.

    ``invited`` are courts and procuratorates: nobody calls them.
    """

    actor: Actor
    whistle_id: UUID
    county: str
    restriction: str
    matter_id: UUID | None
    called: tuple[UUID, ...]
    invited: tuple[UUID, ...]
