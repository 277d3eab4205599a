"""From a matter and its dated facts to its clocks: a function of these, of the limits in force and of the calendar.

Nothing here reads or writes; ``domain.keeping`` brings the facts and keeps what comes out. The same facts give the
same clocks, however often and in whatever order they were told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from fengqiao.clocks.counting import (
    Extension,
    Facts,
    Length,
    Pause,
    Restart,
    Terms,
    Unit,
    day_of,
    deadline,
)
from fengqiao.clocks.enums import ClockState, FactKind, OwedBy
from fengqiao.clocks.yellow import share_of, warned
from fengqiao.kernel.working_days import Calendar
from fengqiao.places.enums import INDEPENDENT
from fengqiao.rules.queries.limits import Acts, Limit
from fengqiao.rules.queries.running import Running, all_running

# What ends every limit of a body, until the matter is opened again.
ENDS = frozenset({FactKind.MERGED, FactKind.WITHDRAWN, FactKind.CLOSED})
MOVES = frozenset({FactKind.PAUSED, FactKind.RESUMED, FactKind.RESTARTED, FactKind.EXTENDED})
ON_THE_ROW = frozenset({FactKind.RECEIVED, FactKind.REGISTERED})


@dataclass(frozen=True)
class Subject:
    """What of the matter's own row the limits ask."""

    id: UUID
    county: str
    centre: UUID
    channel: str
    category: str
    track: str
    received_at: datetime | None
    registered_at: datetime
    is_history: bool = False


@dataclass(frozen=True)
class Said:
    """A fact as it stands now. ``key`` stays the same when it is put right."""

    key: UUID
    kind: str
    at: datetime
    limit: str = ""
    assignment: UUID | None = None
    department: UUID | None = None
    department_kind: str = ""
    part: str = ""
    party: UUID | None = None
    ground: str = ""
    length: tuple[int, str] | None = None


@dataclass(frozen=True)
class Course:
    """How one limit runs from one start: what is counted, and what stopped it."""

    limit: Limit
    running: Running
    start: Said
    facts: Facts
    stop: Said | None


@dataclass(frozen=True)
class Derived:
    """The values of a ``Clock`` row, by the names of its columns."""

    limit: str
    limit_version: int
    acts: str
    owed_by: str
    centre_id: UUID
    department_id: UUID | None
    assignment_id: UUID | None
    party_id: UUID | None
    started_by: UUID
    started_at: datetime
    yellow_at: datetime | None
    due_at: datetime | None
    state: str
    stopped_at: datetime | None


class Binding(Protocol):
    """The limits that bind somewhere on a day, by their ids."""

    def get(self, name: str, /) -> Limit | None: ...


LimitsOn = Callable[[str, date], Binding]


def derived(subject: Subject, said: Sequence[Said], limits_on: LimitsOn, calendar: Calendar) -> list[Derived]:
    """The clocks of a matter; none for one that came settled from a ledger of the past."""
    return [values_of(subject, course, calendar) for course in courses(subject, said, limits_on)]


def courses(subject: Subject, said: Sequence[Said], limits_on: LimitsOn) -> list[Course]:
    """Each limit that runs or ran on the matter, once for each fact that started it."""
    if subject.is_history:
        return []
    facts = sorted([*_on_the_row(subject, said), *said], key=lambda each: (each.at, each.key.int))
    found = []
    for running in _started_by(frozenset(each.kind for each in facts)):
        for start in facts:
            if start.kind not in running.starts_with or start.limit not in ("", running.id):
                continue
            limit = limits_on(subject.county, day_of(start.at)).get(running.id)
            if limit is not None and running.applies(_known(subject, start)):
                found.append(_course(limit, running, start, facts))
    return found


@lru_cache(maxsize=4096)
def _started_by(kinds: frozenset[str]) -> tuple[Running, ...]:
    """What may run where facts of these kinds happened, in the order of the table."""
    return tuple(each for each in all_running().values() if not kinds.isdisjoint(each.starts_with))


