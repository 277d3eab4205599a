"""The facts of the ledger that may be held against a body, as they stand now: looked up, never copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.clocks.enums import Acts, ClockState, OwedBy
from fengqiao.clocks.models import Clock
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.dispatch.enums import AssignmentState, Decision
from fengqiao.dispatch.models import Assignment, ReturnRequest
from fengqiao.kernel import clock
from fengqiao.kernel.working_days import Calendar
from fengqiao.matters.enums import Outcome, State
from fengqiao.matters.models import Matter
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Centre, Department
from fengqiao.reviews.enums import HeldKind, Source
from fengqiao.reviews.policies import may_read_list
from fengqiao.rules.queries.accountability import AccountabilityRule, of_clock, of_source
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.running import all_running

# Bodies whose names are known: an "authority" of a limit is none of them.
HOLDERS = (OwedBy.DEPARTMENT, OwedBy.CENTRE, OwedBy.MEDIATION)
# What a return visit follows (rules/data/closing.csv); a person who is not known cannot be visited.
VISITED_AFTER = (
    Outcome.SETTLED_ON_SPOT,
    Outcome.WRITTEN_AGREEMENT,
    Outcome.ORAL_AGREEMENT,
    Outcome.SETTLED,
    Outcome.DECLINED,
)
# What was owed some working days after a start lies at most so far behind it.
LONGEST = timedelta(days=60)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class SeenFilter:
    """Which facts; all that is set must hold. ``first`` and ``last`` are days on which what was owed ended."""

    kind: str = ""
    department: UUID | None = None
    first: date | None = None
    last: date | None = None
    matter: UUID | None = None


@dataclass(frozen=True)
class Seen:
    """One fact: what was owed, until when, and when it was done, or that it still is not."""

    rule: AccountabilityRule
    source: Source
    source_id: UUID
    matter: Matter
    centre: Centre
    department: Department | None
    due_at: datetime
    done_at: datetime | None
    days: int
    limit: str = ""
    assignment_id: UUID | None = None

    @property
    def kind(self) -> HeldKind:
        return HeldKind(self.rule.kind)

    @property
    def key(self) -> tuple[str, UUID]:
        return self.kind, self.source_id

    @property
    def body(self) -> str:
        return self.department.short_name if self.department else str(self.centre.name)

    def kept(self) -> dict[str, Any]:
        """As it is kept with an entry: codes, references and dates."""
        return {
            "limit": self.limit,
            "assignment": str(self.assignment_id) if self.assignment_id else "",
            "due_at": self.due_at.isoformat(),
            "done_at": self.done_at.isoformat() if self.done_at else "",
            "days": self.days,
        }


def said(kind: str, kept: dict[str, Any]) -> str:
    """A kept fact as a sentence, in the reader's language."""
    limit = all_limits().get(str(kept.get("limit", "")))
    what = limit.title if limit else str(HeldKind(kind).label)
    day = _day(datetime.fromisoformat(kept["due_at"])).isoformat()
    if kind == HeldKind.RETURNED:
        return _("%(what)s：%(day)s 裁定退回没有依据") % {"what": what, "day": day}
    days = int(kept["days"])
    if kept.get("done_at"):
        done = _day(datetime.fromisoformat(kept["done_at"])).isoformat()
        text = ngettext(
            "%(what)s：%(day)s 届满，%(done)s 才办，超过 %(n)d 个工作日",
            "%(what)s：%(day)s 届满，%(done)s 才办，超过 %(n)d 个工作日",
            days,
        )
        return text % {"what": what, "day": day, "done": done, "n": days}
    text = ngettext(
        "%(what)s：%(day)s 届满，还没有办，超过 %(n)d 个工作日",
        "%(what)s：%(day)s 届满，还没有办，超过 %(n)d 个工作日",
        days,
    )
    return text % {"what": what, "day": day, "n": days}


@dataclass
class _Asked:
    """One question, with the calendars that it has read."""

    actor: Actor
    wanted: SeenFilter
    most: int
    calendars: dict[str, Calendar] = field(default_factory=dict)

    def calendar(self, county: str) -> Calendar:
        if county not in self.calendars:
            self.calendars[county] = county_calendar(county)
        return self.calendars[county]


