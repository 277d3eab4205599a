"""Keeping clocks as the facts make them: the one place that writes ``Clock`` rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from uuid import UUID

from fengqiao.accounts.writing_many import insert_many, update_many
from fengqiao.clocks.deriving import Derived, Said, courses, values_of
from fengqiao.clocks.enums import Acts, ClockState
from fengqiao.clocks.models import Clock
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.facts import facts_of, subject_of
from fengqiao.kernel.working_days import Calendar
from fengqiao.matters.domain.lighting import Lights, light
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.rules.queries.county_limits import Binding

# What may change of a clock while it stays the same clock: not its limit and not what started it.
CHANGES = tuple(name for name in Derived.__dataclass_fields__ if name not in ("limit", "started_by"))


def recompute(matter_ids: Collection[UUID]) -> int:
    """Derives the clocks of these matters anew and writes what differs; how many clocks were written.

    For matters whose rows are locked or were written in the running transaction. Three statements read and
    one asks for the calendar, one for the county's own limits where a fact starts any; the clocks that are new,
    those that changed and the lights are one statement each.
    """
    return recompute_rows(list(Matter.objects.filter(pk__in=matter_ids).order_by("pk")))


def recompute_rows(matters: Sequence[Matter]) -> int:
    """The same for a caller who has the rows as they are now."""
    ids = [matter.pk for matter in matters]
    return keep(matters, facts_of(ids), Clock.objects.filter(matter_id__in=ids))


def start_for_new(matters: Sequence[Matter]) -> int:
    """The clocks of matters that were registered in the running transaction: they have no facts of their own yet."""
    return keep(matters, {}, ())


def keep(matters: Sequence[Matter], said: Mapping[UUID, list[Said]], clocks: Collection[Clock]) -> int:
    """Writes what differs between what these facts make and the clocks that are there."""
    known = {(clock.matter_id, clock.limit, clock.started_by): clock for clock in clocks}
    new: list[Clock] = []
    changed: list[Clock] = []
    lights: dict[object, Lights] = {}
    calendars: dict[str, Calendar] = {}
    binding = Binding()
    standing: dict[UUID, list[Clock]] = defaultdict(list)
    for matter in matters:
        for each in _derived(matter, said.get(matter.id, []), binding, calendars):
            values = asdict(each)
            clock = known.pop((matter.id, each.limit, each.started_by), None)
            if clock is None:
                clock = Clock(**of(matter), **values)
                new.append(clock)
            elif _take(clock, values):
                changed.append(clock)
            standing[matter.id].append(clock)
        lights[matter.id] = lights_of(standing[matter.id])
    for clock in known.values():
        if clock.state != ClockState.VOID:
            clock.state = ClockState.VOID
            changed.append(clock)
    insert_many(new)
    update_many(changed, _columns())
    light(matters, lights)
    return len(new) + len(changed)


def _derived(
    matter: Matter, said: Sequence[Said], binding: Binding, calendars: dict[str, Calendar]
) -> list[Derived]:
    """The clocks of a matter; a county's calendar is asked for once, and only where something is counted by it."""
    subject = subject_of(matter)
    found = courses(subject, said, binding)
    if found and matter.county not in calendars:
        calendars[matter.county] = county_calendar(matter.county)
    return [values_of(subject, course, calendars[matter.county]) for course in found]


def lights_of(clocks: Collection[Clock]) -> Lights:
    """When a matter with these clocks turns yellow, and when the first of them ends: bodies' running ones alone."""
    running = [
        clock
        for clock in clocks
        if clock.state == ClockState.RUNNING and clock.acts == Acts.LIGHTS and clock.due_at
    ]
    return (
        min((clock.yellow_at for clock in running if clock.yellow_at), default=None),
        min((clock.due_at for clock in running if clock.due_at), default=None),
    )


def _take(clock: Clock, values: Mapping[str, object]) -> bool:
    """Sets the values on the row; whether anything differed."""
    differs = [name for name in CHANGES if getattr(clock, name) != values[name]]
    for name in differs:
        setattr(clock, name, values[name])
    if differs:
        # The next sweep looks at it anew; what was told of the same instant is not told again.
        clock.chase_at = None
    return bool(differs)


@lru_cache(maxsize=1)
def _columns() -> tuple[str, ...]:
    return (*(name.removesuffix("_id") if name.endswith("_id") else name for name in CHANGES), "chase_at")
