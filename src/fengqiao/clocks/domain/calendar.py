"""Entering a year's notice and local closures, correcting and withdrawing them. Nothing is overwritten.

The caller audits (flows/calendar.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.enums import CalendarEntryKind
from fengqiao.clocks.events import CalendarChanged
from fengqiao.clocks.models import CalendarEntry, CalendarSpan
from fengqiao.clocks.policies import check_may_keep_calendar
from fengqiao.clocks.queries.calendar import (
    CountyCalendar,
    days_between,
    days_of,
    notices,
    of_county,
    shipped_days,
)
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.kernel.events import publish
from fengqiao.kernel.working_days import SATURDAY, Calendar, DayKind

LONGEST = 31
MOST_SPANS = 40
# Off in every year, whatever the notice moves: 《全国年节及纪念日放假办法》 第二条 (a year off by one is told by it).
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))
# The New Year's holiday may begin in the last week of the year before (2022-12-31, 2018-12-29).
FIRST_OF_DECEMBER_BEFORE = 25


@dataclass(frozen=True)
class SaidSpan:
    """Days in a row as they are typed: of a holiday, or worked to make up for it."""

    kind: DayKind
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class SaidNotice:
    """A year's notice as it is typed. ``reason`` is needed where it takes another one's place."""

    year: int
    title: str
    document: str
    issued_on: date
    spans: tuple[SaidSpan, ...]
    reason: str = ""


@dataclass(frozen=True)
class SaidClosure:
    """Days on which the county's offices are shut by a paper of its own. ``title`` is what for."""

    title: str
    document: str
    issued_on: date
    first: date
    last: date
    reason: str = ""


def enter_notice(*, actor: Actor, said: SaidNotice, seen: int) -> CalendarEntry:
    """The year's notice, in place of the one that held; raises ``Invalid`` by field (``spans.0.first``), ``Stale``.

    ``seen`` is the number of the county's newest entry when the form was read.
    """
    check_may_keep_calendar(actor)
    found = _unchanged(actor, seen)
    before = found.entry_of_year(said.year)
    replaces_shipped = before is None and said.year in notices()
    errors = _paper_errors(said.title, said.document, said.issued_on)
    if not min(notices()) <= said.year <= clock.today().year + 2:
        errors["year"] = _("只能录入到后年为止的通知。")
    if (before or replaces_shipped) and not said.reason.strip():
        errors["reason"] = _("这一年已有放假安排。请写明为什么改。")
    errors |= _span_errors(said, found)
    if errors:
        raise Invalid(errors)
    days = [day for span in said.spans for day in (span.first, span.last)]
    first, last = min(*days, date(said.year, 1, 1)), max(*days, date(said.year, 12, 31))
    return _enter(
        actor,
        seen,
        CalendarEntry(
            kind=CalendarEntryKind.NOTICE,
            year=said.year,
            title=said.title.strip(),
            document=said.document.strip(),
            issued_on=said.issued_on,
            reason=said.reason.strip(),
            replaces=before,
        ),
        [
            CalendarSpan(kind=each.kind, first=each.first, last=each.last, name=each.name.strip())
            for each in said.spans
        ],
        (first, last),
    )


def enter_closure(
    *, actor: Actor, said: SaidClosure, seen: int, replaces: UUID | None = None
) -> CalendarEntry:
    """A local closure, or the correction of one; raises ``Invalid`` by field, ``Refusal``, ``Stale``."""
    check_may_keep_calendar(actor)
    found = _unchanged(actor, seen)
    before = _that_holds(found, replaces) if replaces else None
    if before is not None and before.kind != CalendarEntryKind.CLOSURE:
        raise Refusal("no_closure", _("这一条不是停办。"))
    errors = _paper_errors(said.title, said.document, said.issued_on)
    if before is not None and not said.reason.strip():
        errors["reason"] = _("请写明为什么改。")
    if wrong := _ends_wrong(said):
        errors["last"] = wrong
    else:
        errors |= _closure_errors(said, found, before)
    if errors:
        raise Invalid(errors)
    moved = [said.first, said.last, *_days_moved(before)]
    return _enter(
        actor,
        seen,
        CalendarEntry(
            kind=CalendarEntryKind.CLOSURE,
            title=said.title.strip(),
            document=said.document.strip(),
            issued_on=said.issued_on,
            reason=said.reason.strip(),
            replaces=before,
        ),
        [CalendarSpan(kind=DayKind.CLOSURE, first=said.first, last=said.last, name=said.title.strip()[:32])],
        (min(moved), max(moved)),
    )


