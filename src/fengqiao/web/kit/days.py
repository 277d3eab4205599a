"""Days of a calendar on pages: what marks one that is not what the week makes it, and the heads of the columns."""

from __future__ import annotations

import calendar as weeks
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import pgettext_lazy

from fengqiao.clocks import wording
from fengqiao.kernel import clock
from fengqiao.kernel.working_days import Calendar, DayKind

MARKS = {
    DayKind.HOLIDAY: pgettext_lazy("日历", "休"),
    DayKind.MAKE_UP: pgettext_lazy("日历", "班"),
    DayKind.CLOSURE: pgettext_lazy("日历", "停"),
}
SEVEN = 7


def weekdays() -> list[str]:
    """The short names from Monday on."""
    monday = date(2026, 6, 1)
    return [weekday(monday + timedelta(days=n)) for n in range(SEVEN)]


def weekday(on: date) -> str:
    """The short name of a day's weekday."""
    # Chinese has the short word only after “星期”; a column is one character wide.
    return date_format(on, "D").removeprefix("星期")


def weeks_of(year: int, month: int) -> list[list[date]]:
    """The month by weeks from Monday, with the days of its neighbours that fill the first and the last."""
    return weeks.Calendar().monthdatescalendar(year, month)


def cell(on: date, calendar: Calendar) -> dict[str, Any]:
    """What a place in a calendar shows of a day."""
    day = calendar.day(on)
    what = wording.day_kind(day.kind)
    return {
        "day": on.day,
        "kind": day.kind.value,
        "mark": MARKS.get(day.kind, ""),
        "told": f"{on.isoformat()} {what} {wording.holiday(day.name)}".strip() if day.kind in MARKS else "",
        "is_today": on == clock.today(),
    }
