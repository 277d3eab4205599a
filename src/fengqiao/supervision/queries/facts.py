"""What may be held against a department's part of a matter: facts with their dates, and what may follow of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from fengqiao.clocks.enums import Acts, ClockState, OwedBy
from fengqiao.clocks.models import Clock
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.dispatch.enums import AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.working_days import Calendar
from fengqiao.matters.models import Matter
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.rules.deciding import Row
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.tables import Table, in_force
from fengqiao.supervision.enums import LADDER, Decision, DueSupervision, Ground, Rung, SupervisionState
from fengqiao.supervision.models import Measure, Supervision

# Only while the part is in the department's hands; what waits for the centre's arbitration waits for the centre.
IN_ITS_HANDS = (AssignmentState.ISSUED, AssignmentState.WORKING)


@dataclass(frozen=True)
class Seen:
    """One fact: since when something was owed, until when, and how many working days that is over."""

    ground: Ground
    due_at: datetime
    days: int
    limit: str = ""
    clock_id: UUID | None = None
    started_at: datetime | None = None
    limit_version: int = 0

    @property
    def last_day(self) -> date:
        """The last day on which it would have been in time."""
        return _last_day(self.due_at)

    def kept(self) -> dict[str, Any]:
        """As it is kept with a proposal: codes, references and dates."""
        return {
            "ground": str(self.ground),
            "limit": self.limit,
            "limit_version": self.limit_version,
            "clock": str(self.clock_id) if self.clock_id else "",
            "started_at": self.started_at.isoformat() if self.started_at else "",
            "due_at": self.due_at.isoformat(),
            "days": self.days,
        }


@dataclass(frozen=True)
class Offer:
    """A rung that may be proposed now, by a row of the table that is in force, because of these facts."""

    rung: Rung
    table: Table
    row: Row
    facts: tuple[Seen, ...]

    @property
    def answer_days(self) -> int:
        """Working days that the department has to be heard before the decision."""
        return int(self.row.then["answer_days"])

    @property
    def report_days(self) -> int | None:
        """Working days that it has to report after the decision; none where another body goes on."""
        said = self.row.then.get("report_days", "")
        return int(said) if said else None

    def said(self) -> dict[str, str]:
        """The rung with the table's answer, as it stands in the history."""
        return {
            "rung": self.rung,
            "rule": self.row.id,
            "table": self.table.kind.value,
            "table_version": self.table.version,
        }


