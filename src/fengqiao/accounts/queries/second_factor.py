"""Who has set up a second factor."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef


def has_second_factor(person: str = "pk") -> Exists:
    """The condition "has an authenticator"; ``person`` names the column that holds the person."""
    return Exists(Authenticator.objects.filter(user_id=OuterRef(person), type=Authenticator.Type.TOTP))


def second_factor_of(person_id: UUID | None) -> Authenticator | None:
    """The authenticator of a person, with when it was set up and last used."""
    return Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP).first()
