"""The working-day calendar: what comes with the program, and what a county laid over it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.clocks.enums import CalendarEntryKind
from fengqiao.clocks.models import CalendarEntry, CalendarSpan
from fengqiao.kernel.working_days import Calendar, Day, DayKind, calendar_of

DATA = Path(__file__).resolve().parents[1] / "data"
# Notices of the next year come out in October and November.
EXPECTED_FROM = (11, 15)


@dataclass(frozen=True)
class Notice:
    """A yearly notice of the State Council's office. ``number`` is empty where no source for it was at hand."""

    year: int
    title: str
    number: str


@dataclass(frozen=True)
class CountyCalendar:
    """A county's calendar with where each of its days comes from.

    ``entries`` are those that hold, by number; ``source`` tells by day which of them said it (none: the shipped
    file). ``notices`` are the years' notices that hold, entered or shipped.
    """

    calendar: Calendar
    notices: Mapping[int, Notice]
    entries: Sequence[CalendarEntry] = ()
    source: Mapping[date, CalendarEntry] = field(default_factory=dict)
    # The entry of the highest number that was seen, held or not: what a form that changes it builds on.
    stamp: UUID | None = None
    number: int = 0

    def entry_of_year(self, year: int) -> CalendarEntry | None:
        """The county's own notice of a year, if it entered one."""
        return next((each for each in self.entries if each.year == year), None)


@lru_cache(maxsize=1)
def notices() -> dict[int, Notice]:
    """By year, in their order."""
    return {
        int(row["year"]): Notice(int(row["year"]), row["title"], row["number"])
        for row in _rows("notices.csv")
    }


@lru_cache(maxsize=1)
def holidays_in_english() -> dict[str, str]:
    """The English of each holiday's name, by its Chinese one."""
    return {row["name_zh"]: row["name_en"] for row in _rows("calendar.csv")}


@lru_cache(maxsize=1)
def shipped() -> Calendar:
    """The days of all notices that come with the program; ``ValueError`` names a row that cannot be used."""
    days = [day for of_year in shipped_days().values() for day in of_year]
    found = calendar_of(notices(), days)
    if len(found.named) != len(days):
        raise ValueError("a day stands twice")
    return found


@lru_cache(maxsize=1)
def shipped_days() -> dict[int, list[Day]]:
    """The days of each notice that comes with the program, by the notice's year."""
    days: dict[int, list[Day]] = {year: [] for year in notices()}
    for row in _rows("calendar.csv"):
        if int(row["notice"]) not in days:
            raise ValueError(f"{row['day']}: there is no notice of {row['notice']}")
        day = Day(date.fromisoformat(row["day"]), DayKind(row["kind"]), row["name_zh"])
        days[int(row["notice"])].append(day)
    return days


def county_calendar(county: str) -> Calendar:
    """The calendar by which a county (six digits) counts; one statement, in a scope that reaches the county."""
    return of_county(county).calendar


def of_county(county: str) -> CountyCalendar:
    """The county's calendar with its sources. Kept by process until an entry is added: then it is read anew."""
    newest = (
        CalendarEntry.objects.filter(county=county).order_by("-number").values_list("pk", "number").first()
    )
    if newest is None:
        return _UNTOUCHED
    known = _kept.get(county)
    # The entry's own key, not its number: what a transaction that was taken back had numbered is numbered again.
    if known is None or known.stamp != newest[0]:
        known = _kept[county] = laid_over(entries_that_hold(county), stamp=newest[0], number=newest[1])
    return known


def entries_of(county: str) -> QuerySet[CalendarEntry]:
    """All entries of a county, the newest first, with who entered them."""
    found = CalendarEntry.objects.filter(county=county).select_related(
        "entered_by", "replaces", "replaced_by"
    )
    return found.prefetch_related("spans").order_by("-number")


def entries_that_hold(county: str) -> list[CalendarEntry]:
    """Notices and closures that nothing replaced, by number, with their days (two statements)."""
    found = CalendarEntry.objects.filter(county=county, replaced_by=None)
    return list(found.exclude(kind=CalendarEntryKind.WITHDRAWAL).prefetch_related("spans").order_by("number"))


def laid_over(
    entries: Iterable[CalendarEntry], *, stamp: UUID | None = None, number: int = 0
) -> CountyCalendar:
    """The shipped calendar with a county's entries over it: a notice for all of its year's, a closure for its days."""
    entries = list(entries)
    own = {each.year: each for each in entries if each.kind == CalendarEntryKind.NOTICE and each.year}
    said = dict(notices())
    source: dict[date, CalendarEntry] = {}
    days: list[Day] = []
    for year in sorted({*said, *own}):
        entry = own.get(year)
        if entry is None:
            of_year = shipped_days()[year]
        else:
            said[year] = Notice(year, entry.title, entry.document)
            of_year = days_of(entry.spans.all())
            source |= {day.on: entry for day in of_year}
        days.extend(of_year)
    by_law = calendar_of(said, days)
    for entry in entries:
        if entry.kind != CalendarEntryKind.CLOSURE:
            continue
        # A weekend inside a closure stays a weekend: nothing was closed on it.
        closed = [day for day in days_of(entry.spans.all()) if by_law.is_worked(day.on)]
        source |= {day.on: entry for day in closed}
        days.extend(closed)
    return CountyCalendar(calendar_of(said, days), said, entries, source, stamp, number)


def days_of(spans: Iterable[CalendarSpan]) -> list[Day]:
    """Each day of these spans."""
    return [
        Day(on, DayKind(span.kind), span.name) for span in spans for on in days_between(span.first, span.last)
    ]


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both with."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def expected_years(today: date) -> tuple[int, ...]:
    """The years whose notice should be known by now: this one, and from the middle of November the next."""
    expected = today.year + ((today.month, today.day) >= EXPECTED_FROM)
    return tuple(range(today.year, expected + 1))


def missing_years(calendar: Calendar, today: date) -> tuple[int, ...]:
    """Those of them that are not."""
    return tuple(year for year in expected_years(today) if year not in calendar.years)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


_UNTOUCHED = CountyCalendar(shipped(), notices())
_kept: dict[str, CountyCalendar] = {}
