"""How a limit is counted: from dated facts to an instant, and the same way told day by day.

民法典 201–204, 民事诉讼法 85, 86; the county's conventions where the statutes leave a choice are in
docs/clocks.md. ``deadline`` computes by whole stretches and is fast; ``explained`` walks the days one by one and
knows nothing of the other: that both come to the same instant is tested over many facts.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from fengqiao.kernel.clock import SHANGHAI
from fengqiao.kernel.working_days import ONE_DAY, Calendar, DayKind

HOUR = timedelta(hours=1)
# China has had no summer time since September 1991.
EIGHT_HOURS = timedelta(hours=8)
ALWAYS_EIGHT_HOURS = datetime(1992, 1, 1, tzinfo=UTC)


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Length:
    """So much of a unit: thirty working days, one month."""

    n: int
    unit: Unit


@dataclass(frozen=True)
class Pause:
    """A stretch in which the limit does not run (中止), or that is taken out afterwards (不计入).

    The day on which it begins does not count, the day on which it ends does; ``until`` is None while it lasts.
    """

    since: datetime
    until: datetime | None
    ground: str = ""


@dataclass(frozen=True)
class Restart:
    """The limit begins anew (中断); the day of the restart is its new start and does not count."""

    at: datetime
    ground: str = ""


@dataclass(frozen=True)
class Extension:
    """So much more was granted; by whom and when is in the fact."""

    length: Length
    ground: str = ""


@dataclass(frozen=True)
class Terms:
    """What of a rule the counting needs. ``rolls_over``: a last day that is a rest day ends on the next worked one."""

    length: Length
    rolls_over: bool = True


# Days: the first that does not count, and the first that does again.
Stretch = tuple[date, date | None]


@dataclass(frozen=True)
class Facts:
    """The dated facts of one clock. Instants carry their zone; their days are those of Asia/Shanghai."""

    start: datetime
    pauses: tuple[Pause, ...] = ()
    restarts: tuple[Restart, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """Where a limit ends. ``due`` is the first instant after it (24:00 of ``last_day``).

    ``due`` is None while a pause lasts: nobody can say yet. ``unknown_years`` are years without a published
    calendar in which something was counted or rolled over: the day may still move.
    """

    due: datetime | None
    last_day: date | None
    unknown_years: tuple[int, ...] = ()


class SpanKind(StrEnum):
    """Why days were counted or not."""

    COUNTED = "counted"
    NOT_WORKED = "not_worked"
    PAUSED = "paused"
    ROLLED = "rolled"


@dataclass(frozen=True)
class Span:
    """Days in a row that were treated alike; ``name`` is the holiday's, or the ground of the pause."""

    kind: SpanKind
    first: date
    last: date
    name: str = ""
    day_kind: DayKind | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Explanation:
    """Day by day from the day after ``start_day`` to the last day, without a gap.

    ``wanted`` is how many days had to be counted; for months and years they are those up to the corresponding
    day (对应日), which is ``corresponding``. Limits in hours have no spans: ``counted_from`` is when they began.
    """

    start_day: date
    wanted: int
    spans: tuple[Span, ...]
    deadline: Deadline
    corresponding: date | None = None
    counted_from: datetime | None = None


def day_of(moment: datetime) -> date:
    """The day of the law on which an instant lies."""
    # As the database hands them over; a zone's rules are looked up for the years of summer time alone.
    if moment.tzinfo is UTC and moment >= ALWAYS_EIGHT_HOURS:
        return (moment + EIGHT_HOURS).date()
    return moment.astimezone(SHANGHAI).date()


@lru_cache(maxsize=20_000)
def midnight_after(day: date) -> datetime:
    """24:00 of a day in Asia/Shanghai, as an instant in UTC."""
    return datetime.combine(day + ONE_DAY, time(), SHANGHAI).astimezone(UTC)


def next_hour(moment: datetime) -> datetime:
    """The full hour after the one in which an instant lies."""
    return moment.replace(minute=0, second=0, microsecond=0) + HOUR


def days_wanted(length: Length, start: date) -> int:
    """How many days must count: the days themselves, or those up to the corresponding day."""
    if length.unit in (Unit.DAY, Unit.WORKING_DAY):
        return length.n
    if length.unit is Unit.HOUR:
        raise ValueError("hours are not days")
    return (later_by_months(start, length.n * (12 if length.unit is Unit.YEAR else 1)) - start).days


