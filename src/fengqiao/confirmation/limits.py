"""The limits that run around a court, as the clocks say them: until when, and whether a day is past it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from fengqiao.clocks.enums import ClockState
from fengqiao.clocks.models import Clock
from fengqiao.kernel import clock

APPLY = "mediation.confirm_apply"
DECIDE = "mediation.confirm_decide"
ENFORCE = "mediation.enforce_apply"


def last_days(matter_id: UUID) -> dict[str, date]:
    """By limit the last day of the one that began last, rolled over rest days as the clock says it."""
    rows = (
        Clock.objects.filter(matter_id=matter_id, limit__in=(APPLY, DECIDE, ENFORCE), due_at__isnull=False)
        .exclude(state=ClockState.VOID)
        .order_by("started_at", "id")
    )
    return {row.limit: last_day(row.due_at) for row in rows if row.due_at}


def last_day(due_at: datetime) -> date:
    """A limit ends with its last day: at the midnight after it."""
    return (due_at - timedelta(microseconds=1)).astimezone(clock.SHANGHAI).date()


def moment_of(day: date) -> datetime:
    """When something happened that is known by its day: today now, else at that day's end, so that it comes after
    whatever else was written down of the day."""
    if day == clock.today():
        return clock.now()
    return datetime.combine(day, time(23, 59), tzinfo=clock.SHANGHAI)
