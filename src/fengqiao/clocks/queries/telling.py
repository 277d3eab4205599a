"""The clocks of a matter as they are shown, and one of them explained from the facts that make it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.accounts.models import Person
from fengqiao.clocks.counting import Deadline, Explanation, Unit, explained
from fengqiao.clocks.deriving import Course, ahead_of, terms_of
from fengqiao.clocks.enums import ABOUT_EXTENSION, MOVING, Acts, ClockState, FactKind, OwedBy
from fengqiao.clocks.models import Clock, Fact
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.facts import course_of, standing, that_stand
from fengqiao.clocks.wording import ground_in_words, sentences, unit_in_words, yellow_in_words
from fengqiao.kernel import clock as present
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import Light, light_of
from fengqiao.rules.queries.county_limits import OWN, basis_in_words, named
from fengqiao.rules.queries.limits import Limit
from fengqiao.rules.queries.words import in_readers_language

# Facts that move a limit: whoever asks wants to know who wrote them down, and why.
MOVES = (*MOVING, *ABOUT_EXTENSION, FactKind.DONE)


def moment_in_words(due_at: datetime) -> str:
    """The end of a limit as a day, whose 24:00 is meant, or as a moment."""
    local = due_at.astimezone(present.SHANGHAI)
    if (local.hour, local.minute) != (0, 0):
        return local.strftime("%Y-%m-%d %H:%M")
    return f"{(local - timedelta(days=1)).date().isoformat()} 24:00"


@dataclass(frozen=True)
class Shown:
    """A clock with its limit. ``light`` is None where it lights nothing, or runs no more."""

    clock: Clock
    limit: Limit | None
    light: Light | None

    @property
    def title(self) -> str:
        """What has to be done by then, in the table's words."""
        return self.limit.title if self.limit else self.clock.limit

    @property
    def last_moment(self) -> str:
        """Until when: a day, whose 24:00 is meant, or a moment."""
        return moment_in_words(self.clock.due_at) if self.clock.due_at else ""

    @property
    def owes(self) -> str:
        """Who has to act: the department or party by name, else what they are; whoever mediates with the centre."""
        if self.clock.department is not None:
            return self.clock.department.short_name
        if self.clock.owed_by == OwedBy.CENTRE:
            return str(self.clock.centre.name)
        if self.clock.owed_by == OwedBy.MEDIATION:
            return of_a_centre(self.clock.centre.name, OwedBy.MEDIATION)
        if self.clock.party is not None and self.clock.party.name:
            return str(self.clock.party.name)
        return str(self.clock.get_owed_by_display())


def of_a_centre(name: str, owed_by: OwedBy) -> str:
    """A centre as who owes something: itself, or who of it."""
    return name if owed_by == OwedBy.CENTRE else f"{name} · {owed_by.label}"


@dataclass(frozen=True)
class Moved:
    """A dated fact of the clock, with who wrote it down and why. ``length`` is what was asked for, or granted."""

    label: Any
    at: datetime
    length: str = ""
    ground: str = ""
    reason: str = ""
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
    # As it ran by the facts: of a county's own limit the version of the day on which it began.
    limit: Limit | None = None

    @property
    def basis(self) -> str:
        """What the limit rests on; of a county's own the version of its table too."""
        limit = self.limit or self.shown.limit
        if limit is None:
            return ""
        if limit.verified != OWN or limit.valid_from is None:
            return limit.basis
        values = {
            "version": basis_in_words(limit.version),
            "day": limit.valid_from,
            "basis": limit.basis,
        }
        return _("%(version)s（%(day)s 起施行）；%(basis)s") % values

    @property
    def note(self) -> str:
        """What stands beside it in its table."""
        limit = self.limit or self.shown.limit
        return in_readers_language(limit.note) if limit else ""

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
    course = course_of(matter, row, said)
    if course is None:
        return Told(shown, "", None, [_("按现在查明的事实，这个时限没有起算。")], [])
    told = explained(terms_of(course.limit), course.facts, county_calendar(matter.county))
    return Told(
        shown=shown,
        length=unit_in_words(course.limit.n, Unit(course.limit.unit)),
        explanation=told,
        sentences=[*sentences(told), *_yellow(course, row)],
        moves=_moves(course, facts),
        limit=course.limit,
    )


def _yellow(course: Course, row: Clock) -> list[str]:
    """From when it presses and why; the reason is the table's own sentence."""
    left, yellow = ahead_of(course), course.running.yellow
    if left is None:
        return []
    share = yellow if isinstance(yellow, Fraction) else None
    said = yellow_in_words(left, share, lights=row.acts == Acts.LIGHTS)
    return [said + _("（%(reason)s）") % {"reason": course.running.yellow_reason}]


def _moves(course: Course, rows: list[Fact]) -> list[Moved]:
    """The start, what moved the limit and what ended it, in order, with the names of those who wrote it down."""
    found = [row for row in that_stand(rows) if _moves_it(row, course)]
    # Who asked for more time is told beside who granted it.
    decided = {row.replaces_id for row in found if row.kind in ABOUT_EXTENSION}
    found += [row for row in rows if row.pk in decided and row.kind == FactKind.EXTENSION_ASKED]
    people = {each.recorded_by for each in found} | {each.approved_by for each in found if each.approved_by}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    moves = [Moved(FactKind(course.start.kind).label, course.start.at)]
    moves += [
        Moved(
            FactKind(each.kind).label,
            each.occurred_at,
            unit_in_words(each.n, Unit(each.unit)) if each.n and each.unit else "",
            ground_in_words(each.ground),
            each.reason,
            names.get(each.recorded_by, ""),
            names.get(each.approved_by, "") if each.approved_by else "",
            each.consent,
        )
        for each in found
    ]
    # That it was met stands among the rows, with who wrote it down and on what evidence.
    if course.stop is not None and course.stop.kind != FactKind.DONE:
        stop = course.stop
        moves.append(Moved(FactKind(stop.kind).label, stop.at, ground=ground_in_words(stop.ground)))
    return sorted(moves, key=lambda each: each.at)


def _moves_it(row: Fact, course: Course) -> bool:
    start = course.start
    return (
        row.kind in MOVES
        and row.limit in ("", course.limit.id)
        and row.occurred_at >= start.at
        and (start.assignment is None or row.assignment_id in (None, start.assignment))
        and (start.party is None or row.party_id in (None, start.party))
    )


def as_shown(row: Clock) -> Shown:
    """A clock, read with its centre, department and party, as it is shown."""
    runs = row.state == ClockState.RUNNING and row.acts == Acts.LIGHTS
    return Shown(
        clock=row,
        limit=named(row.limit, row.limit_version),
        light=light_of(row.yellow_at, row.due_at, present.now()) if runs else None,
    )
