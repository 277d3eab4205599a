"""While somebody types: open matters of the same party or the same place, so that one trouble is told once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import identity
from fengqiao.matters.domain.first_rows import place_key
from fengqiao.matters.domain.protection import contact_indexes, identity_indexes
from fengqiao.matters.enums import OPEN_STATES, ContactKind
from fengqiao.matters.models import Matter, Party, PartyContact

MOST = 6


@dataclass(frozen=True)
class Similar:
    matter: Matter
    same_party: bool


def similar_to(
    actor: Actor,
    *,
    identities: list[str],
    phones: list[str],
    division: str = "",
    address: str = "",
    but: UUID | None = None,
) -> list[Similar]:
    """Open matters that the actor may see with one of these numbers or at this place, newest first."""
    by_party = _of_parties(actor, identities, phones)
    place = place_key(division, address)
    if not by_party and not place:
        return []
    seen = Matter.objects.visible_to(actor).filter(state__in=OPEN_STATES).exclude(pk=but)
    found = list(seen.filter(pk__in=by_party).order_by("-registered_at")[:MOST])
    if place and len(found) < MOST:
        at_place = seen.filter(place_key=place).exclude(pk__in=by_party).order_by("-registered_at")
        found += list(at_place[: MOST - len(found)])
    return [Similar(matter=m, same_party=m.pk in by_party) for m in found]


def _of_parties(actor: Actor, identities: list[str], phones: list[str]) -> set[UUID]:
    numbers = [identity.normalise(n) for n in identities if len(identity.normalise(n)) >= 7]
    calls = [identity.normalise_phone(p) for p in phones if len(identity.normalise_phone(p)) >= 7]
    found: set[UUID] = set()
    for county in actor.counties:
        if numbers:
            wanted = [i for n in numbers for i in identity_indexes(county=county, number=n)]
            parties = Party.objects.filter(county=county, identity_index__in=wanted)
            found |= set(parties.values_list("matter_id", flat=True)[:200])
        if calls:
            wanted = [
                index
                for p in calls
                for index in contact_indexes(county=county, kind=ContactKind.PHONE, value=p)
            ]
            contacts = PartyContact.objects.filter(county=county, index__in=wanted)
            found |= set(contacts.values_list("matter_id", flat=True)[:200])
    return found
