"""The domain's clock: injected, so that a test or the simulated county can set it.

Sessions, tokens and locks use the real time; everything that is a fact of a matter asks here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_set_to: ContextVar[datetime | None] = ContextVar("fengqiao_clock", default=None)


def now() -> datetime:
    """The present moment in UTC, or the moment that the surrounding ``at`` set."""
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The date of the law: the day in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Within the block the domain's clock stands at ``moment`` (must carry a time zone)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _set_to.reset(token)