def withdraw(*, actor: Actor, entry_id: UUID, reason: str, seen: int) -> CalendarEntry:
    """Takes an entry back: its days are again what they were without it. That it was there stays to be read."""
    check_may_keep_calendar(actor)
    found = _unchanged(actor, seen)
    before = _that_holds(found, entry_id)
    if not reason.strip():
        raise Invalid({"reason": _("请写明为什么撤下。")})
    moved = _days_moved(before)
    if before.year:
        moved += [date(before.year, 1, 1), date(before.year, 12, 31)]
    entry = CalendarEntry(kind=CalendarEntryKind.WITHDRAWAL, reason=reason.strip(), replaces=before)
    return _enter(actor, seen, entry, [], (min(moved), max(moved)))


def _unchanged(actor: Actor, seen: int) -> CountyCalendar:
    found = of_county(actor.county)
    if found.number != seen:
        raise _stale()
    return found


def _stale() -> Stale:
    return Stale("stale", _("刚才有人改过工作日历，请核对现在的内容后再保存。"))


def _that_holds(found: CountyCalendar, entry_id: UUID) -> CalendarEntry:
    entry = next((each for each in found.entries if each.pk == entry_id), None)
    if entry is None:
        if CalendarEntry.objects.filter(pk=entry_id).exists():
            raise Refusal("calendar_entry_over", _("这一条已经改过或撤下，不再有效。"))
        raise NotAllowed("calendar_entry_not_found", _("本县的工作日历里没有这一条。"))
    return entry


def _days_moved(entry: CalendarEntry | None) -> list[date]:
    return [day for span in entry.spans.all() for day in (span.first, span.last)] if entry else []


def _paper_errors(title: str, document: str, issued_on: date) -> dict[str, str]:
    errors = {}
    if not title.strip():
        errors["title"] = _("请填写。")
    if not document.strip():
        errors["document"] = _("请写明文号，没有文号的写发布机关和文件名。")
    if issued_on > clock.today():
        errors["issued_on"] = _("印发日期还没有到。")
    return errors


def _span_errors(said: SaidNotice, found: CountyCalendar) -> dict[str, str]:
    """What is wrong with the days of a notice: each sentence beside the row that says them."""
    if not said.spans:
        return {"spans": _("请至少写一个假日。")}
    if len(said.spans) > MOST_SPANS:
        return {"spans": _("最多 %(most)d 行。") % {"most": MOST_SPANS}}
    errors: dict[str, str] = {}
    stated: dict[date, int] = {}
    elsewhere = _stated_elsewhere(said.year, found)
    for place, span in enumerate(said.spans):
        if not span.name.strip():
            errors[f"spans.{place}.name"] = _("请写明是哪个假日。")
        if wrong := _ends_wrong(span):
            errors[f"spans.{place}.last"] = wrong
            continue
        days = days_between(span.first, span.last)
        if wrong := _days_wrong(days, span.kind, said.year, stated, elsewhere):
            errors[f"spans.{place}.first"] = wrong
        stated |= dict.fromkeys(days, place)
    if not errors and (left := _always_off_left(said)):
        listed = "、".join(day.isoformat() for day in left)
        errors["spans"] = _("%(days)s 依法放假，通知里却没有。请核对年份和日期。") % {"days": listed}
    return errors


