"""How many requests a person or client may send: counted in this process, told in the headers.

Each web process counts by itself, so that the limit costs no statement; with two processes (`fengqiao
serve`) up to twice the limit goes through. It is there to stop a program that runs wild, not to bill.
"""

from __future__ import annotations

import os
import threading
import time
from typing import cast

from django.http import HttpRequest, HttpResponseBase

WINDOW_SECONDS = 60
DEFAULT_PER_MINUTE = 1200
# More callers than this are not remembered: the oldest counts go.
MOST_CALLERS = 10_000


class Counted(HttpRequest):
    """A request that was counted: the limit, what is left of it, and the seconds until it begins anew."""

    rate: tuple[int, int, int]


_lock = threading.Lock()
_counts: dict[str, tuple[int, int]] = {}


def per_minute() -> int:
    """The limit of this installation (FENGQIAO_API_RATE)."""
    return int(os.environ.get("FENGQIAO_API_RATE", DEFAULT_PER_MINUTE))


def count(request: HttpRequest, caller: str) -> bool:
    """Counts one request of this caller; False when it is over the limit. ``tell`` says so in the headers."""
    now, most = time.time(), per_minute()
    window = int(now // WINDOW_SECONDS)
    with _lock:
        if len(_counts) >= MOST_CALLERS and caller not in _counts:
            for each in [name for name, (when, _n) in _counts.items() if when < window] or list(_counts)[
                :100
            ]:
                del _counts[each]
        when, number = _counts.get(caller, (window, 0))
        number = number + 1 if when == window else 1
        _counts[caller] = (window, number)
    rest = WINDOW_SECONDS - int(now % WINDOW_SECONDS)
    cast(Counted, request).rate = (most, max(most - number, 0), rest)
    return number <= most


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """The limit, what is left of it, and in how many seconds it begins anew."""
    rate = getattr(request, "rate", None)
    if rate is not None:
        for name, value in zip(("Limit", "Remaining", "Reset"), rate, strict=True):
            response.headers[f"RateLimit-{name}"] = str(value)


def forget() -> None:
    """Begins all counts anew."""
    with _lock:
        _counts.clear()
