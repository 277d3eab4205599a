"""The sweep: finds the clocks that reached a rung of rules/data/chasing.csv, and says so exactly once.

What a clock's next rung is stands on its row (``chase_at``, else the instant at which it turns yellow), under an
index: a sweep reads what is due and nothing of what is merely open. Each chunk is a transaction: the clocks are
locked, what they reached is written down (``Reminder``), told (``Reached``, whose handlers write the notices) and
the next rung is set, together or not at all. However many sweep at once, each takes what no other holds; what a
killed one had in hand is as if it had never been taken. What was missed, be it for a night or a week, is due like
anything else, and is told in the order of its instants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db import connection

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.accounts.writing_many import insert_many, update_many
from fengqiao.clocks.counting import HOUR, day_of, midnight_after
from fengqiao.clocks.events import Reached, Threshold
from fengqiao.clocks.models import Clock, Reminder
from fengqiao.clocks.models.clock import NEXT_LOOK, RUNS_AND_LIGHTS
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel import clock as present
from fengqiao.kernel.events import publish
from fengqiao.kernel.working_days import Calendar
from fengqiao.matters.enums import Restriction
from fengqiao.rules.queries.chasing import Rung, chased_by

CHUNK = 500
# Of a clock that has no rung before it: far away, and yet a moment that a driver can read.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Sweeper:
    """For whom a chunk is read. Restricted matters are swept as one of their named readers, for nobody else may."""

    county: str
    person_id: UUID

    @property
    def restriction(self) -> Restriction:
        return Restriction.OPEN if self.person_id == NOBODY else Restriction.RESTRICTED

    def actor(self) -> Actor:
        """Who reads and writes: a person without a post, or nobody."""
        return Actor(
            person_id=self.person_id,
            name="",
            role=Role.EXCHANGE,
            county=self.county,
            counties=(self.county,),
        )


@dataclass(frozen=True)
class Days:
    """The county's calendar, asked for where something is counted by working days."""

    county: str

    @cached_property
    def calendar(self) -> Calendar:
        return county_calendar(self.county)


def sweep() -> int:
    """Tells what every county's clocks have reached by now, and says how many thresholds that were."""
    moment = present.now()
    return sum(_sweep(sweeper, moment) for sweeper in list(_with_something_due(moment)))


def _with_something_due(moment: datetime) -> Iterator[Sweeper]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT county, person FROM clocks_to_chase(%s, %s)", [moment, present.today()])
        yield from (Sweeper(county, person) for county, person in cursor.fetchall())


def _sweep(sweeper: Sweeper, moment: datetime) -> int:
    told, more = 0, True
    while more:
        found, more = _chunk(sweeper, moment)
        told += found
    return told


def _chunk(sweeper: Sweeper, moment: datetime) -> tuple[int, bool]:
    """Tells of the earliest that are due and that nobody else has in hand: how much, and whether there may be more."""
    with scope(sweeper.actor()):
        due = _locked(sweeper, moment)
        is_full = len(due) == CHUNK
        # What is beyond the last of a full chunk comes after clocks that are not in it.
        until = min(moment, _next_look(due[-1], moment)) if is_full else moment
        reached = _reached(due, until, Days(sweeper.county))
        insert_many([_written_down(one) for one in reached])
        update_many(due, ("chase_at",))
        if reached:
            publish(Reached(sweeper.county, tuple(reached)))
    return len(reached), is_full


def _reached(due: Sequence[Clock], until: datetime, days: Days) -> list[Threshold]:
    """What these have reached and nobody was told of, in the order of its instants; sets when to look again."""
    known = _known(due)
    reached: list[Threshold] = []
    for each in due:
        coming = [_threshold(each, *on) for on in instants(each, days)]
        reached += [
            one
            for one in coming
            if one.reached_at <= until and (one.clock_id, one.rung, one.counted_from) not in known
        ]
        each.chase_at = min((one.reached_at for one in coming if one.reached_at > until), default=NEVER)
    return sorted(reached, key=lambda one: one.reached_at)


def instants(clock: Clock, days: Days) -> Iterator[tuple[Rung, datetime, datetime]]:
    """Each rung of the clock with the instant from which it is counted, and its own."""
    for rung in chased_by(clock.limit, clock.owed_by):
        since = clock.yellow_at if rung.counted_from == "yellow" else clock.due_at
        if since is not None:
            yield rung, since, later(since, rung.after, days)


def later(since: datetime, after: tuple[int, str] | None, days: Days) -> datetime:
    """So much after an instant. Whole working days have to go by after the day on which it lies.

    A limit that ends on Friday (at 24:00) is one working day late when Monday is over.
    """
    if after is None:
        return since
    n, unit = after
    if unit == "hour":
        return since + n * HOUR
    return midnight_after(days.calendar.nth_worked(_last_day(since), n))


def _last_day(end: datetime) -> date:
    """The day whose 24:00, or in which, an instant is."""
    return day_of(end - timedelta(microseconds=1))


def _locked(sweeper: Sweeper, moment: datetime) -> Sequence[Clock]:
    found = (
        Clock.objects.filter(RUNS_AND_LIGHTS, county=sweeper.county, restriction=sweeper.restriction)
        .annotate(next_look=NEXT_LOOK)
        .filter(next_look__lte=moment)
        .order_by("next_look", "pk")
        .select_for_update(skip_locked=True, of=("self",))
    )
    return list(found[:CHUNK])


def _next_look(clock: Clock, moment: datetime) -> datetime:
    """As the database reads it (``NEXT_LOOK``)."""
    return clock.chase_at or clock.yellow_at or clock.due_at or moment


def _known(clocks: Iterable[Clock]) -> Collection[tuple[UUID, str, datetime]]:
    """What was told of these before. Their rows are locked: nobody adds to it meanwhile."""
    told = Reminder.objects.filter(clock_id__in=[each.pk for each in clocks])
    return set(told.order_by().values_list("clock_id", "rung", "counted_from"))


def _threshold(clock: Clock, rung: Rung, since: datetime, reached_at: datetime) -> Threshold:
    return Threshold(
        rung=rung.id,
        clock_id=clock.pk,
        matter_id=clock.matter_id,
        county=clock.county,
        restriction=clock.restriction,
        limit=clock.limit,
        owed_by=clock.owed_by,
        centre_id=clock.centre_id,
        department_id=clock.department_id,
        assignment_id=clock.assignment_id,
        counted_from=since,
        reached_at=reached_at,
        due_at=clock.due_at or since,
    )


def _written_down(threshold: Threshold) -> Reminder:
    return Reminder(
        county=threshold.county,
        restriction=threshold.restriction,
        matter_id=threshold.matter_id,
        clock_id=threshold.clock_id,
        rung=threshold.rung,
        counted_from=threshold.counted_from,
        reached_at=threshold.reached_at,
        told_at=present.now(),
    )
