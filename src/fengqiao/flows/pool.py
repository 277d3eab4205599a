"""What a centre can call on, from any door; a refusal is rolled back and audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once
from fengqiao.mediation.domain import mediating
from fengqiao.mediation.models import Mediation
from fengqiao.pool.domain import rooms
from fengqiao.pool.enums import PoolAction

VERBS: dict[PoolAction, Callable[..., Any]] = {
    PoolAction.OPEN_ROOM: rooms.open_room,
    PoolAction.AMEND_ROOM: rooms.amend_room,
    PoolAction.END_ROOM: rooms.end_room,
    PoolAction.PUT_TO_WORK: rooms.put_to_work,
    PoolAction.END_WORK: rooms.end_work,
}


def keep(
    *, actor: Actor, action: PoolAction, subject: str = "", once: Once | None = None, **values: Any
) -> Any:
    """A leader writes one thing down of what the own centre can call on; what was written."""
    with attempt(actor, verb=action.value, subject=subject):
        if once:
            once.begin()
        written = VERBS[action](actor=actor, **values)
        if once:
            once.keep({"id": str(written.pk)})
        return written


def send_to_mediation(*, room_id: UUID | None = None, **values: Any) -> Mediation:
    """Begins a mediation, in a brand room of the centre where one was chosen."""
    begun = mediating.send_to_mediation(**values)
    if room_id is not None:
        rooms.hold_at(actor=values["actor"], matter_id=values["matter_id"], room_id=room_id)
    return begun
