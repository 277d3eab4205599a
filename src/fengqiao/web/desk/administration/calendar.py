"""The county's working-day calendar: a year by months, its papers, and the entering of new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.clocks import wording
from fengqiao.clocks.enums import CalendarEntryKind
from fengqiao.clocks.models import CalendarEntry
from fengqiao.clocks.policies import (
    check_may_keep_calendar,
    check_may_read_calendar,
    may_keep_calendar,
)
from fengqiao.clocks.queries import calendar as query
from fengqiao.clocks.queries.calendar import CountyCalendar
from fengqiao.flows import calendar as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.kernel.working_days import Day, DayKind
from fengqiao.web.desk.administration.calendar_forms import ClosureForm, Notice, WithdrawForm
from fengqiao.web.desk.administration.grids import done
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.days import cell, weekdays, weeks_of

MOST_SHOWN = 50
YEARS_BESIDE = 4
# The yearly ones; a single anniversary has a long name.
LONGEST_HOLIDAY_NAME = 4


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A year: each day worked or not, why, and by which paper."""
    actor = actor_of_request(request)
    check_may_read_calendar(actor)
    found = query.of_county(actor.county)
    year = _year(request.GET.get("year"), found)
    context = {
        "year": year,
        "years": _years_beside(year, found),
        "months": [_month(year, month, found) for month in range(1, 13)],
        "notice": found.notices.get(year),
        "entry": found.entry_of_year(year),
        "named": _named(year, found),
        "closures": [
            each for each in found.entries if each.kind == CalendarEntryKind.CLOSURE and _touches(each, year)
        ],
        "warning": wording.years_without_notice(query.missing_years(found.calendar, clock.today())),
        "may_keep": may_keep_calendar(actor),
        "history": list(query.entries_of(actor.county)[:MOST_SHOWN]),
        "most": MOST_SHOWN,
        "total": found.number,
        "today": clock.today(),
        "weekdays": weekdays(),
    }
    return render(request, "administration/calendar.html", context)


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, year: int) -> HttpResponse:
    """Entering a year's notice, or correcting it by another entry."""
    actor = actor_of_request(request)
    check_may_keep_calendar(actor)
    with scope(actor):
        found = query.of_county(actor.county)
    if not min(query.notices()) <= year <= clock.today().year + 2:
        raise Http404
    if request.method == "POST":
        typed = Notice(year, request.POST)
        if typed.is_valid():
            try:
                flow.enter_notice(actor=actor, said=typed.to_notice(), seen=typed.form.cleaned_data["seen"])
            except NotAllowed:
                raise
            except Refusal as refusal:
                typed.show(refusal)
            else:
                messages.success(request, _("已录入%(year)d年的放假安排。") % {"year": year})
                return redirect(f"{reverse('calendar')}?year={year}")
    else:
        typed = Notice(year, initial=_as_it_stands(year, found))
    context = {"typed": typed, "form": typed.form, "year": year, "standing": found.notices.get(year)}
    with scope(actor):
        return render(request, "administration/calendar_notice.html", context, status=_status(request))


