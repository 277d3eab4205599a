"""Days that people agreed on (a term falls due, a talk, an answer): who keeps the matter is told, once per rung.

They are no limits: nothing lights, nobody is late by law. What is waited for stands on its own row in the room that
knows it (``Waited``, handed in by config/wiring.py); when its next rung of rules/data/chasing.csv is reached stands
there too (``chase_at``; empty: nobody has looked yet), under an index of what is still waited for. A sweep reads what
is due, writes down what was reached (``DayTold``), tells (``DaysReached``, whose handlers write the notices) and sets
the next look, in one transaction for a chunk.

Of one thing one rung is told at a time: the last that was reached. So a night or three days without a worker are one
notice and not three. Nobody is told on a day off: what would be is told on the working day before, and what passed on
one, on the working day after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fengqiao.accounts.scope import scope
from fengqiao.accounts.writing_many import insert_many, update_many
from fengqiao.clocks.counting import day_of, midnight_after
from fengqiao.clocks.domain.sweeping import NEVER, Days, Sweeper, later
from fengqiao.clocks.enums import AgreedDay
from fengqiao.clocks.events import DaysReached, ReachedDay
from fengqiao.clocks.models import DayTold
from fengqiao.kernel import clock as present
from fengqiao.kernel.events import publish
from fengqiao.kernel.working_days import ONE_DAY, Calendar
from fengqiao.rules.queries.chasing import DAY, Rung, rungs_of_day

CHUNK = 500
# What was reached before that is told no more: the lists have it.
WORTH_TELLING = timedelta(days=30)


@dataclass(frozen=True)
class When:
    """A day and the instant at which it is over; when it was written down, from when it presses, where known."""

    day: date
    over_at: datetime
    written_at: datetime | None = None
    yellow_at: datetime | None = None


@dataclass(frozen=True)
class Waited:
    """Days of one kind; ``where`` is the owner's function that tells in which counties some are due.

    ``rows`` are those that are still waited for, of a model with ``chase_at``; ``field`` is the column of the day.
    ``of_interest`` are those of them of which somebody wants to hear; the others are looked at, and nothing is said.
    """

    kind: AgreedDay
    where: str
    field: str
    rows: Callable[[], QuerySet[Any]]
    when: Callable[[Any], When]
    of_interest: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None

    @property
    def name(self) -> str:
        """As chasing.csv calls it."""
        return f"{DAY}{self.kind}"

    def to_be_heard(self) -> QuerySet[Any]:
        """Those of which somebody wants to hear."""
        return self.of_interest(self.rows()) if self.of_interest else self.rows()


_waited: list[Waited] = []


def watch(*kinds: Waited) -> None:
    """These are swept too (config/wiring.py)."""
    _waited.extend(each for each in kinds if each not in _waited)


def watched() -> tuple[Waited, ...]:
    """Every kind of day that is swept."""
    return tuple(_waited)


def whole_day(day: date, written_at: datetime | None = None) -> When:
    """A day that is over at its 24:00."""
    return When(day, midnight_after(day), written_at)


def at_a_time(at: datetime, written_at: datetime | None = None) -> When:
    """A day on which something is at a time."""
    return When(day_of(at), at, written_at)


def sweep() -> int:
    """Tells what every county's agreed days have reached by now, and says of how many that was."""
    moment = present.now()
    told = 0
    for where, sweeper in list(_with_something_due(moment)):
        for waited in _waited:
            more = waited.where == where
            while more:
                found, more = _chunk(waited, sweeper, moment)
                told += found
    return told


def _with_something_due(moment: datetime) -> Iterator[tuple[str, Sweeper]]:
    # Names of functions, as the rooms wrote them.
    asked = " UNION ALL ".join(
        f"SELECT '{name}', county, person FROM {name}(%(moment)s, %(today)s)"  # noqa: S608
        for name in sorted({each.where for each in _waited})
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, {"moment": moment, "today": present.today()})
        yield from ((name, Sweeper(county, person)) for name, county, person in cursor.fetchall())


