"""What a matter tells the rooms below it. Handlers: config/wiring.py."""

from dataclasses import dataclass
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.events import Event


@dataclass(frozen=True)
class Registered(Event):
    actor: Actor
    matter_id: UUID


@dataclass(frozen=True)
class Moved(Event):
    """An action of the step table was carried out (also those that keep the state)."""

    actor: Actor
    matter_id: UUID
    action: str
    branch: str
    from_state: str
    to_state: str
