"""What the clocks' room publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fengqiao.kernel.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """A county's calendar says something else of days from ``first`` to ``last`` (both with)."""

    county: str
    first: date
    last: date


@dataclass(frozen=True)
class Threshold:
    """A rung of rules/data/chasing.csv (its id) that a clock has reached, and whose clock it is.

    ``counted_from`` is the instant at which the limit turned yellow or ended, ``reached_at`` that of the rung.
    """

    rung: str
    clock_id: UUID
    matter_id: UUID
    county: str
    restriction: str
    limit: str
    owed_by: str
    centre_id: UUID
    department_id: UUID | None
    assignment_id: UUID | None
    counted_from: datetime
    reached_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Reached(Event):
    """Clocks reached these, in the order of their instants; each is told of once."""

    county: str
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True)
class ReachedDay:
    """A rung of rules/data/chasing.csv that a day reached on which people agreed.

    ``name`` is the kind of day (``day.term``), ``subject_id`` the row on which it stands, ``centre_id`` the centre
    that holds the matter.
    """

    rung: str
    name: str
    subject_id: UUID
    matter_id: UUID
    county: str
    restriction: str
    centre_id: UUID
    day: date
    reached_at: datetime


@dataclass(frozen=True)
class DaysReached(Event):
    """Days of one kind reached these, in the order of their instants; each is told of once."""

    name: str
    county: str
    days: tuple[ReachedDay, ...]
