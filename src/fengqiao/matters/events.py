"""What a matter tells the rooms below it. Handlers: config/wiring.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel.events import Event

if TYPE_CHECKING:
    from fengqiao.matters.models import Matter


@dataclass(frozen=True)
class Registered(Event):
    """These matters were taken in by one act; their rows are as they were written."""

    actor: Actor
    matters: tuple[Matter, ...]


@dataclass(frozen=True)
class Moved(Event):
    """An action of the step table was carried out (also those that keep the state)."""

    actor: Actor
    matter_id: UUID
    action: str
    branch: str
    from_state: str
    to_state: str


@dataclass(frozen=True)
class Link:
    """One new link of a matter's history, and how the matter stands with it. No personal data.

    ``type`` is the history's ("matter.accept", "dispatch.check_in", with its branch); ``seq`` its place in
    the history; ``from_step`` is empty for the first. ``id`` is the ``HistoryEvent``'s, ``content`` its exact
    bytes.
    """

    id: UUID
    matter_id: UUID
    county: str
    restriction: str
    holder_id: UUID
    type: str
    seq: int
    at: datetime
    from_step: str
    step: str
    state: str
    content: bytes

    @property
    def parameters(self) -> dict[str, Any]:
        """The codes and references of the act, as the history holds them (read only when asked for)."""
        return dict(json.loads(self.content)["parameters"])


@dataclass(frozen=True)
class Recorded(Event):
    """Histories grew by these links: all that one act wrote, be it on one matter or on many at once."""

    actor: Actor
    links: tuple[Link, ...]
