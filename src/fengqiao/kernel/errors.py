"""What the domain says when it cannot do what was asked, in the user's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Something was asked that is not possible now. It changed nothing.

    ``code`` is stable and goes into the audit and the API; ``message`` is a sentence for the person who
    asked (translated when shown); ``field`` names the input it belongs to, where there is one.
    """

    status = 409

    def __init__(self, code: str, message: Any, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        # Set when the refusal has been written into the audit, so that no door writes it twice.
        self.audited = False

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refusal):
    """The acting post may not do this."""

    status = 403


class NotRecognised(Refusal):
    """Who asks could not be told: no token, one that is unknown or over, or a client that was ended."""

    status = 401


class Stale(Refusal):
    """The record was changed by someone else since it was read (by version)."""

    status = 409


class Invalid(Refusal):
    """The input is wrong. ``errors`` maps field names to sentences; nothing was written."""

    status = 422

    def __init__(self, errors: Mapping[str, Any], *, code: str = "invalid") -> None:
        first = next(iter(errors.items()))
        super().__init__(code, first[1], field=first[0])
        self.errors = dict(errors)


class ScopeMissing(RuntimeError):
    """A walled table was asked outside a scope: a mistake in the program, never an empty answer."""
