"""Reminding of instructions and of listed matters that are due, by the rungs of rules/data/chasing.csv.

The same table that reminds of limits, asked for two limits that are no statute's: ``leading.instruction`` (owed by a
department, or by the centre whose post was instructed) and ``leading.look`` (owed by the centre). When the next rung
is reached stands on the row (``chase_at``); a sweep reads what is due, tells, and moves it on in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain.sweeping import Days, Sweeper, later
from fengqiao.clocks.enums import OwedBy
from fengqiao.clocks.events import Reached, Threshold
from fengqiao.kernel import clock
from fengqiao.kernel.events import publish
from fengqiao.leading.models import Instruction, KeyMatter
from fengqiao.rules.queries.chasing import Rung, chased_by

INSTRUCTION, LOOK = "leading.instruction", "leading.look"
CHUNK = 200


@dataclass(frozen=True)
class Due:
    """What may be due: which limit of this room, who owes it, and its two instants."""

    limit: str
    owed_by: str
    yellow_at: datetime
    due_at: datetime
    county: str

    def rungs(self) -> Iterator[tuple[Rung, datetime, datetime]]:
        """Each rung with the instant from which it is counted, and its own."""
        days = Days(self.county)
        for rung in chased_by(self.limit, self.owed_by):
            since = self.yellow_at if rung.counted_from == "yellow" else self.due_at
            yield rung, since, later(since, rung.after, days)

    def after(self, moment: datetime | None) -> datetime | None:
        """When the next rung after a moment is reached; the first where none is given."""
        coming = [at for _rung, _since, at in self.rungs() if moment is None or at > moment]
        return min(coming, default=None)


def begin(row: Instruction | KeyMatter) -> None:
    """Sets on a row, whose days were just counted, when somebody is to be reminded first (not saved)."""
    row.chase_at = due_of(row).after(None)


def due_of(row: Instruction | KeyMatter) -> Due:
    """What of it a sweep looks at."""
    if isinstance(row, KeyMatter):
        limit, owed_by, last = LOOK, OwedBy.CENTRE, row.look_by
    else:
        limit, last = INSTRUCTION, row.due_on
        owed_by = OwedBy.DEPARTMENT if row.department_id else OwedBy.CENTRE
    return Due(limit, owed_by, _begin(row.warn_on), _begin(last + timedelta(days=1)), row.county)


def sweep() -> int:
    """Tells what every county's instructions and listed matters have reached by now; how many rungs that were."""
    moment = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT county, person FROM leading_to_chase(%s, %s)", [moment, clock.today()])
        sweepers = [Sweeper(county, person) for county, person in cursor.fetchall()]
    return sum(_sweep(each, moment, model) for each in sweepers for model in (Instruction, KeyMatter))


def _sweep(sweeper: Sweeper, moment: datetime, model: Any) -> int:
    told, more = 0, True
    while more:
        with scope(sweeper.actor()):
            found = (
                model.objects.filter(
                    county=sweeper.county,
                    restriction=sweeper.restriction,
                    ended_at=None,
                    chase_at__lte=moment,
                )
                .select_related("matter")
                .order_by("chase_at", "pk")
                .select_for_update(skip_locked=True, of=("self",))
            )
            rows = list(found[:CHUNK])
            reached = [one for row in rows for one in _reached(row, moment)]
            for row in rows:
                row.save(update_fields=["chase_at"])
            if reached:
                publish(Reached(sweeper.county, tuple(sorted(reached, key=lambda one: one.reached_at))))
        told, more = told + len(reached), len(rows) == CHUNK
    return told


def _reached(row: Instruction | KeyMatter, moment: datetime) -> list[Threshold]:
    """The rungs from the one that was waited for up to now; sets when to look again."""
    due = due_of(row)
    assert row.chase_at is not None  # noqa: S101  asked for
    reached = [
        _threshold(row, due, rung, since, at)
        for rung, since, at in due.rungs()
        if row.chase_at <= at <= moment
    ]
    row.chase_at = due.after(moment)
    return reached


def _threshold(
    row: Instruction | KeyMatter, due: Due, rung: Rung, since: datetime, at: datetime
) -> Threshold:
    return Threshold(
        rung=rung.id,
        clock_id=row.pk,
        matter_id=row.matter_id,
        county=row.county,
        restriction=row.restriction,
        limit=due.limit,
        owed_by=due.owed_by,
        centre_id=row.matter.holder_id if isinstance(row, Instruction) else row.centre_id,
        department_id=row.department_id if isinstance(row, Instruction) else None,
        assignment_id=None,
        counted_from=since,
        reached_at=at,
        due_at=due.due_at,
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
