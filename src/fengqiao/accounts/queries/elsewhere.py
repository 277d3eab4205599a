"""Who has signed in elsewhere before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.socialaccount.models import SocialAccount


def linked_since(person_id: UUID) -> datetime | None:
    """When the person first came from the provider; None where they never did."""
    found = SocialAccount.objects.filter(user_id=person_id).order_by("date_joined").first()
    return found.date_joined if found else None
