"""Who has set up a second factor."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

# Recovery codes stand in for one of these and are none themselves.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(person: str = "pk") -> Exists:
    """The condition "has an authenticator or a key"; ``person`` names the column that holds the person."""
    return Exists(Authenticator.objects.filter(user_id=OuterRef(person), type__in=KINDS))


def second_factors_of(person_id: UUID | None) -> list[Authenticator]:
    """Authenticator and security keys of a person, with when each was set up and last used."""
    found = Authenticator.objects.filter(user_id=person_id, type__in=KINDS)
    return list(found.order_by("created_at", "pk"))
