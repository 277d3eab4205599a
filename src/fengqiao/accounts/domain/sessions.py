"""How long a session lives: half an hour without a click, not half an hour of work."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from fengqiao.accounts.models import Person

KEPT_AT = "kept_at"
# Known to the session so that not every request asks the database; it goes when the factor goes.
HAS_SECOND_FACTOR = "has_second_factor"


def begin(session: Any) -> None:
    """Called at sign-in."""
    session[KEPT_AT] = int(time.time())


def keep(session: Any) -> None:
    """A click: the time-out begins anew.

    Written only when a tenth of it has passed (one statement in three minutes), so that an idle session
    ends up to that much early, never late.
    """
    if time.time() - session.get(KEPT_AT, 0) >= settings.SESSION_COOKIE_AGE / 10:
        begin(session)


def end_all(person: Person) -> None:
    """Ends every session of a person: the next request of each finds nobody signed in."""
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])


def end_others(request: HttpRequest, person: Person) -> None:
    """Ends every session of a person but the one of this request."""
    end_all(person)
    update_session_auth_hash(request, person)
