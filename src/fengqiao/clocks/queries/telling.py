"""The clocks of a matter as they are shown, and one of them explained from the facts that make it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.accounts.models import Person
from fengqiao.clocks.counting import Deadline, Explanation, Unit, explained
from fengqiao.clocks.deriving import Course, courses, terms_of
from fengqiao.clocks.enums import Acts, ClockState, FactKind, OwedBy
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.facts import standing, subject_of
from fengqiao.clocks.wording import sentences, unit_in_words
from fengqiao.kernel import clock as present
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import Light, light_of
from fengqiao.rules.queries.limits import Limit, all_limits, in_force

# Facts that move a limit or end it: whoever asks wants to know who wrote them down, and why.
MOVES = (FactKind.PAUSED, FactKind.RESUMED, FactKind.RESTARTED, FactKind.EXTENDED)


@dataclass(frozen=True)
class Shown:
    """A clock with its limit. ``light`` is None where it lights nothing, or runs no more."""

    clock: Clock
    limit: Limit | None
    light: Light | None

    @property
    def title(self) -> str:
        """What has to be done by then, in the table's words."""
        return f"{self.limit.procedure} · {self.limit.step}" if self.limit else self.clock.limit

    @property
    def last_moment(self) -> str:
        """Until when: a day, whose 24:00 is meant, or a moment."""
        if self.clock.due_at is None:
            return ""
        local = self.clock.due_at.astimezone(present.SHANGHAI)
        if (local.hour, local.minute) != (0, 0):
            return local.strftime("%Y-%m-%d %H:%M")
        return f"{(local - timedelta(days=1)).date().isoformat()} 24:00"

    @property
    def owes(self) -> str:
        """Who has to act: the department or party by name, else what they are."""
        if self.clock.department is not None:
            return self.clock.department.short_name
        if self.clock.owed_by == OwedBy.CENTRE:
            return str(self.clock.centre.name)
        if self.clock.party is not None and self.clock.party.name:
            return str(self.clock.party.name)
        return str(self.clock.get_owed_by_display())


@dataclass(frozen=True)
class Moved:
    """A dated fact of the clock, with who wrote it down and why."""

    label: Any
    at: datetime
    ground: str = ""
    by: str = ""
    approved_by: str = ""
    consent: str = ""


@dataclass(frozen=True)
class Told:
    """A clock explained. ``explanation`` is None for one that, as the facts are known now, never ran."""

    shown: Shown
    length: str
    explanation: Explanation | None
    sentences: list[str]
    moves: list[Moved]

    @property
    def deadline(self) -> Deadline | None:
        return self.explanation.deadline if self.explanation else None


def shown_of(matter: Matter) -> list[Shown]:
    """The matter's clocks (one statement): what runs first, by what is due; what never ran is left out."""
    rows = Clock.objects.filter(matter_id=matter.pk).exclude(state=ClockState.VOID)
    found = list(rows.select_related("centre", "department", "party"))
    order = [ClockState.RUNNING, ClockState.PAUSED, ClockState.STOPPED]
    last = datetime.max.replace(tzinfo=present.SHANGHAI)
    found.sort(key=lambda each: (order.index(ClockState(each.state)), each.due_at or last, str(each.pk)))
    return [as_shown(each) for each in found]


def told_of(matter: Matter, clock_id: UUID) -> Told | None:
    """One clock of the matter explained from its facts; None where the matter has no such clock."""
    found = Clock.objects.select_related("centre", "department", "party")
    row = found.filter(matter_id=matter.pk, pk=clock_id).first()
    if row is None:
        return None
    shown = as_shown(row)
    facts = list(Fact.objects.filter(matter_id=matter.pk).select_related("assignment__department"))
    said = standing(facts).get(matter.pk, [])
    course = next(
        (
            each
            for each in courses(subject_of(matter), said, in_force)
            if (each.limit.id, each.start.key) == (row.limit, row.started_by)
        ),
        None,
    )
    if course is None:
        return Told(shown, "", None, [_("按现在查明的事实，这个时限没有起算。")], [])
    told = explained(terms_of(course.limit), course.facts, county_calendar(matter.county))
    return Told(
        shown=shown,
        length=unit_in_words(course.limit.n, Unit(course.limit.unit)),
        explanation=told,
        sentences=sentences(told),
        moves=_moves(course, facts),
    )


def _moves(course: Course, facts: list[Fact]) -> list[Moved]:
    """The start, what moved the limit and what ended it, in order, with the names of those who wrote it down."""
    taken_back = {each.replaces_id for each in facts}
    found = [
        each
        for each in facts
        if each.kind in MOVES
        and each.limit in ("", course.limit.id)
        and each.occurred_at >= course.start.at
        and each.pk not in taken_back
        and not each.withdrawn
    ]
    people = {each.recorded_by for each in found} | {each.approved_by for each in found if each.approved_by}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    moves = [Moved(FactKind(course.start.kind).label, course.start.at)]
    moves += [
        Moved(
            FactKind(each.kind).label,
            each.occurred_at,
            each.ground,
            names.get(each.recorded_by, ""),
            names.get(each.approved_by, "") if each.approved_by else "",
            each.consent,
        )
        for each in found
    ]
    if course.stop is not None:
        moves.append(Moved(FactKind(course.stop.kind).label, course.stop.at, course.stop.ground))
    return sorted(moves, key=lambda each: each.at)


def as_shown(row: Clock) -> Shown:
    """A clock, read with its centre, department and party, as it is shown."""
    runs = row.state == ClockState.RUNNING and row.acts == Acts.LIGHTS
    return Shown(
        clock=row,
        limit=all_limits().get(row.limit),
        light=light_of(row.yellow_at, row.due_at, present.now()) if runs else None,
    )