def later_by_months(day: date, n: int) -> date:
    """The corresponding day ``n`` months later, or that month's last day where it has none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def deadline(terms: Terms, facts: Facts, calendar: Calendar) -> Deadline:
    """When the limit ends under these facts, or that nobody can say yet. ``ValueError`` for a pause turned round."""
    if not facts.restarts:
        return _from(facts.start, terms, facts, calendar)
    for start in _starts(facts):
        found = _from(start, terms, facts, calendar)
        if not any(_begins_anew(restart, start, found) for restart in facts.restarts):
            return found
    raise AssertionError


def explained(terms: Terms, facts: Facts, calendar: Calendar) -> Explanation:
    """The same, told one day after the other, each with what it was."""
    for start in _starts(facts):
        found = (_hours_told if terms.length.unit is Unit.HOUR else _days_told)(start, terms, facts, calendar)
        if not any(_begins_anew(restart, start, found.deadline) for restart in facts.restarts):
            return found
    raise AssertionError


def _starts(facts: Facts) -> Iterator[datetime]:
    """The start and each restart, in order: whoever asks takes the first after which nothing begins anew."""
    yield from sorted({facts.start, *(each.at for each in facts.restarts if each.at > facts.start)})


def _begins_anew(restart: Restart, start: datetime, until_then: Deadline) -> bool:
    """A limit that is over begins no more."""
    return restart.at > start and (until_then.due is None or restart.at < until_then.due)


def _from(start: datetime, terms: Terms, facts: Facts, calendar: Calendar) -> Deadline:
    if terms.length.unit is Unit.HOUR:
        return _hours(start, terms, facts)
    first = last = day_of(start)
    paused = _merged(facts.pauses)
    for length in lengths(terms, facts):
        ended = _end(length, last, paused, calendar)
        if ended is None:
            return Deadline(None, None)
        last = ended
    rolled = _rolled(last, paused, calendar) if terms.rolls_over else last
    if rolled is None:
        return Deadline(None, None)
    return Deadline(midnight_after(rolled), rolled, _unknown(terms, facts, first, last, rolled, calendar))


def _end(length: Length, start: date, paused: Sequence[Stretch], calendar: Calendar) -> date | None:
    """The last day of a length that begins after ``start``; None where a pause that lasts lies in it."""
    by_working_days = length.unit is Unit.WORKING_DAY
    n = length.n if by_working_days else days_wanted(length, start)
    end = calendar.nth_worked(start, n) if by_working_days else start + timedelta(days=n)
    for since, until in paused:
        begin = max(since, start + ONE_DAY)
        if until is not None and until <= begin:
            continue
        if begin > end:
            break
        if until is None:
            return None
        if by_working_days:
            n += calendar.worked_between(begin - ONE_DAY, until - ONE_DAY)
            end = calendar.nth_worked(start, n)
        else:
            end += until - begin
    return end


def _rolled(last: date, paused: Sequence[Stretch], calendar: Calendar) -> date | None:
    """The first worked day on or after the last one, outside of pauses (民法典 203)."""
    rolled = calendar.worked_on_or_after(last)
    for since, until in paused:
        if rolled == last or since > rolled:
            break
        if until is None:
            return None
        if since <= rolled < until:
            rolled = calendar.worked_on_or_after(until)
    return rolled


def _hours(start: datetime, terms: Terms, facts: Facts) -> Deadline:
    """The hour in which it starts does not count (民事诉讼法 85); nothing rolls over."""
    begin = next_hour(start)
    due = begin + sum((each.n for each in lengths(terms, facts)), 0) * HOUR
    for pause in sorted(facts.pauses, key=lambda each: each.since):
        since = max(pause.since, begin)
        if since >= due:
            break
        if pause.until is None:
            return Deadline(None, None)
        due += max(pause.until - since, timedelta())
        begin = max(begin, pause.until)
    return Deadline(due, day_of(due - timedelta(microseconds=1)))


def _hours_told(start: datetime, terms: Terms, facts: Facts, calendar: Calendar) -> Explanation:
    wanted = sum(each.n for each in lengths(terms, facts))
    return Explanation(day_of(start), wanted, (), _hours(start, terms, facts), counted_from=next_hour(start))


def _days_told(start: datetime, terms: Terms, facts: Facts, calendar: Calendar) -> Explanation:
    day, total, spans = day_of(start), 0, list[Span]()
    corresponding = None
    for length in lengths(terms, facts):
        wanted = days_wanted(length, day)
        if length is terms.length and length.unit in (Unit.MONTH, Unit.YEAR):
            corresponding = day + timedelta(days=wanted)
        total += wanted
        while wanted:
            day += ONE_DAY
            span = _span(day, length.unit, facts.pauses, calendar)
            if span is None:
                return Explanation(day_of(start), total, _joined(spans), Deadline(None, None), corresponding)
            spans.append(span)
            wanted -= span.kind is SpanKind.COUNTED
    last = day
    while terms.rolls_over and not calendar.is_worked(day):
        day += ONE_DAY
        while (pause := _pause_on(day, facts.pauses)) is not None:
            if pause.until is None:
                return Explanation(day_of(start), total, _joined(spans), Deadline(None, None), corresponding)
            spans.append(Span(SpanKind.PAUSED, day, day, pause.ground))
            day += ONE_DAY
        named = calendar.day(day)
        spans.append(Span(SpanKind.ROLLED, day, day, named.name, named.kind))
    unknown = _unknown(terms, facts, day_of(start), last, day, calendar)
    found = Deadline(midnight_after(day), day, unknown)
    return Explanation(day_of(start), total, _joined(spans), found, corresponding)


def _span(day: date, unit: Unit, pauses: Sequence[Pause], calendar: Calendar) -> Span | None:
    """What becomes of a day; None on one of a pause that lasts."""
    pause = _pause_on(day, pauses)
    if pause is not None:
        return None if pause.until is None else Span(SpanKind.PAUSED, day, day, pause.ground)
    named = calendar.day(day)
    if unit is Unit.WORKING_DAY and not named.is_worked:
        return Span(SpanKind.NOT_WORKED, day, day, named.name, named.kind)
    # A weekend that is worked is what people ask about.
    if unit is Unit.WORKING_DAY and named.kind is DayKind.MAKE_UP:
        return Span(SpanKind.COUNTED, day, day, named.name, named.kind)
    return Span(SpanKind.COUNTED, day, day)


def _pause_on(day: date, pauses: Sequence[Pause]) -> Pause | None:
    """The pause in which a day lies: one that lasts before one that ended."""
    found = [
        each
        for each in pauses
        if day_of(each.since) <= day and (each.until is None or day < day_of(each.until))
    ]
    return next((each for each in found if each.until is None), found[0] if found else None)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Days in a row that were treated alike become one span."""
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        if before and replace(before, first=span.first, last=span.last) == span:
            joined[-1] = replace(before, last=span.last)
        else:
            joined.append(span)
    return tuple(joined)


