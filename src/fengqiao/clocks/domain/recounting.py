"""Counting anew what a county's changed calendar touches: in chunks, each a transaction, behind the same walls."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db import connection

from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.domain.sweeping import NOBODY, Sweeper
from fengqiao.clocks.enums import ClockState
from fengqiao.clocks.events import CalendarChanged
from fengqiao.clocks.models import Clock
from fengqiao.kernel import clock as present
from fengqiao.kernel.working_days import ONE_DAY
from fengqiao.matters.models import Matter

# Matters of one transaction: their rows stay locked until it ends.
CHUNK = 200
FIRST = UUID(int=0)


def order(event: CalendarChanged) -> None:
    """Puts the work into the queue, in the transaction of the calendar's entry (handler of ``CalendarChanged``)."""
    from fengqiao.clocks.tasks import count_again

    count_again.defer(county=event.county, first=event.first.isoformat(), last=event.last.isoformat())


def count_again(*, county: str, first: date, last: date, person_id: UUID | None, after: UUID) -> None:
    """One chunk, the matters in the order of their ids beyond ``after``; the rest is put into the queue with it.

    Open matters are counted as nobody, restricted ones as one of their named readers, for nobody else may;
    sealed ones are nobody's. What was stopped is counted too: whether it was late is still asked.
    """
    from fengqiao.clocks.tasks import count_again as again

    sweeper = Sweeper(county, person_id or NOBODY)
    days = {"county": county, "first": first.isoformat(), "last": last.isoformat()}
    since, until = _midnight(first), _midnight(last + ONE_DAY)
    with scope(sweeper.actor()):
        if person_id is None and after == FIRST:
            for reader in _readers(county, since, until):
                again.defer(**days, person=str(reader))
        touched = (
            Clock.objects.filter(
                county=county,
                restriction=sweeper.restriction,
                started_at__lt=until,
                due_at__gt=since,
                matter_id__gt=after,
            )
            .exclude(state=ClockState.VOID)
            .order_by("matter_id")
            .values_list("matter_id", flat=True)
            .distinct()
        )
        ids = list(touched[:CHUNK])
        keeping.recompute_rows(
            list(Matter.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
        )
        if len(ids) == CHUNK:
            person = str(person_id) if person_id else ""
            again.defer(**days, person=person, after=str(ids[-1]))


def _readers(county: str, since: datetime, until: datetime) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person FROM clocks_restricted_readers(%s, %s, %s, %s)",
            [county, since, until, present.today()],
        )
        return [person for (person,) in cursor.fetchall()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), present.SHANGHAI).astimezone(UTC)
