"""Taking matters in: one breath, one code."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.writing_many import insert_many
from fengqiao.audit.domain.record import record, record_many
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.kernel.events import publish
from fengqiao.matters import policies, validators
from fengqiao.matters.domain import history
from fengqiao.matters.domain.first_rows import (
    claim_rows,
    event_parameters,
    new_row,
    outside_number_rows,
    procedure_rows,
)
from fengqiao.matters.domain.parties import party_rows, principals_first
from fengqiao.matters.domain.sight import restrict
from fengqiao.matters.events import Registered
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import HistoryEvent, Matter, Party, PartyContact
from fengqiao.places.queries.divisions import known_place

REGISTERED = "matter.registered"
READERS_DAYS = 180


def register(*, actor: Actor, new: NewMatter) -> Matter:
    """Registers what somebody brought at the actor's centre and gives it its code.

    Anonymous and incomplete is possible; what is there must be right. Side effects, in order: the matter
    with its claims, parties, procedures and outside numbers; for a confidential report the restriction to
    named readers; the first event of its history; the audit; ``Registered``. Raises ``Invalid`` with one
    sentence a field, ``NotAllowed`` for a post that takes nothing in, ``Refusal`` for a source number that
    is there already: the transaction is broken then.
    """
    if not new.confidential:
        return register_many(actor=actor, news=[new])[0]
    centre = _centre_of(actor)
    validators.check(new)
    check_places(new)
    matter = new_row(actor, centre, new, _numbers(actor.county, 1)[0])
    parties, contacts = party_rows(matter, new.parties)
    _write([matter], [new], parties, contacts)
    restrict(actor=actor, matter=matter, reason="confidential_informant", days=READERS_DAYS, audited=False)
    event = history.append(
        matter, actor=actor, type=REGISTERED, parameters=event_parameters(matter, new, parties)
    )
    matter.save(update_fields=["history_count", "history_head"])
    publish(Registered(actor=actor, matters=(matter,)))
    history.tell(actor, [(matter, event, "")])
    record(
        actor=actor,
        verb=event.type,
        subject=f"matter:{matter.id}",
        county=matter.county,
        details={"seq": event.seq, "hash": event.hash, "code": matter.code},
    )
    return matter


def register_many(*, actor: Actor, news: Sequence[NewMatter]) -> list[Matter]:
    """Registers all of them, in order, or none: the caller's transaction is broken by the first that is wrong.

    Leaves the same rows as ``register`` one by one. Confidential reports are not taken here (``ValueError``):
    each has its readers named by itself. Raises as ``register`` does, without saying which row was wrong.
    """
    centre = _centre_of(actor)
    if any(new.confidential for new in news):
        raise ValueError("confidential reports are registered one by one")
    for new in news:
        validators.check(new)
    for place in {(new.division, new.grid): new for new in news}.values():
        check_places(place)
    _check_doubled(news)
    numbers = _numbers(actor.county, len(news))
    matters: list[Matter] = []
    parties: list[Party] = []
    contacts: list[PartyContact] = []
    events: list[HistoryEvent] = []
    for new, number in zip(news, numbers, strict=True):
        matter = new_row(actor, centre, new, number)
        own, own_contacts = party_rows(matter, new.parties)
        event, _words = history.link(
            matter,
            actor=actor,
            type=REGISTERED,
            parameters=event_parameters(matter, new, own),
        )
        matters.append(matter)
        parties += own
        contacts += own_contacts
        events.append(event)
    _write(matters, news, parties, contacts)
    insert_many(events)
    publish(Registered(actor=actor, matters=tuple(matters)))
    history.tell(actor, [(m, e, "") for m, e in zip(matters, events, strict=True)])
    record_many(
        actor=actor,
        verb=REGISTERED,
        about=[
            (f"matter:{m.id}", {"seq": e.seq, "hash": e.hash, "code": m.code})
            for m, e in zip(matters, events, strict=True)
        ],
    )
    return matters


def _centre_of(actor: Actor) -> UUID:
    if actor.centre_id is None or not policies.may_register(actor):
        raise NotAllowed("post_may_not_register", _("您的岗位不负责登记事项。"))
    return actor.centre_id


def _write(
    matters: Sequence[Matter],
    news: Sequence[NewMatter],
    parties: Sequence[Party],
    contacts: Sequence[PartyContact],
) -> None:
    """Each table in one statement, the matters first."""
    try:
        insert_many(matters)
    except IntegrityError as wrong:
        # The unique constraint is asked and not the table: one look-up less, and no race.
        if "matter_source_once" in str(wrong):
            raise _registered_already() from wrong
        raise
    pairs = list(zip(matters, news, strict=True))
    insert_many(principals_first(parties))
    insert_many(contacts)
    insert_many([row for matter, new in pairs for row in claim_rows(matter, new)])
    insert_many([row for matter, new in pairs for row in procedure_rows(matter, new)])
    insert_many([row for matter, new in pairs for row in outside_number_rows(matter, new)])


def _numbers(county: str, count: int) -> list[int]:
    """The county's next numbers. Never reused: an undone registration leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter_number(%s) FROM generate_series(1, %s)", [county, count])
        return sorted(int(number) for (number,) in cursor.fetchall())


def _check_doubled(news: Sequence[NewMatter]) -> None:
    given = [(new.source, new.source_number) for new in news if new.source_number]
    if len(set(given)) < len(given):
        raise _registered_already()


def _registered_already() -> Refusal:
    return Refusal("already_registered", _("这个来源编号已经登记过。"), field="source_number")


def check_places(new: NewMatter) -> None:
    """Raises ``Invalid`` for a division or grid that is not in force today."""
    if not (new.division or new.grid):
        return
    problem = known_place(division=new.division, grid=new.grid, on=clock.today())
    if problem:
        raise Invalid({problem: _("没有这个区划或网格，请从列表中选择。")})