def _chunk(waited: Waited, sweeper: Sweeper, moment: datetime) -> tuple[int, bool]:
    """Tells of those that are due and that nobody else has in hand: of how many, and whether there may be more."""
    with scope(sweeper.actor()):
        rows = list(
            waited.rows()
            .filter(Q(chase_at=None) | Q(chase_at__lte=moment))
            .filter(county=sweeper.county, restriction=sweeper.restriction)
            .select_related("matter")
            .order_by("chase_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))[:CHUNK]
        )
        if not rows:
            return 0, False
        heard = {each.pk for each in rows}
        if waited.of_interest:
            heard = set(waited.to_be_heard().filter(pk__in=heard).order_by().values_list("pk", flat=True))
        written, told = _reached(waited, rows, moment, Days(sweeper.county), heard)
        insert_many(written)
        update_many(rows, ("chase_at",))
        if told:
            told.sort(key=lambda each: each.reached_at)
            publish(DaysReached(waited.name, sweeper.county, tuple(told)))
    return len(told), len(rows) == CHUNK


def _reached(
    waited: Waited, rows: Sequence[Any], moment: datetime, days: Days, heard: Collection[UUID]
) -> tuple[list[DayTold], list[ReachedDay]]:
    """What these have reached and nobody wrote down, and what of it is told; sets when to look again."""
    known = _known(rows)
    written: list[DayTold] = []
    told: list[ReachedDay] = []
    for row in rows:
        when = waited.when(row)
        coming = list(instants(waited.name, when, days))
        before = [n for n, (rung, since, _at) in enumerate(coming) if (row.pk, rung.id, since) in known]
        new = [n for n, (_rung, _since, at) in enumerate(coming) if at <= moment and n not in before]
        # One that a holiday has put before its predecessor is not followed by it.
        worth = [n for n in new if n > max(before, default=-1) and is_worth_telling(*coming[n], when, moment)]
        worth = worth if row.pk in heard else []
        for n in new:
            told_at = moment if worth and n == worth[-1] else None
            written.append(_written_down(row, *coming[n], told_at=told_at))
        if worth:
            told.append(_day(waited, row, when, coming[worth[-1]]))
        row.chase_at = min((at for _rung, _since, at in coming if at > moment), default=NEVER)
    return written, told


def instants(name: str, when: When, days: Days) -> Iterator[tuple[Rung, datetime, datetime]]:
    """Each rung of a day with the instant from which it is counted, and its own, which lies on a working day."""
    begins = midnight_after(when.day - ONE_DAY)
    for rung in rungs_of_day(name):
        if rung.counted_from == "day":
            before = -rung.after[0] if rung.after else 0
            # Before the day so many working days; on a day off the one before it.
            last = when.day - ONE_DAY if before else when.day
            at = days.calendar.nth_worked_back(last, before or 1)
            yield rung, begins, midnight_after(at - ONE_DAY)
            continue
        since = when.yellow_at if rung.counted_from == "yellow" else when.over_at
        if since is not None:
            yield rung, since, _on_a_worked_day(later(since, rung.after, days), days.calendar)


def is_worth_telling(rung: Rung, _since: datetime, at: datetime, when: When, moment: datetime) -> bool:
    """Not what is long past, and not what came before the day was written down: whoever wrote it knows."""
    if at <= moment - WORTH_TELLING:
        return False
    return rung.counted_from == "due" or when.written_at is None or at >= when.written_at


def _on_a_worked_day(at: datetime, calendar: Calendar) -> datetime:
    day = day_of(at)
    worked = calendar.worked_on_or_after(day)
    return at if worked == day else midnight_after(worked - ONE_DAY)


def _known(rows: Iterable[Any]) -> Collection[tuple[UUID, str, datetime]]:
    """What was written down of these before. Their rows are locked: nobody adds to it meanwhile."""
    found = DayTold.objects.filter(subject_id__in=[each.pk for each in rows])
    return set(found.order_by().values_list("subject_id", "rung", "counted_from"))


def _written_down(
    row: Any, rung: Rung, since: datetime, at: datetime, *, told_at: datetime | None
) -> DayTold:
    return DayTold(
        county=row.county,
        restriction=row.restriction,
        matter_id=row.matter_id,
        subject_id=row.pk,
        rung=rung.id,
        counted_from=since,
        reached_at=at,
        told_at=told_at,
    )


def _day(waited: Waited, row: Any, when: When, last: tuple[Rung, datetime, datetime]) -> ReachedDay:
    rung, _since, at = last
    return ReachedDay(
        rung=rung.id,
        name=waited.name,
        subject_id=row.pk,
        matter_id=row.matter_id,
        county=row.county,
        restriction=row.restriction,
        centre_id=row.matter.holder_id,
        day=when.day,
        reached_at=at,
    )
