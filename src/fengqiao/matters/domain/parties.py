"""The parties of a matter. A party belongs to one matter; there is no file of persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fengqiao.kernel import identity
from fengqiao.matters.domain import protection
from fengqiao.matters.enums import ContactKind, IdentityKind
from fengqiao.matters.intake import NewParty
from fengqiao.matters.models import Matter, Party, PartyContact
from fengqiao.matters.models.base import of


def add_parties(matter: Matter, parties: Sequence[NewParty], *, first_place: int = 0) -> list[Party]:
    """Writes the parties (already checked) with their encrypted numbers and contacts: two statements."""
    rows, contacts = party_rows(matter, parties, first_place=first_place)
    Party.objects.bulk_create(principals_first(rows))
    PartyContact.objects.bulk_create(contacts)
    return rows


def party_rows(
    matter: Matter, parties: Sequence[NewParty], *, first_place: int = 0
) -> tuple[list[Party], list[PartyContact]]:
    """The rows as ``add_parties`` writes them, for a caller that writes those of many matters at once."""
    rows = [_party(matter, party, place=first_place + place) for place, party in enumerate(parties)]
    for party, row in zip(parties, rows, strict=True):
        if party.agent_for is not None:
            row.agent_of_id = rows[party.agent_for].id
    contacts = [
        contact for party, row in zip(parties, rows, strict=True) for contact in _contacts(matter, party, row)
    ]
    return rows, contacts


def principals_first(rows: Sequence[Party]) -> list[Party]:
    """In the order of writing: an agent's row refers to its principal's."""
    return sorted(rows, key=lambda row: row.agent_of_id is not None)


def _party(matter: Matter, party: NewParty, *, place: int) -> Party:
    row = Party(
        **of(matter),
        role=party.role,
        kind=party.kind,
        name=party.name.strip(),
        identity_kind=party.identity_kind,
        is_representative=party.is_representative,
        agent_power=party.agent_power.strip(),
        legal_representative=party.legal_representative.strip(),
        wish=party.wish.strip(),
        place=place,
    )
    if party.identity_kind != IdentityKind.NONE:
        number = identity.normalise(party.identity)
        row.identity = protection.protect(county=matter.county, row=row.id, field="identity", value=number)
        row.identity_index = protection.identity_index(county=matter.county, number=number)
    return row


def _contacts(matter: Matter, party: NewParty, row: Party) -> list[PartyContact]:
    given: list[tuple[str, str]] = [(ContactKind.PHONE, phone) for phone in party.phones]
    given += [(ContactKind.ADDRESS, address) for address in party.addresses]
    return [_contact(matter, row, kind, value.strip()) for kind, value in given if value.strip()]


def _contact(matter: Matter, row: Party, kind: str, value: str) -> PartyContact:
    plain = identity.normalise_phone(value) if kind == ContactKind.PHONE else value
    contact: Any = PartyContact(**of(matter), party_id=row.id, kind=kind)
    contact.value = protection.protect(county=matter.county, row=contact.id, field=kind, value=plain)
    contact.index = protection.contact_index(county=matter.county, kind=kind, value=value)
    return contact  # type: ignore[no-any-return]
