"""到期日历: what ends on which day, by month or week; each number opens into its rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from fengqiao.clocks import wording
from fengqiao.clocks.policies import check_may_ask_what_is_due, may_ask_who_is_late
from fengqiao.clocks.queries import due as query
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.clocks.queries.due import DueFilter, DuePage, OfDay, whose_limits
from fengqiao.kernel import clock
from fengqiao.kernel.working_days import Calendar
from fengqiao.web.desk.due.late import whose_chips
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.days import SEVEN, cell, weekday, weekdays, weeks_of

MONTH, WEEK = "month", "week"
NOTHING = OfDay(0, 0)
MOST_YEARS = 20


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """The month or week of ``day``; with ``on`` a day's rows below it, and a week has its own there."""
    actor = actor_of_request(request)
    check_may_ask_what_is_due(actor)
    asked = request.GET
    whose = whose_limits(actor, asked.get("whose", ""))
    view = WEEK if asked.get("view") == WEEK else MONTH
    on = _day(asked.get("on", ""))
    shown = on or _day(asked.get("day", "")) or clock.today()
    weeks = [_week_of(shown)] if view == WEEK else weeks_of(shown.year, shown.month)
    first, last = weeks[0][0], weeks[-1][-1]
    calendar = county_calendar(actor.county)
    numbers = query.by_day(actor, DueFilter(whose=whose, first=first, last=last))
    way = {"whose": str(whose), "view": view}
    page: DuePage | None = None
    if on or view == WEEK:
        wanted = DueFilter(whose=whose, first=on or first, last=on or last)
        page = query.page(actor, wanted, cursor=asked.get("cursor", ""))
    here = way | ({"on": on.isoformat()} if on else {"day": shown.isoformat()})
    before, after = _beside(view, shown, first, last)
    unknown = sorted({each.year for each in (first, last)} - calendar.years)
    return render(
        request,
        "due/calendar.html",
        {
            "whose": whose_chips(actor, whose, reverse("due"), view=view, day=shown.isoformat()),
            "views": [
                (each, _href(way | {"view": each, "day": shown.isoformat()})) for each in (MONTH, WEEK)
            ],
            "view": view,
            "title": _title(view, shown, first, last),
            "before": _href(way | {"day": before.isoformat()}),
            "after": _href(way | {"day": after.isoformat()}),
            "now": _href(way),
            "weekdays": weekdays(),
            "weeks": [[_cell(each, calendar, numbers, way, shown, view, on) for each in w] for w in weeks],
            "total": sum(each.number for each in numbers.values()),
            "warning": wording.years_without_notice(unknown),
            "late": reverse("late") if may_ask_who_is_late(actor) else "",
            "on": on,
            "page": page,
            "next_href": _href(here | {"cursor": page.next_cursor}) if page and page.next_cursor else "",
            "first_href": _href(here) if page and not page.is_first else "",
        },
    )


def _cell(
    on: date,
    calendar: Calendar,
    numbers: dict[date, OfDay],
    way: dict[str, str],
    shown: date,
    view: str,
    chosen: date | None,
) -> dict[str, Any]:
    ends = numbers.get(on, NOTHING)
    return cell(on, calendar) | {
        "date": on,
        "weekday": weekday(on),
        "number": ends.number,
        "is_late": ends.late > 0,
        "href": _href(way | {"on": on.isoformat()}) if ends.number else "",
        # A month's first and last week have days of its neighbours.
        "is_beside": view == MONTH and on.month != shown.month,
        "is_chosen": on == chosen,
    }


def _week_of(day: date) -> list[date]:
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(SEVEN)]


def _beside(view: str, shown: date, first: date, last: date) -> tuple[date, date]:
    """A day of the week or month before, and of the one after."""
    if view == WEEK:
        return first - timedelta(days=1), last + timedelta(days=1)
    begins = shown.replace(day=1)
    return begins - timedelta(days=1), (begins + timedelta(days=31)).replace(day=1)


def _title(view: str, shown: date, first: date, last: date) -> str:
    if view == WEEK:
        return f"{date_format(first, 'DATE_FORMAT')} – {date_format(last, 'MONTH_DAY_FORMAT')}"
    return date_format(shown, "YEAR_MONTH_FORMAT")


def _href(asked: dict[str, str]) -> str:
    rows = "#rows" if "on" in asked else ""
    return f"{reverse('due')}?{urlencode(asked)}{rows}"


def _day(written: str) -> date | None:
    """A day of an address, within what a calendar can show; None where it is none."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if abs(day.year - clock.today().year) <= MOST_YEARS else None
