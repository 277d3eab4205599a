"""What-if for limits: what would fall due first on open matters if another answer of the table of tracks were followed.

The table decides over limits through the track and the kind of department that leads; which limits look at these
says ``applies_to`` of rules/data/running.csv. Only what has happened so far starts a limit here: a matter that no
department has yet been given has none of a department's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from fengqiao.clocks.deriving import Course, Said, Subject, courses, values_of
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.facts import facts_of, subject_of
from fengqiao.dispatch.enums import Part
from fengqiao.kernel.working_days import Calendar
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.replays import NextEnd
from fengqiao.places.enums import INDEPENDENT
from fengqiao.rules.queries.county_limits import Binding
from fengqiao.rules.queries.limits import Acts

# The row, the track, the kind of department that leads.
Answered = tuple[str, str, str]


def next_ends(
    matters: Sequence[Matter], answers: Mapping[UUID, tuple[Answered, Answered]]
) -> dict[UUID, tuple[NextEnd, NextEnd]]:
    """By matter what ends first by the one answer and by the other; only those on which other limits would run.

    One statement reads the facts, and a county's calendar and its own limits are asked for once.
    """
    still_open = [each for each in matters if each.is_open]
    said = facts_of([each.pk for each in still_open])
    calendars: dict[str, Calendar] = {}
    binding = Binding()
    found = {}
    for matter in still_open:
        subject, facts = subject_of(matter), said.get(matter.pk, [])
        before, after = (
            _running(subject, facts, track, lead, binding) for _row, track, lead in answers[matter.pk]
        )
        if _names(before) == _names(after):
            continue
        if matter.county not in calendars:
            calendars[matter.county] = county_calendar(matter.county)
        calendar = calendars[matter.county]
        found[matter.pk] = (_first(subject, before, calendar), _first(subject, after, calendar))
    return found


def _running(subject: Subject, said: Sequence[Said], track: str, lead: str, binding: Binding) -> list[Course]:
    """The limits of bodies that would run now; where the table leaves it to a person, as the matter stands."""
    asked = replace(subject, track=track or subject.track)
    led = [_led_by(each, lead) for each in said] if lead else said
    return [
        each
        for each in courses(asked, led, binding)
        if each.stop is None
        and each.limit.acts is Acts.LIGHTS
        and each.start.department_kind not in INDEPENDENT
    ]


def _led_by(fact: Said, lead: str) -> Said:
    return replace(fact, department_kind=lead) if fact.part == Part.LEAD else fact


def _names(running: Sequence[Course]) -> set[tuple[str, UUID]]:
    return {(each.limit.id, each.start.key) for each in running}


def _first(subject: Subject, running: Sequence[Course], calendar: Calendar) -> NextEnd:
    ends = [
        (kept.due_at, kept.limit)
        for kept in (values_of(subject, each, calendar) for each in running)
        if kept.due_at is not None
    ]
    if not ends:
        return NextEnd()
    due_at, limit = min(ends)
    return NextEnd(limit, due_at)
