"""What the clocks' room publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fengqiao.kernel.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """A county's calendar says something else of days from ``first`` to ``last`` (both with)."""

    county: str
    first: date
    last: date