def _ends_wrong(span: SaidSpan | SaidClosure) -> str:
    if span.last < span.first:
        return _("最后一天早于第一天。")
    if (span.last - span.first).days >= LONGEST:
        return _("一次最多 %(most)d 天。") % {"most": LONGEST}
    return ""


def _days_wrong(
    days: Sequence[date], kind: DayKind, year: int, stated: Mapping[date, int], elsewhere: Mapping[date, int]
) -> str:
    """Why these days cannot stand in the year's notice beside those that stand there already; empty if they can."""
    if not (date(year - 1, 12, FIRST_OF_DECEMBER_BEFORE) <= days[0] and days[-1] <= date(year, 12, 31)):
        return _("不在%(year)d年（元旦假期最早从上一年 12 月 %(day)d 日起）。") % {
            "year": year,
            "day": FIRST_OF_DECEMBER_BEFORE,
        }
    for day in days:
        told = {"day": day.isoformat()}
        if day in stated:
            return _("%(day)s 在第 %(row)d 行已经写过。") % (told | {"row": stated[day] + 1})
        if day in elsewhere:
            return _("%(day)s 已写在%(year)d年的通知里。") % (told | {"year": elsewhere[day]})
        if kind is DayKind.MAKE_UP and day.weekday() < SATURDAY:
            return _("%(day)s 本来就是工作日，调休上班的应是周六或周日。") % told
    return ""


def _always_off_left(said: SaidNotice) -> list[date]:
    off = {
        day
        for span in said.spans
        if span.kind is DayKind.HOLIDAY
        for day in days_between(span.first, span.last)
    }
    return [day for day in (date(said.year, *each) for each in ALWAYS_OFF) if day not in off]


def _stated_elsewhere(year: int, found: CountyCalendar) -> dict[date, int]:
    """The days that the notices of the years beside it say, as they hold in the county."""
    stated: dict[date, int] = {}
    for other in (year - 1, year + 1):
        entry = found.entry_of_year(other)
        days = days_of(entry.spans.all()) if entry else shipped_days().get(other, [])
        stated |= {day.on: other for day in days}
    return stated


def _closure_errors(said: SaidClosure, found: CountyCalendar, before: CalendarEntry | None) -> dict[str, str]:
    closed = [
        day
        for day, entry in found.source.items()
        if entry.kind == CalendarEntryKind.CLOSURE and entry != before
    ]
    days = days_between(said.first, said.last)
    twice = next((day for day in days if day in closed), None)
    if twice is not None:
        return {"first": _("%(day)s 已写明停办。") % {"day": twice.isoformat()}}
    own = set() if before is None else set(days_between(*_ends(before)))
    if not any(_is_worked_but_for(day, own, found.calendar) for day in days):
        return {"first": _("这些天本来就都是休息日。")}
    return {}


def _ends(entry: CalendarEntry) -> tuple[date, date]:
    (span,) = entry.spans.all()
    return span.first, span.last


def _is_worked_but_for(day: date, own: set[date], calendar: Calendar) -> bool:
    """Whether a day is worked where the closure that is being corrected is not looked at."""
    return calendar.is_worked(day) or (day in own and calendar.day(day).kind is DayKind.CLOSURE)


def _enter(
    actor: Actor,
    seen: int,
    entry: CalendarEntry,
    spans: Sequence[CalendarSpan],
    moved: tuple[date, date],
) -> CalendarEntry:
    entry.county, entry.number = actor.county, seen + 1
    entry.entered_at, entry.entered_by_id = clock.now(), actor.person_id
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        # Two who save at once: the number is given once, and the other reads again.
        raise _stale() from None
    for span in spans:
        span.county, span.entry = actor.county, entry
    CalendarSpan.objects.bulk_create(spans)
    publish(CalendarChanged(county=actor.county, first=moved[0], last=moved[1]))
    return entry
