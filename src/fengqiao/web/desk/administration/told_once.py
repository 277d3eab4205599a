"""What an act tells its doer once, carried over the redirect that follows it.

A page that was posted must not be what stands in the browser: reloading it would do the act again (a second
first password, and the first one void). What is to be shown waits sealed in the session, bound to the person
it is about, and is gone when it was shown.
"""

from __future__ import annotations

import base64
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from fengqiao.flows.people import Care
from fengqiao.kernel import crypto

KEY = "told_once"
# Sessions belong to no county.
NO_COUNTY = "000000"


def keep(session: SessionBase, *, person_id: UUID, done: Care, secret: str | None) -> None:
    """Keeps what was done, and the secret that only this session's next page of the person may show."""
    sealed = ""
    if secret is not None:
        keys = crypto.Keyring.load(settings.KEYRING)
        value = crypto.protect(keys, county=NO_COUNTY, row=str(person_id), field=KEY, value=secret)
        sealed = base64.b64encode(value).decode()
    session[KEY] = {"person": str(person_id), "done": str(done), "sealed": sealed}


def take(session: SessionBase, *, person_id: UUID) -> tuple[Care | None, str | None]:
    """What was done for this person and its secret, once; (None, None) when there is nothing to tell.

    What waits for another person is dropped too: a secret is shown at once or never.
    """
    waiting = session.pop(KEY, None)
    if waiting is None or waiting["person"] != str(person_id):
        return None, None
    if not waiting["sealed"]:
        return Care(waiting["done"]), None
    secret = crypto.reveal(
        crypto.Keyring.load(settings.KEYRING),
        county=NO_COUNTY,
        row=str(person_id),
        field=KEY,
        protected=base64.b64decode(waiting["sealed"]),
    )
    return Care(waiting["done"]), secret
