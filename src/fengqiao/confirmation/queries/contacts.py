"""The contacts of a matter's parties, to choose their addresses for service from: masked on the screen."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.matters.domain import protection
from fengqiao.matters.enums import ContactKind
from fengqiao.matters.models import Matter, PartyContact


def contacts_of(matter: Matter) -> list[tuple[UUID, str]]:
    """Each contact with its party's name and masked value."""
    return [
        (
            row.pk,
            f"{row.party.name} · {ContactKind(row.kind).label} "
            f"{protection.masked_contact(row.kind, _whole(row))}",
        )
        for row in _rows(matter.pk)
    ]


def addresses_for_service(matter_id: UUID, chosen: Collection[str]) -> list[str]:
    """A line for each party: the chosen contacts whole, for the one paper that the court is given. Who chose them is
    in the history and the audit."""
    # By the party: two may have one name.
    said: dict[UUID, tuple[str, list[str]]] = {}
    for row in _rows(matter_id).filter(pk__in=list(chosen)):
        said.setdefault(row.party_id, (row.party.name, []))[1].append(_whole(row))
    return [f"{name}：{'，'.join(values)}" for name, values in said.values()]


def _rows(matter_id: UUID) -> QuerySet[PartyContact]:
    return (
        PartyContact.objects.filter(matter_id=matter_id)
        .select_related("party")
        .order_by("party__place", "kind", "id")
    )


def _whole(row: PartyContact) -> str:
    return protection.reveal(county=row.county, row=row.id, field=row.kind, protected=bytes(row.value))
