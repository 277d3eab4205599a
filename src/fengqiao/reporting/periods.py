"""Quarters and years of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from fengqiao.kernel import clock

WRITTEN = re.compile(r"(20\d\d)(?:Q([1-4]))?\Z")


@dataclass(frozen=True)
class Period:
    """A quarter (``2026Q4``) or a year (``2026``), days in Asia/Shanghai."""

    key: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time.min, clock.SHANGHAI)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, clock.SHANGHAI)

    def has(self, moment: datetime | None) -> bool:
        """Whether it happened within."""
        return moment is not None and self.start <= moment < self.end

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        year, _q, quarter = self.key.partition("Q")
        if not quarter:
            return _("%(year)s 年全年") % {"year": year}
        return _("%(year)s 年第 %(quarter)s 季度") % {"year": year, "quarter": quarter}


def period_of(written: str) -> Period | None:
    """The period that stands in an address; None where it is none."""
    found = WRITTEN.match(written)
    if found is None:
        return None
    year, quarter = int(found[1]), found[2]
    if quarter is None:
        return Period(written, date(year, 1, 1), date(year, 12, 31))
    month = 3 * int(quarter) - 2
    after = date(year + 1, 1, 1) if month == 10 else date(year, month + 3, 1)
    return Period(written, date(year, month, 1), after - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """The quarter in which a day lies."""
    found = period_of(f"{day.year}Q{(day.month + 2) // 3}")
    assert found is not None  # noqa: S101  for the type checker
    return found


def offered(today: date) -> list[Period]:
    """This quarter and the seven before it, and their years."""
    quarters = [quarter_of(today)]
    while len(quarters) < 8:
        quarters.append(quarter_of(quarters[-1].first - timedelta(days=1)))
    years = sorted({each.first.year for each in quarters}, reverse=True)
    return [*quarters, *(found for year in years if (found := period_of(str(year))))]