@require_http_methods(["GET", "POST"])
def closure(request: HttpRequest, entry_id: UUID | None = None) -> HttpResponse:
    """A local closure, or the correction of one."""
    actor = actor_of_request(request)
    check_may_keep_calendar(actor)
    with scope(actor):
        found = query.of_county(actor.county)
        before = _entry(actor, entry_id) if entry_id else None
    standing: dict[str, Any] = {"seen": found.number, "issued_on": clock.today()}
    if before is not None:
        spans = before.spans.all()
        if before.kind != CalendarEntryKind.CLOSURE or not spans:
            raise Http404
        standing |= {"title": before.title, "document": before.document, "issued_on": before.issued_on}
        standing |= {"first": spans[0].first, "last": spans[0].last}
    form = ClosureForm(request.POST) if request.method == "POST" else ClosureForm(initial=standing)
    if done(
        form,
        lambda: flow.enter_closure(
            actor=actor, said=form.to_closure(), seen=form.cleaned_data["seen"], replaces=entry_id
        ),
    ):
        messages.success(request, _("已录入停办。"))
        return redirect(f"{reverse('calendar')}?year={form.cleaned_data['first'].year}")
    if before is None:
        del form.fields["reason"]
    with scope(actor):
        context = {"form": form, "before": before}
        return render(request, "administration/calendar_closure.html", context, status=_status(request))


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry with its days, by whom and when; and taking it back."""
    actor = actor_of_request(request)
    check_may_read_calendar(actor)
    with scope(actor):
        number = query.of_county(actor.county).number
        shown = _entry(actor, entry_id)
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm(initial={"seen": number})
    write: Callable[[], Any] = lambda: flow.withdraw(actor=actor, entry_id=entry_id, **form.cleaned_data)  # noqa: E731
    if done(form, write):
        messages.success(request, _("已撤下。它说过什么，仍在记录里。"))
        return redirect("calendar")
    holds = getattr(shown, "replaced_by", None) is None and shown.kind != CalendarEntryKind.WITHDRAWAL
    with scope(actor):
        context = {
            "entry": shown,
            "spans": [
                {
                    "span": each,
                    "name": wording.holiday(each.name),
                    "kind": wording.day_kind(DayKind(each.kind)),
                }
                for each in shown.spans.all()
            ],
            "form": form,
            "holds": holds,
            "may_keep": may_keep_calendar(actor) and holds,
            "is_notice": shown.kind == CalendarEntryKind.NOTICE,
            "is_closure": shown.kind == CalendarEntryKind.CLOSURE,
        }
        return render(request, "administration/calendar_entry.html", context, status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _entry(actor: Actor, entry_id: UUID) -> CalendarEntry:
    found = query.entries_of(actor.county).filter(pk=entry_id).first()
    if found is None:
        raise NotAllowed("calendar_entry_not_found", _("本县的工作日历里没有这一条。"))
    return found


def _year(asked: str | None, found: CountyCalendar) -> int:
    """The year that was asked for, as far as anything can be known of it."""
    today = clock.today().year
    if asked is None or not asked.isdigit() or not min(found.notices) <= int(asked) <= today + 2:
        return today
    return int(asked)


def _years_beside(year: int, found: CountyCalendar) -> list[int]:
    """The years around the one that is shown, the first that is known, and this and the next."""
    today = clock.today().year
    beside = {other for other in found.notices if abs(other - year) <= YEARS_BESIDE}
    return sorted({min(found.notices), year, today, today + 1, *beside})


def _month(year: int, month: int, found: CountyCalendar) -> dict[str, Any]:
    """A month by weeks from Monday; a place without a day is None."""
    first = date(year, month, 1)
    return {
        "label": date_format(first, "F"),
        "weeks": [
            [cell(on, found.calendar) if on.month == month else None for on in week]
            for week in weeks_of(year, month)
        ],
    }


def _named(year: int, found: CountyCalendar) -> list[dict[str, Any]]:
    """The year's days that are not what the week makes them, days in a row together, each with its paper."""
    rows: list[dict[str, Any]] = []
    for on in sorted(day for day in found.calendar.named if day.year == year):
        day = found.calendar.named[on]
        source = found.source.get(on)
        last = rows[-1] if rows else None
        if last and _goes_on(last, day, source):
            last["last"] = on
            continue
        rows.append(
            {
                "first": on,
                "last": on,
                "kind": day.kind.value,
                "label": wording.day_kind(day.kind),
                "raw": day.name,
                "name": wording.holiday(day.name),
                "source": source,
            }
        )
    return rows


def _goes_on(last: dict[str, Any], day: Day, source: CalendarEntry | None) -> bool:
    same = (last["kind"], last["raw"], last["source"]) == (day.kind.value, day.name, source)
    return same and (day.on - last["last"]).days == 1


def _touches(entry: CalendarEntry, year: int) -> bool:
    return any(span.first.year <= year <= span.last.year for span in entry.spans.all())


def _as_it_stands(year: int, found: CountyCalendar) -> dict[str, Any]:
    """What the form begins with: the notice that holds, or the names of the seven holidays and no day."""
    standing = found.notices.get(year)
    if standing is None:
        names = [each for each in query.holidays_in_english() if len(each) <= LONGEST_HOLIDAY_NAME]
        title = _title_of(year)
        return {
            "seen": found.number,
            "title": title,
            "spans": [{"kind": "holiday", "name": name} for name in names],
        }
    entry = found.entry_of_year(year)
    return {
        "seen": found.number,
        "title": standing.title,
        "document": standing.number,
        "issued_on": entry.issued_on if entry else None,
        "spans": _spans(query.days_of(entry.spans.all()) if entry else query.shipped_days()[year]),
    }


def _title_of(year: int) -> str:
    """As the papers of the years before are called; a proper name, in every language the same."""
    return query.notices()[max(query.notices())].title.replace(str(max(query.notices())), str(year))


def _spans(days: Iterable[Day]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for day in sorted(days, key=lambda each: each.on):
        last = rows[-1] if rows else None
        if (
            last
            and (last["kind"], last["name"]) == (day.kind.value, day.name)
            and (day.on - last["last"]).days == 1
        ):
            last["last"] = day.on
        else:
            rows.append({"kind": day.kind.value, "name": day.name, "first": day.on, "last": day.on})
    return rows