def seen(actor: Actor, wanted: SeenFilter, *, most: int) -> list[Seen]:
    """The facts that the post may see, the newest first, at most ``most`` of each source (four statements).

    A limit's own fact stands for the matter's: where a clock says that nobody checked in, the hand-over does not
    say it again. Courts, procuratorates and arbitration commissions are held to nothing here.
    """
    if not may_read_list(actor):
        return []
    asked = _Asked(actor, wanted, most)
    found: list[Seen] = []
    told: set[tuple[str, UUID]] = set()
    for each in (
        *_clocks(asked),
        *_hand_overs(asked),
        *_returns(asked),
        *_visits(asked),
    ):
        about = each.assignment_id or each.matter.pk
        if each.source in (Source.ASSIGNMENT, Source.VISIT) and (each.kind, about) in told:
            continue
        told |= (
            {(each.kind, about), (each.kind, each.matter.pk)}
            if each.department is None
            else {(each.kind, about)}
        )
        if not wanted.kind or each.kind == wanted.kind:
            found.append(each)
    return sorted(found, key=lambda each: (each.due_at, str(each.source_id)), reverse=True)


def one(actor: Actor, matter: Matter, rule: str, source_id: UUID) -> Seen | None:
    """This fact, if it stands now by this row."""
    standing = seen(actor, SeenFilter(matter=matter.pk), most=1000)
    return next((each for each in standing if (each.rule.id, each.source_id) == (rule, source_id)), None)


def _clocks(asked: _Asked) -> Iterator[Seen]:
    now, today = clock.now(), clock.today()
    found: QuerySet[Clock] = Clock.objects.filter(
        Q(state=ClockState.RUNNING, due_at__lte=now)
        | Q(state=ClockState.STOPPED, stopped_at__gt=F("due_at")),
        acts=Acts.LIGHTS,
        owed_by__in=HOLDERS,
    )
    found = _of(found, asked, "department").exclude(department__kind__in=EXEMPT_FROM_SUPERVISION)
    found = _within(found, "due_at", asked.wanted)
    for each in found.select_related("matter", "centre", "department").order_by("-due_at", "-pk")[
        : asked.most
    ]:
        running = all_running().get(each.limit)
        rule = of_clock(running.stops_with if running else frozenset(), today)
        assert each.due_at is not None  # noqa: S101  asked for above
        done = each.stopped_at if each.state == ClockState.STOPPED else None
        if rule is None:
            continue
        fact = Seen(
            rule=rule,
            source=Source.CLOCK,
            source_id=each.pk,
            matter=each.matter,
            centre=each.centre,
            department=each.department,
            due_at=each.due_at,
            done_at=done,
            days=_days(asked, each.county, each.due_at, done),
            limit=each.limit,
            assignment_id=each.assignment_id,
        )
        if not _kept_in_time(fact):
            yield fact


def _hand_overs(asked: _Asked) -> Iterator[Seen]:
    found = _of(Assignment.objects.all(), asked, "department")
    found = found.exclude(department__kind__in=EXEMPT_FROM_SUPERVISION)
    for rule in of_source(Source.ASSIGNMENT, clock.today()):
        # So many working days are as many days at least.
        least = timedelta(days=rule.n)
        about = found.filter(
            Q(state=AssignmentState.ISSUED, issued_at__lte=clock.now() - least)
            | Q(checked_in_at__gt=F("issued_at") + least)
        )
        about = _within(about, "issued_at", asked.wanted, before=LONGEST)
        about = about.select_related("matter__holder", "department")
        for each in about.order_by("-issued_at", "-pk")[: asked.most]:
            due = _after(asked.calendar(each.county), each.issued_at, rule.n)
            fact = Seen(
                rule=rule,
                source=Source.ASSIGNMENT,
                source_id=each.pk,
                matter=each.matter,
                centre=each.matter.holder,
                department=each.department,
                due_at=due,
                done_at=each.checked_in_at,
                days=_days(asked, each.county, due, each.checked_in_at),
                assignment_id=each.pk,
            )
            if _ends_within(due, asked.wanted) and not _kept_in_time(fact):
                yield fact


