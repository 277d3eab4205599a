"""What a stream of the desk tells somebody by itself: how many notices are unread, and the sentence of the newest."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows.acting import standing_of
from fengqiao.notices.queries.inbox import newest_unread_of, unread_of


@dataclass(frozen=True)
class Heard:
    """``newest`` is the key of the newest unread notice, ``said`` its sentence where it came after what was known."""

    person_id: UUID
    unread: int
    newest: UUID | None
    said: str


def hear(session_key: str, *, known: UUID | None = None, tells: bool = True) -> Heard | None:
    """What the person of a session hears in the post they act in; None where nobody may work with it (any more).

    ``known`` is the newest notice that was told before; ``tells``: whether one that came later is told at all.
    Listening is no click: it does not keep a session alive.
    """
    actor = actor_of_session(session_key)
    if actor is None:
        return None
    with scope(actor):
        number = unread_of(actor)
        newest = newest_unread_of(actor) if number else None
    is_new = newest is not None and tells and (known is None or newest.pk > known)
    return Heard(
        person_id=actor.person_id,
        unread=number,
        newest=newest.pk if newest else None,
        said=newest.words if newest and is_new else "",
    )


def actor_of_session(session_key: str) -> Actor | None:
    """Who acts in a session, as the desk would find it; None where something is missing before any work."""
    if not session_key:
        return None
    request: Any = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    if not person.is_authenticated:
        return None
    standing = standing_of(person, request.session)
    return standing.actor if standing.lacks is None else None
