"""What is due and what is late: the running limits of bodies, by row, by day and by who owes them; never by person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.api.doors import READS, reading
from fengqiao.api.paging import Listed
from fengqiao.api.shapes import Day, Named, PageOf, Shape, Told
from fengqiao.clocks.enums import OwedBy, Whose
from fengqiao.clocks.policies import (
    check_may_ask_what_is_due,
    check_may_ask_who_is_late,
    whose_offered,
)
from fengqiao.clocks.queries import due as query
from fengqiao.clocks.queries.due import DueFilter
from fengqiao.clocks.queries.telling import Shown
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.matters.queries.lights import Colour

router = Router(tags=["clocks"])
MOST_DAYS = 366
WHOSE = (
    "What waits for the calling post, what its centre holds, or all it may see; left out: the usual for it."
)


class WhoseAsked(Shape):
    whose: Annotated[Whose | None, Field(description=WHOSE)] = None


class DueAsked(Listed):
    """All that are given must hold."""

    whose: Annotated[Whose | None, Field(description=WHOSE)] = None
    light: Annotated[Colour | None, Field(description="`red`: late; `yellow`: nearly late.")] = None
    department: Annotated[UUID | None, Field(description="The department that owes it.")] = None
    centre: Annotated[
        UUID | None, Field(description="The centre that owes it, or one of its authorities.")
    ] = None
    owed_by: OwedBy | None = None
    first: Annotated[Day | None, Field(description="Ends on this day or later (Asia/Shanghai).")] = None
    last: Annotated[Day | None, Field(description="Ends on this day or before it (Asia/Shanghai).")] = None


class DaysAsked(Shape):
    whose: Annotated[Whose | None, Field(description=WHOSE)] = None
    first: Annotated[Day, Field(description="Day in Asia/Shanghai.")]
    last: Annotated[Day, Field(description="Inclusive; at most 366 days.")]


class DueTold(Told):
    """One running limit of a body. Its explanation stands at the matter's page."""

    id: UUID
    limit: Annotated[str, Field(description="Its id in the table of limits.")]
    title: Annotated[str, Field(description="What has to be done by then.")]
    basis: Annotated[str, Field(description="The statute, or the paper that sets it.")]
    matter: Annotated[str, Field(description="The matter's code.")]
    owed_by: OwedBy
    centre: Annotated[Named, Field(description="Who holds the matter.")]
    department: Annotated[Named | None, Field(description="The department that owes it.")]
    started_at: datetime
    yellow_at: datetime | None
    due_at: Annotated[
        datetime, Field(description="The first instant after the limit: 24:00 is the next day's 00:00.")
    ]
    light: Colour
    left: Annotated[str, Field(description="What is left, or how late it is, in words.")]


class DuePage(PageOf):
    items: list[DueTold]


class DayTold(Told):
    """A day on which limits end."""

    day: date
    number: int
    late: Annotated[int, Field(description="How many of them are over by now.")]


class DaysTold(Told):
    items: list[DayTold]


class OwingTold(Told):
    """A body that owes what is late or nearly late."""

    name: str
    owed_by: OwedBy
    department: UUID | None
    centre: UUID | None
    red: int
    yellow: int
    oldest_due_at: datetime


class OwingsTold(Told):
    items: list[OwingTold]


@router.get(
    "/due",
    response=DuePage,
    auth=READS,
    operation_id="listDue",
    summary="What is due · 到期",
    url_name="api_due",
)
def list_due(request: HttpRequest, asked: Query[DueAsked]) -> DuePage:
    """The running limits of bodies on matters that the post may see, what ends first being first."""
    with reading(request) as actor:
        check_may_ask_what_is_due(actor)
        _check_order(asked.first, asked.last)
        wanted = DueFilter(
            whose=_whose(actor, asked.whose),
            light=asked.light or "",
            department=asked.department,
            centre=asked.centre,
            owed_by=asked.owed_by or "",
            first=asked.first,
            last=asked.last,
        )
        page = query.page(actor, wanted, cursor=asked.cursor or "", size=asked.size, strict=True)
        return DuePage(items=[_told(each) for each in page.rows], next=page.next_cursor or None)


@router.get(
    "/due/days",
    response=DaysTold,
    auth=READS,
    operation_id="listDueDays",
    summary="What is due by day · 到期日历",
    url_name="api_due_days",
)
def list_days(request: HttpRequest, asked: Query[DaysAsked]) -> DaysTold:
    """How many end on each day that has any; a day opens by `first` and `last` of `/due`."""
    with reading(request) as actor:
        check_may_ask_what_is_due(actor)
        _check_order(asked.first, asked.last)
        if (asked.last - asked.first).days >= MOST_DAYS:
            raise Invalid({"last": _("一次最多查一年。")}, code="too_long")
        wanted = DueFilter(whose=_whose(actor, asked.whose), first=asked.first, last=asked.last)
        days = query.by_day(actor, wanted)
        return DaysTold(
            items=[DayTold(day=day, number=of.number, late=of.late) for day, of in sorted(days.items())]
        )


@router.get(
    "/due/owing",
    response=OwingsTold,
    auth=READS,
    operation_id="listOwing",
    summary="What is late and whose · 超期与临期",
    url_name="api_due_owing",
)
def list_owing(request: HttpRequest, asked: Query[WhoseAsked]) -> OwingsTold:
    """Who owes what is late or nearly late, the most late first: centres and departments, never a person."""
    with reading(request) as actor:
        check_may_ask_who_is_late(actor)
        owing = query.by_who_owes(actor, _whose(actor, asked.whose))
        return OwingsTold(
            items=[
                OwingTold(
                    name=each.name,
                    owed_by=each.owed_by,
                    department=each.department_id,
                    centre=each.centre_id,
                    red=each.red,
                    yellow=each.yellow,
                    oldest_due_at=each.oldest_due_at,
                )
                for each in owing
            ]
        )


def _whose(actor: Actor, asked: Whose | None) -> Whose:
    """Raises ``NotAllowed`` where the post may not ask it: another answer would be taken for the one asked for."""
    offered = whose_offered(actor)
    if asked is not None and asked not in offered:
        raise NotAllowed("whose_not_offered", _("您现在的岗位不能查看这个范围的时限。"))
    return asked or offered[0]


def _check_order(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise Invalid({"last": _("结束日期早于开始日期。")}, code="before_its_beginning")


def _told(shown: Shown) -> DueTold:
    row = shown.clock
    assert shown.light is not None and row.due_at is not None  # noqa: S101  only what runs and lights is listed
    return DueTold(
        id=row.pk,
        limit=row.limit,
        title=shown.title,
        basis=shown.limit.basis if shown.limit else "",
        matter=row.matter.code,
        owed_by=OwedBy(row.owed_by),
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        department=Named(id=str(row.department_id), name=row.department.name) if row.department else None,
        started_at=row.started_at,
        yellow_at=row.yellow_at,
        due_at=row.due_at,
        light=shown.light.colour,
        left=shown.light.words,
    )
