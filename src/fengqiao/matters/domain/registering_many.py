"""Taking many matters in at once: the rows and rules of ``register``, each table written in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record_many
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.kernel.events import publish
from fengqiao.matters import policies, validators
from fengqiao.matters.domain import history, registration
from fengqiao.matters.domain.parties import party_rows, principals_first
from fengqiao.matters.events import Registered
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import (
    Claim,
    HistoryEvent,
    Matter,
    OutsideNumber,
    Party,
    PartyContact,
    Procedure,
)


def register_many(*, actor: Actor, news: Sequence[NewMatter]) -> list[Matter]:
    """Registers all of them, in order, or none: the caller's transaction is broken by the first that is wrong.

    Leaves the same rows as ``register`` one by one. Confidential reports are not taken here (``ValueError``):
    each has its readers named by itself. Raises as ``register`` does, without saying which row was wrong.
    """
    centre = actor.centre_id
    if centre is None or not policies.may_register(actor):
        raise NotAllowed("post_may_not_register", _("您的岗位不负责登记事项。"))
    if any(new.confidential for new in news):
        raise ValueError("confidential reports are registered one by one")
    for new in news:
        validators.check(new)
    for place in {(new.division, new.grid): new for new in news}.values():
        registration.check_places(place)
    _check_sources(actor, news)
    numbers = _numbers(actor.county, len(news))
    matters: list[Matter] = []
    parties: list[Party] = []
    contacts: list[PartyContact] = []
    events: list[HistoryEvent] = []
    for new, number in zip(news, numbers, strict=True):
        matter = registration.new_row(actor, centre, new, number)
        own, own_contacts = party_rows(matter, new.parties)
        event, _words = history.link(
            matter,
            actor=actor,
            type=registration.REGISTERED,
            parameters=registration.event_parameters(matter, new, own),
        )
        matters.append(matter)
        parties += own
        contacts += own_contacts
        events.append(event)
    pairs = list(zip(matters, news, strict=True))
    Matter.objects.bulk_create(matters)
    Party.objects.bulk_create(principals_first(parties))
    PartyContact.objects.bulk_create(contacts)
    Claim.objects.bulk_create([row for m, new in pairs for row in registration.claim_rows(m, new)])
    Procedure.objects.bulk_create([row for m, new in pairs for row in registration.procedure_rows(m, new)])
    OutsideNumber.objects.bulk_create(
        [row for m, new in pairs for row in registration.outside_number_rows(m, new)]
    )
    HistoryEvent.objects.bulk_create(events)
    for matter in matters:
        publish(Registered(actor=actor, matter_id=matter.id))
    record_many(
        actor=actor,
        verb=registration.REGISTERED,
        about=[
            (f"matter:{m.id}", {"seq": e.seq, "hash": e.hash, "code": m.code})
            for m, e in zip(matters, events, strict=True)
        ],
    )
    return matters


def _numbers(county: str, count: int) -> list[int]:
    """The county's next numbers, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter_number(%s) FROM generate_series(1, %s)", [county, count])
        return sorted(int(number) for (number,) in cursor.fetchall())


def _check_sources(actor: Actor, news: Sequence[NewMatter]) -> None:
    given = [(new.source, new.source_number) for new in news if new.source_number]
    by_source: dict[str, list[str]] = {}
    for source, number in given:
        by_source.setdefault(source, []).append(number)
    doubled = len(set(given)) < len(given)
    if doubled or any(
        Matter.objects.filter(county=actor.county, source=source, source_number__in=numbers).exists()
        for source, numbers in by_source.items()
    ):
        raise Refusal("already_registered", _("这个来源编号已经登记过。"), field="source_number")
