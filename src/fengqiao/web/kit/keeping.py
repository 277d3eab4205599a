"""Forms that keep what is typed: under which key a browser does, and how it learns that the server has it."""

from __future__ import annotations

import base64

from django.http import HttpResponse
from django.utils.crypto import salted_hmac

KEPT = "X-Kept"


def key_of(name: str, person: object) -> tuple[str, str]:
    """The name and the key for what one person types into one form.

    What is kept on the disk of the machine tells neither, and is read again by nobody but this person, on a page of
    this server.
    """
    secret = f"{person}:{name}"
    called = salted_hmac("fengqiao.web.keeping.name", secret, algorithm="sha256").hexdigest()[:32]
    key = salted_hmac("fengqiao.web.keeping.key", secret, algorithm="sha256").digest()
    return called, base64.b64encode(key).decode()


def kept_header(response: HttpResponse, version: int) -> HttpResponse:
    """Says that what was sent is kept. A page that came from elsewhere (a session that ended) does not say it."""
    response.headers[KEPT] = str(version)
    return response
