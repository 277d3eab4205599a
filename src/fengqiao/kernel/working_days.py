"""Working days: weekends, what a year's notice takes from them and gives back, and what a county closes.

Public holidays are off and make-up weekends (调休) are worked: 国务院 《全国年节及纪念日放假办法》 and the yearly
《国务院办公厅关于部分节假日安排的通知》. A year without its notice is known only by its weekends, and says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a day is, and whether it is worked."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})


@dataclass(frozen=True)
class Day:
    """A day with what it is; ``name`` is the holiday's or the closure's, or what a make-up day makes up for."""

    on: date
    kind: DayKind
    name: str = ""

    @property
    def is_worked(self) -> bool:
        return self.kind in WORKED


@dataclass(frozen=True)
class Calendar:
    """The days that differ from the week, and the years whose notice is known.

    ``named`` holds holidays, make-up days and closures by day. Days are dates of the law (Asia/Shanghai).
    """

    years: frozenset[int]
    named: Mapping[date, Day] = field(default_factory=dict)
    # Ordinals of the days that are not what the week makes them, and by how much all of them up to each move the
    # count of worked days.
    _days: list[int] = field(init=False, repr=False, compare=False)
    _sums: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        moved = sorted(
            (day.on, 1 if day.is_worked else -1)
            for day in self.named.values()
            if day.is_worked != (day.on.weekday() < SATURDAY)
        )
        object.__setattr__(self, "_days", [on.toordinal() for on, _by in moved])
        sums, total = [0], 0
        for _on, by in moved:
            total += by
            sums.append(total)
        object.__setattr__(self, "_sums", sums)

    def day(self, on: date) -> Day:
        """What the day is."""
        named = self.named.get(on)
        if named is not None:
            return named
        return Day(on, DayKind.WORKDAY if on.weekday() < SATURDAY else DayKind.WEEKEND)

    def is_worked(self, on: date) -> bool:
        named = self.named.get(on)
        return named.is_worked if named is not None else on.weekday() < SATURDAY

    def worked_until(self, on: date) -> int:
        """How many worked days there are up to and with the day, from a beginning that is always the same."""
        ordinal = on.toordinal()
        weeks, rest = divmod(ordinal, 7)  # the ordinal 1 is a Monday, so a week ends with its Sunday
        return weeks * 5 + min(rest, 5) + self._sums[bisect_right(self._days, ordinal)]

    def worked_between(self, after: date, until: date) -> int:
        """How many days are worked after the first day, up to and with the second; 0 where there are none."""
        return max(0, self.worked_until(until) - self.worked_until(after))

    def nth_worked(self, after: date, n: int) -> date:
        """The ``n``-th worked day (1 is the first) after a day."""
        if n < 1:
            raise ValueError("the first worked day is the first that can be asked for")
        wanted = self.worked_until(after) + n
        # Five worked days a week: near at once, then a step or two over what the notices moved.
        on = after + timedelta(days=n * 7 // 5)
        while (missing := wanted - self.worked_until(on)) != 0 or not self.is_worked(on):
            on += timedelta(days=missing * 7 // 5 or (1 if missing > 0 else -1))
        return on

    def nth_worked_back(self, until: date, n: int) -> date:
        """The day from which, with it, ``n`` worked days are left up to and with a day (1: the last worked one)."""
        if n < 1:
            raise ValueError("the last worked day is the first that can be asked for")
        wanted = self.worked_until(until) - n + 1
        on = until - timedelta(days=(n - 1) * 7 // 5)
        while (missing := wanted - self.worked_until(on)) != 0 or not self.is_worked(on):
            on += timedelta(days=missing * 7 // 5 or (1 if missing > 0 else -1))
        return on

    def worked_on_or_after(self, on: date) -> date:
        """The day itself where it is worked, else the next that is."""
        while not self.is_worked(on):
            on += ONE_DAY
        return on

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two days whose notice is not known: there only weekends are."""
        if first.year == last.year:
            return () if first.year in self.years else (first.year,)
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.years)


def calendar_of(years: Iterable[int], days: Iterable[Day]) -> Calendar:
    """A calendar of these notices and days; of two entries for a day the later one holds (a closure over a notice)."""
    return Calendar(frozenset(years), {day.on: day for day in days})
