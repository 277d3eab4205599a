"""Everything that one matter's page tells: facts, parties with masked numbers, results, materials, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import chain
from fengqiao.matters.domain import protection
from fengqiao.matters.enums import IdentityKind
from fengqiao.matters.models import (
    Assessment,
    Claim,
    Disposition,
    Evaluation,
    HistoryEvent,
    Matter,
    MatterFile,
    MatterLink,
    OutsideNumber,
    Party,
    Procedure,
    Visit,
    Word,
)


@dataclass(frozen=True)
class Masked:
    """A protected value as the screen shows it; ``what`` and ``row`` name it for an unmasking."""

    what: str
    row: UUID
    label: Any
    text: str


@dataclass(frozen=True)
class PartyShown:
    party: Party
    identity: Masked | None
    contacts: list[Masked]


@dataclass(frozen=True)
class Record:
    """The parts of a matter in the order in which they are read."""

    claims: list[Claim]
    parties: list[PartyShown]
    procedures: list[Procedure]
    numbers: list[OutsideNumber]
    linked: list[Matter]
    materials: list[MatterFile]
    assessments: list[Assessment]
    dispositions: list[Disposition]
    visits: list[Visit]
    evaluations: list[Evaluation]
    events: list[HistoryEvent]
    words: list[Word]
    chain_holds: bool = field(default=True)


def record_of(actor: Actor, matter: Matter) -> Record:
    """Reads the parts of a matter that the actor sees (the caller has asked ``visible_to``)."""
    events = list(HistoryEvent.objects.filter(matter_id=matter.id).order_by("seq"))
    return Record(
        claims=list(matter.claims.all()),
        parties=parties_shown(matter),
        procedures=list(matter.procedures.all()),
        numbers=list(matter.outsidenumbers.all()),
        linked=_linked(actor, matter),
        materials=list(matter.matterfiles.select_related("file")),
        assessments=list(matter.assessments.order_by("at")),
        dispositions=list(matter.dispositions.select_related("department", "by")),
        visits=list(matter.visits.select_related("by")),
        evaluations=list(matter.evaluations.order_by("at")),
        events=events,
        words=list(Word.objects.filter(matter_id=matter.id).order_by("seq", "kind")),
        chain_holds=chain_holds(matter, events),
    )


def material_of(matter: Matter, file_id: UUID) -> MatterFile | None:
    """One material of a matter that the actor sees."""
    found: MatterFile | None = matter.matterfiles.select_related("file").filter(pk=file_id).first()
    return found


def parties_shown(matter: Matter, *, within: slice = slice(None)) -> list[PartyShown]:
    """The parties, or a slice of them, with their numbers masked (two statements)."""
    found = matter.parties.select_related("agent_of").prefetch_related("contacts")[within]
    return [
        PartyShown(
            party=party,
            identity=_identity(party),
            contacts=[
                Masked(
                    what="contact",
                    row=contact.pk,
                    label=contact.get_kind_display(),
                    text=protection.masked_contact(
                        contact.kind,
                        protection.reveal(
                            county=contact.county,
                            row=contact.pk,
                            field=contact.kind,
                            protected=bytes(contact.value),
                        ),
                    ),
                )
                for contact in party.contacts.all()
            ],
        )
        for party in found
    ]


def chain_holds(matter: Matter, events: Sequence[HistoryEvent]) -> bool:
    """Whether each link of this matter's history continues the one before and the matter names its end."""
    before, place = chain.START, 0
    for event in events:
        place += 1
        link = chain.link(before, bytes(event.content))
        if event.seq != place or bytes(event.previous) != before or bytes(event.hash) != link:
            return False
        before = link
    return place == matter.history_count and before == bytes(matter.history_head)


def _identity(party: Party) -> Masked | None:
    if party.identity is None:
        return None
    number = protection.reveal(
        county=party.county, row=party.pk, field="identity", protected=bytes(party.identity)
    )
    return Masked(
        what="identity",
        row=party.pk,
        label=IdentityKind(party.identity_kind).label,
        text=protection.masked_identity(party.identity_kind, number),
    )


def _linked(actor: Actor, matter: Matter) -> list[Matter]:
    """Linked in either direction, as far as the actor sees the other one."""
    links = MatterLink.objects.filter(matter_id=matter.id).values_list("other_id", flat=True)
    back = MatterLink.objects.filter(other_id=matter.id).values_list("matter_id", flat=True)
    others = {*links, *back}
    if not others:
        return []
    return list(Matter.objects.visible_to(actor).filter(pk__in=others).order_by("-registered_at"))
