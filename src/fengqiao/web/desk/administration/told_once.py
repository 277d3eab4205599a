"""What an act tells its doer once, carried over the redirect that follows it.

A page that was posted must not be what stands in the browser: reloading it would do the act again (a second
first password, and the first one void). What is to be shown waits sealed in the session, bound to the person,
the machine or the subscription that it is about, and is gone when it was shown.
"""

from __future__ import annotations

import base64
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from fengqiao.kernel import crypto

KEY = "told_once"
# Sessions belong to no county.
NO_COUNTY = "000000"


def keep(session: SessionBase, *, about: UUID, done: str, secret: str | None) -> None:
    """Keeps what was done, and the secret that only this session's next page about it may show."""
    sealed = ""
    if secret is not None:
        keys = crypto.Keyring.load(settings.KEYRING)
        value = crypto.protect(keys, county=NO_COUNTY, row=str(about), field=KEY, value=secret)
        sealed = base64.b64encode(value).decode()
    session[KEY] = {"about": str(about), "done": str(done), "sealed": sealed}


def take(session: SessionBase, *, about: UUID) -> tuple[str, str | None]:
    """What was done and its secret, once; ("", None) when there is nothing to tell.

    What waits for another page is dropped too: a secret is shown at once or never.
    """
    waiting = session.pop(KEY, None)
    if waiting is None or waiting["about"] != str(about):
        return "", None
    if not waiting["sealed"]:
        return str(waiting["done"]), None
    try:
        secret = crypto.reveal(
            crypto.Keyring.load(settings.KEYRING),
            county=NO_COUNTY,
            row=str(about),
            field=KEY,
            protected=base64.b64decode(waiting["sealed"]),
        )
    except crypto.KeyMissing:
        # The key was retired since: nobody came back to this page for as long as that takes.
        return str(waiting["done"]), None
    return str(waiting["done"]), secret