def lengths(terms: Terms, facts: Facts) -> list[Length]:
    """The limit's own length and those of its extensions, in order."""
    return [terms.length, *[each.length for each in facts.extensions]] if facts.extensions else [terms.length]


def _merged(pauses: Sequence[Pause]) -> list[Stretch]:
    """Pauses as days, in order and without overlap: [first day that does not count, first that does again)."""
    stretches: list[Stretch] = []
    if not pauses:
        return stretches
    for pause in sorted(pauses, key=lambda each: each.since):
        since, until = day_of(pause.since), pause.until and day_of(pause.until)
        if until is not None and until < since:
            raise ValueError("a pause cannot end before it begins")
        if stretches and (stretches[-1][1] is None or since <= stretches[-1][1]):
            first, end = stretches.pop()
            since, until = first, None if end is None or until is None else max(end, until)
        stretches.append((since, until))
    return stretches


def _unknown(
    terms: Terms, facts: Facts, start: date, last: date, rolled: date, calendar: Calendar
) -> tuple[int, ...]:
    """The years without a notice whose days decided something."""
    if terms.length.unit is Unit.WORKING_DAY or any(
        each.length.unit is Unit.WORKING_DAY for each in facts.extensions
    ):
        return calendar.unknown_years(start + ONE_DAY, rolled)
    return calendar.unknown_years(last, rolled) if terms.rolls_over else ()
