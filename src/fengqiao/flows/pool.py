"""What a centre can call on, from any door; a refusal is rolled back and audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import mediating
from fengqiao.mediation.models import Mediation
from fengqiao.pool.domain import appointments, market, rooms, roster, talents
from fengqiao.pool.enums import LawyerAction, PoolAction

VERBS: dict[PoolAction, Callable[..., Any]] = {
    PoolAction.OPEN_ROOM: rooms.open_room,
    PoolAction.AMEND_ROOM: rooms.amend_room,
    PoolAction.END_ROOM: rooms.end_room,
    PoolAction.PUT_TO_WORK: rooms.put_to_work,
    PoolAction.END_WORK: rooms.end_work,
    PoolAction.LIST_TALENT: talents.list_talent,
    PoolAction.END_TALENT: talents.end_talent,
    PoolAction.ENTER_TURN: roster.enter_turn,
    PoolAction.END_TURN: roster.end_turn,
    PoolAction.CHANGE_DAY: roster.change_day,
    PoolAction.ENTER_BODY: market.enter_body,
    PoolAction.PUBLISH_FEES: market.publish_fees,
    PoolAction.END_BODY: market.end_body,
}
WITH_LAWYER: dict[LawyerAction, Callable[..., Any]] = {
    LawyerAction.BOOK: appointments.book,
    LawyerAction.MOVE: appointments.move,
    LawyerAction.KEEP: appointments.keep,
    LawyerAction.MISS: appointments.miss,
    LawyerAction.CANCEL: appointments.cancel,
    LawyerAction.FOLLOW: appointments.follow,
    LawyerAction.LEAVE: appointments.leave,
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


def show_telephone(*, actor: Actor, talent_id: UUID, why: str) -> str:
    """The whole number of somebody of the pool, audited with the reason before anybody sees it."""
    with attempt(actor, verb=PoolAction.SHOW_TELEPHONE.value, subject=f"talent:{talent_id}"):
        return talents.telephone_of(actor=actor, talent_id=talent_id, why=why)


def with_lawyer(
    *,
    actor: Actor,
    matter_id: UUID,
    action: LawyerAction,
    version: int | None = None,
    once: Once | None = None,
    **values: Any,
) -> Any:
    """Writes down one thing of a lawyer's part in a matter."""
    with attempt(actor, verb=f"lawyer.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        written = WITH_LAWYER[action](actor=actor, matter_id=matter_id, version=version, **values)
        if once:
            once.end(Matter.objects.get(pk=matter_id))
        return written