def _returns(asked: _Asked) -> Iterator[Seen]:
    found: QuerySet[ReturnRequest] = ReturnRequest.objects.filter(decision=Decision.REFUSED)
    found = _of(found, asked, "assignment__department")
    found = found.exclude(assignment__department__kind__in=EXEMPT_FROM_SUPERVISION)
    found = _within(found, "decided_at", asked.wanted).select_related(
        "matter__holder", "assignment__department"
    )
    for rule in of_source(Source.RETURN, clock.today()):
        for each in found.order_by("-decided_at", "-pk")[: asked.most]:
            assert each.decided_at is not None  # noqa: S101  decided
            yield Seen(
                rule=rule,
                source=Source.RETURN,
                source_id=each.pk,
                matter=each.matter,
                centre=each.matter.holder,
                department=each.assignment.department,
                due_at=each.decided_at,
                done_at=each.decided_at,
                days=0,
                assignment_id=each.assignment_id,
            )


def _visits(asked: _Asked) -> Iterator[Seen]:
    if asked.actor.role is Role.HANDLER or asked.wanted.department:
        return
    found: QuerySet[Matter] = Matter.objects.visible_to(asked.actor).filter(
        state=State.SETTLED,
        outcome__in=VISITED_AFTER,
        visit_attempts=0,
        anonymous=False,
        is_history=False,
        settled_at__isnull=False,
    )
    if asked.wanted.matter:
        found = found.filter(pk=asked.wanted.matter)
    for rule in of_source(Source.VISIT, clock.today()):
        about = _within(found, "settled_at", asked.wanted, before=LONGEST).select_related("holder")
        for each in about.order_by("-settled_at", "-pk")[: asked.most]:
            assert each.settled_at is not None  # noqa: S101  asked for above
            due = _after(asked.calendar(each.county), each.settled_at, rule.n)
            fact = Seen(
                rule=rule,
                source=Source.VISIT,
                source_id=each.pk,
                matter=each,
                centre=each.holder,
                department=None,
                due_at=due,
                done_at=None,
                days=_days(asked, each.county, due, None),
            )
            if _ends_within(due, asked.wanted) and not _kept_in_time(fact):
                yield fact


def _of(found: QuerySet[Any], asked: _Asked, department: str) -> QuerySet[Any]:
    """Of matters that the post sees; a department's own alone."""
    actor, wanted = asked.actor, asked.wanted
    found = found.filter(
        county__in=actor.counties, matter__in=Matter.objects.visible_to(actor).order_by().values("pk")
    )
    if wanted.matter:
        found = found.filter(matter_id=wanted.matter)
    if actor.role is Role.HANDLER:
        found = found.filter(**{department: actor.department_id})
    if wanted.department:
        found = found.filter(**{department: wanted.department})
    return found


def _kept_in_time(fact: Seen) -> bool:
    """Whether it was done in time after all, or is over for fewer working days than its row asks for."""
    end = fact.done_at or clock.now()
    # What the ledger has no limit for was given its working days in ``due_at``.
    least = max(fact.rule.n, 1) if fact.source == Source.CLOCK else 1
    return end < fact.due_at or fact.days < least


def _days(asked: _Asked, county: str, due_at: datetime, done_at: datetime | None) -> int:
    return asked.calendar(county).worked_between(_day(due_at), _local(done_at or clock.now()))


def _within(
    found: QuerySet[Any], column: str, wanted: SeenFilter, *, before: timedelta = timedelta()
) -> QuerySet[Any]:
    if wanted.first:
        found = found.filter(**{f"{column}__gt": _start(wanted.first) - before})
    if wanted.last:
        found = found.filter(**{f"{column}__lte": _start(wanted.last + timedelta(days=1))})
    return found


def _ends_within(due_at: datetime, wanted: SeenFilter) -> bool:
    day = _day(due_at)
    return (wanted.first is None or wanted.first <= day) and (wanted.last is None or day <= wanted.last)


def _after(calendar: Calendar, start: datetime, n: int) -> datetime:
    return _start(calendar.nth_worked(_local(start), n) + timedelta(days=1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)


def _local(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()


def _day(due_at: datetime) -> date:
    """The last day on which it would have been in time."""
    return _local(due_at - INSTANT)