@dataclass(frozen=True)
class Offers:
    """What may be proposed for one part, and why the table could not be asked about one of its facts."""

    found: list[Offer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def said(fact: Mapping[str, Any]) -> str:
    """A kept fact as a sentence, in the reader's language."""
    limit = all_limits().get(str(fact.get("limit", "")))
    what = limit.title if limit else str(Ground(fact["ground"]).label)
    last = _last_day(datetime.fromisoformat(fact["due_at"]))
    days = int(fact["days"])
    text = ngettext(
        "%(what)s：%(day)s 届满，到提请时超过 %(n)d 个工作日",
        "%(what)s：%(day)s 届满，到提请时超过 %(n)d 个工作日",
        days,
    )
    return text % {"what": what, "day": last.isoformat(), "n": days}


def seen_of(assignments: Sequence[Assignment], calendar: Calendar) -> dict[UUID, list[Seen]]:
    """The facts that stand today against parts of one county's matters, by part (one statement).

    Only what a body owes and what lights: an applicant's time, a court's or an arbitration commission's is nobody's
    fact. Nothing stands against a department that is exempt.
    """
    now, today = clock.now(), clock.today()
    parts = {each.pk: each for each in assignments if may_be_held(each)}
    found: dict[UUID, list[Seen]] = {each.pk: [] for each in assignments}
    broken = Clock.objects.filter(
        assignment_id__in=parts,
        state=ClockState.RUNNING,
        acts=Acts.LIGHTS,
        owed_by=OwedBy.DEPARTMENT,
        due_at__lte=now,
    )
    for each in broken.order_by("due_at", "id"):
        if each.assignment_id is not None:
            found[each.assignment_id].append(_seen(Ground.CLOCK_BROKEN, each.due_at, calendar, today, each))
    for part in parts.values():
        if part.part == Part.LEAD and part.reply_by is not None and part.reply_by < today:
            found[part.pk].append(_seen(Ground.REPLY_OVERDUE, _end_of(part.reply_by), calendar, today))
        if part.part == Part.ASSIST and part.sign_off_due is not None and part.sign_off_due <= now:
            found[part.pk].append(_seen(Ground.SIGN_OFF_OVERDUE, part.sign_off_due, calendar, today))
    return found


def offers_of(
    matter: Matter, assignments: Sequence[Assignment], open_ones: Iterable[Supervision]
) -> dict[UUID, Offers]:
    """What may be proposed today for each part of a matter, and by which rows.

    The table is looked up only where some fact stands (one statement).
    """
    calendar = county_calendar(matter.county)
    running = {each.assignment_id: each for each in open_ones}
    facts = seen_of(assignments, calendar)
    tables: list[Table] = []
    found: dict[UUID, Offers] = {}
    for part in assignments:
        rung, standing = _standing(facts[part.pk], running.get(part.pk), calendar)
        if rung is None or not standing or not may_be_held(part):
            found[part.pk] = Offers()
            continue
        if not tables:
            tables.append(in_force(TableKind.SUPERVISION, county=matter.county, on=clock.today()))
        found[part.pk] = _answered(tables[0], matter, part, rung, standing)
    return found


def may_be_held(part: Assignment) -> bool:
    """Whether anything can stand against the department of this part: it has it in hand, and is not exempt."""
    return part.state in IN_ITS_HANDS and part.department.kind not in EXEMPT_FROM_SUPERVISION


def _standing(
    facts: Sequence[Seen], supervision: Supervision | None, calendar: Calendar
) -> tuple[Rung | None, list[Seen]]:
    """The next rung, and the facts about which the table is asked for it."""
    rung = next_rung(supervision)
    if rung is None or supervision is None:
        return rung, list(facts)
    return rung, [*facts, *_since_the_order(supervision, facts, calendar, clock.today())]


def _answered(table: Table, matter: Matter, part: Assignment, rung: Rung, standing: Sequence[Seen]) -> Offers:
    """The table's answer to each fact; facts that one row answers are one offer, in the order of the rows."""
    because: dict[str, list[Seen]] = {}
    errors: list[str] = []
    for fact in standing:
        answer = table.ask(asked_of(matter, part, rung, fact))
        if answer.row is None:
            errors.append(answer.error)
        elif answer.row.then["due"] == DueSupervision.PROPOSE:
            because.setdefault(answer.row.id, []).append(fact)
    found = [Offer(rung, table, row, tuple(because[row.id])) for row in table.rows if row.id in because]
    return Offers(found, list(dict.fromkeys(errors)))


def asked_of(matter: Matter, part: Assignment, rung: Rung, fact: Seen) -> dict[str, Any]:
    """What the table is asked: the fact, the rung that comes next, and the matter as it stands in the ledger."""
    return {
        "rung": rung.value,
        "ground": fact.ground.value,
        "days_over": fact.days,
        "body": part.department.kind,
        "track": matter.track or None,
        "category": matter.category or None,
        "risk": matter.risk or None,
        "danger": matter.danger,
        "scale": matter.scale,
        "people": matter.people,
    }


def next_rung(supervision: Supervision | None) -> Rung | None:
    """The rung that comes next; None where the ladder ends or something waits for a decision."""
    if supervision is None:
        return LADDER[0]
    if supervision.state not in (SupervisionState.ORDERED, SupervisionState.REPORTED) or not supervision.rung:
        return None
    place = LADDER.index(Rung(supervision.rung)) + 1
    return LADDER[place] if place < len(LADDER) else None


def _since_the_order(
    supervision: Supervision, facts: Sequence[Seen], calendar: Calendar, today: date
) -> list[Seen]:
    """What stands since the last order: no report in time, and the oldest fact, counted from the decision."""
    ordered = (
        Measure.objects.filter(supervision=supervision, decision=Decision.ORDERED)
        .order_by("-decided_at")
        .first()
    )
    found: list[Seen] = []
    if ordered is None or ordered.decided_at is None:
        return found
    if ordered.report_by is not None and ordered.reported_at is None and ordered.report_by < today:
        found.append(_seen(Ground.REPORT_OVERDUE, _end_of(ordered.report_by), calendar, today))
    decided = ordered.decided_at.astimezone(clock.SHANGHAI).date()
    if facts:
        oldest = min(facts, key=lambda each: each.due_at)
        found.append(
            Seen(
                Ground.STILL_UNDONE,
                oldest.due_at,
                calendar.worked_between(decided, today),
                oldest.limit,
                oldest.clock_id,
                oldest.started_at,
            )
        )
    return found


def _seen(
    ground: Ground, due_at: datetime | None, calendar: Calendar, today: date, of: Clock | None = None
) -> Seen:
    assert due_at is not None  # noqa: S101  asked for above
    return Seen(
        ground=ground,
        due_at=due_at,
        days=calendar.worked_between(_last_day(due_at), today),
        limit=of.limit if of else "",
        clock_id=of.pk if of else None,
        started_at=of.started_at if of else None,
        limit_version=of.limit_version if of else 0,
    )


def _last_day(due_at: datetime) -> date:
    return (due_at - timedelta(microseconds=1)).astimezone(clock.SHANGHAI).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.SHANGHAI)
