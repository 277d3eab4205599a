"""What somebody whose post is to end has in hand, for the security administrator: how much, never what."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class InHand:
    """Assignments that the person has checked in to, and mediations that they lead."""

    handling: int
    mediating: int


def in_hand_of(person_id: UUID) -> InHand:
    """Counted by a function of the database, which asks who acts; nobody but the person's keeper is told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT handling, mediating FROM person_in_hand(%s)", [person_id])
        return InHand(*cursor.fetchone())
