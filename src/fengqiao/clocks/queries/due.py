"""What is due and what is late, and who owes it: running limits of bodies, behind ``visible_to``; never by person."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, UUIDField, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.clocks.enums import OwedBy, Whose
from fengqiao.clocks.models import Clock
from fengqiao.clocks.models.clock import RUNS_AND_LIGHTS
from fengqiao.clocks.policies import whose_offered
from fengqiao.clocks.queries.telling import Shown, as_shown, of_a_centre
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import ASKED, Colour
from fengqiao.matters.queries.work import waiting_for

PAGE = 30
# A limit that ends at 24:00 is due on the day before the instant.
INSTANT = timedelta(microseconds=1)
# The colours that press: nearly late, and late.
PRESSING = (Colour.RED, Colour.YELLOW)


@dataclass(frozen=True)
class DueFilter:
    """Which limits; all that is set must hold.

    ``department`` or (``centre``, ``owed_by``) is who owes it, as ``by_who_owes`` tells it; ``first`` and ``last``
    the days (Asia/Shanghai, inclusive) on which it ends. ``pressing``: yellow and red alone.
    """

    whose: Whose
    light: str = ""
    department: UUID | None = None
    centre: UUID | None = None
    owed_by: str = ""
    first: date | None = None
    last: date | None = None
    pressing: bool = False


@dataclass(frozen=True)
class Owing:
    """A body that owes something: ``department_id``, or the centre with what of it (``owed_by``)."""

    owed_by: OwedBy
    department_id: UUID | None
    centre_id: UUID | None
    name: str
    red: int
    yellow: int
    oldest_due_at: datetime


@dataclass(frozen=True)
class OfDay:
    """How many limits end on a day, and how many of them are over by now."""

    number: int
    late: int


@dataclass(frozen=True)
class DuePage:
    """``rows``: each clock as it is shown; its matter is ``clock.matter``."""

    rows: list[Shown]
    next_cursor: str
    is_first: bool


def whose_limits(actor: Actor, asked: str) -> Whose:
    """What was asked for where the post may ask it, else what is usual for it (``policies.whose_offered``)."""
    offered = whose_offered(actor)
    return Whose(asked) if asked in offered else offered[0]


def clocks_due(actor: Actor, wanted: DueFilter) -> QuerySet[Clock]:
    """The running limits of bodies that fit, on matters that the post may see."""
    found = seen_by(actor, Clock.objects.filter(RUNS_AND_LIGHTS), wanted.whose)
    if wanted.pressing or wanted.light:
        now = clock.now()
        colours = [wanted.light] if wanted.light else list(PRESSING)
        which = Q()
        for colour in colours:
            which |= ASKED[colour](now)
        found = found.filter(which)
    if wanted.department:
        found = found.filter(department_id=wanted.department)
    if wanted.centre:
        found = found.filter(centre_id=wanted.centre, department=None)
    if wanted.owed_by:
        found = found.filter(owed_by=wanted.owed_by)
    if wanted.first:
        found = found.filter(due_at__gt=_start(wanted.first))
    if wanted.last:
        found = found.filter(due_at__lte=_start(wanted.last + timedelta(days=1)))
    return found


def seen_by(actor: Actor, found: QuerySet[Clock], whose: Whose) -> QuerySet[Clock]:
    """Those of these clocks whose matter the post may see and that are of whom is asked."""
    if whose not in whose_offered(actor):
        return found.none()
    # The county stands in the query too: a wall is not an index.
    found = found.filter(county__in=actor.counties)
    if actor.role is Role.HANDLER:
        found = found.filter(department=actor.department_id)
    elif whose is Whose.MINE:
        mine = waiting_for(actor).values("pk")
        return found.filter(centre=actor.centre_id, department=None, matter_id__in=mine)
    elif whose is Whose.CENTRE:
        found = found.filter(centre=actor.centre_id)
    return found.filter(matter_id__in=Matter.objects.visible_to(actor).values("pk"))


def by_who_owes(actor: Actor, whose: Whose) -> list[Owing]:
    """Who owes what is yellow or red: the most late first (one statement)."""
    now = clock.now()
    found: Any = clocks_due(actor, DueFilter(whose=whose, pressing=True))
    of_centre: Any = {
        "of_centre": Case(When(department=None, then=F("centre_id")), output_field=UUIDField()),
        "of_centre_name": Case(When(department=None, then=F("centre__name")), output_field=CharField()),
    }
    sums = (
        found.annotate(**of_centre)
        .order_by()
        .values("owed_by", "department_id", "department__short_name", "of_centre", "of_centre_name")
        .annotate(
            red=Count("pk", filter=ASKED[Colour.RED](now)),
            yellow=Count("pk", filter=ASKED[Colour.YELLOW](now)),
            oldest=Min("due_at"),
        )
    )
    owing = [
        Owing(
            owed_by=OwedBy(each["owed_by"]),
            department_id=each["department_id"],
            centre_id=each["of_centre"],
            name=_name(each),
            red=each["red"],
            yellow=each["yellow"],
            oldest_due_at=each["oldest"],
        )
        for each in sums
    ]
    return sorted(owing, key=lambda each: (-each.red, -each.yellow, each.name))


def by_day(actor: Actor, wanted: DueFilter) -> dict[date, OfDay]:
    """How many end on each day that has any (one statement)."""
    days: Any = (
        clocks_due(actor, wanted)
        .order_by()
        .values(day=TruncDate(F("due_at") - INSTANT, tzinfo=clock.SHANGHAI))
        .annotate(number=Count("pk"), late=Count("pk", filter=ASKED[Colour.RED](clock.now())))
    )
    return {each["day"]: OfDay(each["number"], each["late"]) for each in days}


def page(
    actor: Actor, wanted: DueFilter, *, cursor: str = "", size: int = PAGE, strict: bool = False
) -> DuePage:
    """One page by (due at, key): what ends first is first; ``cursor`` is the signed end of the page before.

    A cursor of another question or post begins anew; where ``strict``, it raises ``Invalid``.
    """
    after = _read_cursor(cursor, actor, wanted)
    if strict and cursor and after is None:
        raise Invalid({"cursor": _("这个游标不属于这次查询，请从第一页重新开始。")}, code="foreign_cursor")
    found = clocks_due(actor, wanted)
    if after is not None:
        at, key = after
        found = found.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=key))
    rows = list(
        found.select_related("matter", "centre", "department", "party").order_by("due_at", "pk")[: size + 1]
    )
    more, rows = len(rows) > size, rows[:size]
    return DuePage(
        rows=[as_shown(each) for each in rows],
        next_cursor=_cursor(rows[-1], actor, wanted) if more else "",
        is_first=after is None,
    )


def in_order(actor: Actor, wanted: DueFilter, *, most: int) -> list[Shown]:
    """All that fit, up to so many, what ends first being first."""
    found = clocks_due(actor, wanted).select_related("matter", "centre", "department", "party")
    return [as_shown(each) for each in found.order_by("due_at", "pk")[:most]]


def _name(each: dict[str, Any]) -> str:
    """The department's name, or the centre's; what of the centre, where it is not the centre itself."""
    if each["department_id"]:
        return str(each["department__short_name"])
    return of_a_centre(str(each["of_centre_name"]), OwedBy(each["owed_by"]))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)


def _cursor(last: Clock, actor: Actor, wanted: DueFilter) -> str:
    end = last.due_at.isoformat() if last.due_at else ""
    return signing.dumps([end, str(last.pk), _shape(actor, wanted)], salt="due", compress=True)


def _read_cursor(cursor: str, actor: Actor, wanted: DueFilter) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    try:
        at, key, shape = signing.loads(cursor, salt="due")
    except (signing.BadSignature, ValueError):
        return None
    return (datetime.fromisoformat(at), UUID(key)) if shape == _shape(actor, wanted) else None


def _shape(actor: Actor, wanted: DueFilter) -> list[str]:
    return [str(actor.post_id), *(str(getattr(wanted, each.name) or "") for each in fields(wanted))]