def values_of(subject: Subject, course: Course, calendar: Calendar) -> Derived:
    """What of a course is kept."""
    limit, running, start = course.limit, course.running, course.start
    terms = terms_of(limit)
    end = deadline(terms, course.facts, calendar)
    ahead = ahead_of(course)
    yellow = ahead and warned(end, ahead, calendar)
    acts = Acts.SHOWN if start.department_kind in INDEPENDENT else limit.acts
    if course.stop is not None:
        state = ClockState.STOPPED
    else:
        state = ClockState.RUNNING if end.due is not None else ClockState.PAUSED
    return Derived(
        limit=limit.id,
        limit_version=limit.version,
        acts=acts.value,
        owed_by=running.owed_by,
        centre_id=subject.centre,
        department_id=start.department if running.owed_by == OwedBy.DEPARTMENT else None,
        assignment_id=start.assignment,
        party_id=start.party,
        started_by=start.key,
        started_at=start.at,
        # Never before the limit has begun.
        yellow_at=max(yellow, start.at) if yellow else None,
        due_at=end.due,
        state=state.value,
        stopped_at=course.stop.at if course.stop else None,
    )


def ahead_of(course: Course) -> Length | None:
    """How long before its end a limit turns yellow; None where it never does."""
    yellow = course.running.yellow
    if isinstance(yellow, Fraction):
        return share_of(yellow, terms_of(course.limit), course.facts)
    return _length(*yellow) if yellow else None


def terms_of(limit: Limit) -> Terms:
    """What of the rule is counted."""
    return _terms(limit.n, limit.unit, limit.rolls_over)


@lru_cache(maxsize=256)
def _terms(n: int, unit: str, rolls_over: bool) -> Terms:
    return Terms(_length(n, unit), rolls_over)


@lru_cache(maxsize=256)
def _length(n: int, unit: str) -> Length:
    return Length(n, Unit(unit))


def _on_the_row(subject: Subject, said: Iterable[Said]) -> list[Said]:
    """What the matter's row says happened, where nobody put it right since."""
    put_right = {each.kind for each in said if each.key == subject.id}
    own = {FactKind.RECEIVED: subject.received_at, FactKind.REGISTERED: subject.registered_at}
    return [
        Said(subject.id, kind, at) for kind, at in own.items() if at is not None and kind not in put_right
    ]


def _known(subject: Subject, start: Said) -> dict[str, str]:
    return {
        "track": subject.track,
        "channel": subject.channel,
        "category": subject.category,
        "department": start.department_kind,
        "part": start.part,
    }


def _course(limit: Limit, running: Running, start: Said, facts: Sequence[Said]) -> Course:
    own = [each for each in facts if _concerns(each, running.id, start)]
    stop = next((each for each in own if _stops(each, limit, running, start, own)), None)
    # Most clocks run from their start to their end and nothing comes between.
    moves = [each for each in own if each.kind in MOVES]
    return Course(limit, running, start, _moved(start, moves) if moves else Facts(start.at), stop)


def _moved(start: Said, moves: Sequence[Said]) -> Facts:
    return Facts(
        start=start.at,
        pauses=tuple(_pauses(moves)),
        restarts=tuple(
            Restart(each.at, each.ground)
            for each in moves
            if each.kind == FactKind.RESTARTED and each.at > start.at
        ),
        extensions=tuple(
            Extension(Length(each.length[0], Unit(each.length[1])), each.ground)
            for each in moves
            if each.kind == FactKind.EXTENDED and each.length
        ),
    )


def _concerns(fact: Said, limit: str, start: Said) -> bool:
    """Whether a fact can bear on the clock of this start: not before it, of this limit, of this department, party."""
    return (
        fact is not start
        and fact.at >= start.at
        and fact.limit in ("", limit)
        and (start.assignment is None or fact.assignment in (None, start.assignment))
        and (start.party is None or fact.party in (None, start.party))
    )


def _stops(fact: Said, limit: Limit, running: Running, start: Said, facts: Sequence[Said]) -> bool:
    if fact.kind in running.stops_with or fact.kind == FactKind.DONE:
        return True
    if fact.kind == FactKind.RETURNED:
        return start.assignment is not None
    # A party's time and a court's run on, whatever becomes of the matter here.
    if fact.kind not in ENDS or limit.acts is not Acts.LIGHTS:
        return False
    return not any(each.kind == FactKind.REOPENED and each.at >= fact.at for each in facts)


def _pauses(facts: Iterable[Said]) -> Iterable[Pause]:
    begun: Said | None = None
    for each in facts:
        if each.kind == FactKind.PAUSED and begun is None:
            begun = each
        elif each.kind == FactKind.RESUMED and begun is not None:
            yield Pause(begun.at, each.at, begun.ground)
            begun = None
    if begun is not None:
        yield Pause(begun.at, None, begun.ground)
