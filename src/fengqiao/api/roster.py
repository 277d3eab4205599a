"""The roster of lawyers in residence (驻点律师): who sits when, weekly hours, days that differ."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from fengqiao.api.brand_rooms import Weekday
from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.keeping import kept
from fengqiao.api.shapes import KEPT, Day, Hour, LastDay, Made, Named, Shape, Told
from fengqiao.kernel import clock
from fengqiao.pool.enums import ChangeKind, PoolAction
from fengqiao.pool.models import Turn, TurnChange
from fengqiao.pool.policies import check_may_read
from fengqiao.pool.queries.roster import AHEAD, changes_of, duty, free_slots, turns_of

router = Router(tags=["lawyers"])


class RosterAsked(Shape):
    day: Annotated[Day | None, Field(description="From which day on; today where none is given.")] = None


class SittingTold(Told):
    """Hours in which a lawyer sits at the acting centre."""

    day: date
    lawyer: UUID
    begins: Hour
    ends: Hour
    shown_as: Annotated[str, Field(description="The name on the public page; empty without consent.")]


class SlotTold(Told):
    """A half hour that nobody has, as far as the post sees."""

    lawyer: Named
    starts_at: datetime


class TurnTold(Told):
    """Weekly hours that hold on the asked day or later."""

    id: UUID
    lawyer: Named
    weekday: Weekday
    begins: Hour
    ends: Hour
    named: Annotated[bool, Field(description="Whether the public page names the lawyer.")]
    valid_from: date
    valid_until: date | None


class ChangedDayTold(Told):
    """A day from the asked one on that differs from the weekly hours."""

    id: UUID
    lawyer: Named
    day: date
    kind: ChangeKind
    begins: Hour | None
    ends: Hour | None
    why: str


class RosterTold(Told):
    """Two weeks of the acting centre, what is free of them from now on, and what they are made of."""

    sittings: list[SittingTold]
    free: list[SlotTold]
    turns: list[TurnTold]
    days: list[ChangedDayTold]


class TurnSent(Shape):
    """Weekly hours of a lawyer of the talent pool at the own centre, on the hour or half past."""

    lawyer_id: UUID
    weekday: Weekday
    begins: Hour
    ends: Hour
    valid_from: Day
    named: Annotated[bool, Field(description="The lawyer agreed to be named on the public page.")] = False


class ChangedDaySent(Shape):
    """One day on which a lawyer does not come (`off`), or comes beside the weekly hours (`extra`, with hours)."""

    lawyer_id: UUID
    day: Day
    kind: ChangeKind
    begins: Hour | None = None
    ends: Hour | None = None
    why: Annotated[str, Field(max_length=200, pattern=KEPT)] = ""
    named: Annotated[bool, Field(description="The lawyer agreed to be named on the public page.")] = False


@router.get(
    "/lawyers",
    response=RosterTold,
    auth=READS,
    operation_id="getLawyersRoster",
    summary="The lawyers' roster · 律师值班",
    url_name="api_lawyers",
)
def get_roster(request: HttpRequest, asked: Query[RosterAsked]) -> RosterTold:
    """Who sits at the acting centre in the two weeks from a day on, the half hours that are free now, the roster."""
    with reading(request) as actor:
        check_may_read(actor)
        assert actor.centre_id is not None  # noqa: S101  whoever may read is at a centre
        day = asked.day or clock.today()
        week = duty(day, until=day + timedelta(days=AHEAD), centre_id=actor.centre_id)
        return RosterTold(
            sittings=[
                SittingTold(
                    day=on, lawyer=each.lawyer_id, begins=each.begins, ends=each.ends, shown_as=each.shown_as
                )
                for on, sitting in week.items()
                for each in sitting
            ],
            free=[
                SlotTold(lawyer=_named(each.lawyer), starts_at=each.starts_at)
                for each in free_slots(actor.centre_id)
            ],
            turns=[_turn(each) for each in turns_of(actor.centre_id, day)],
            days=[_day(each) for each in changes_of(actor.centre_id, day).order_by("day", "id")],
        )


@router.post(
    "/lawyers/turns",
    response={201: Made},
    auth=WRITES,
    operation_id="enterTurn",
    summary="Weekly hours of a lawyer · 登记律师值班",
    url_name="api_lawyer_turns",
    openapi_extra={"x-writes": "once"},
)
def enter_turn(request: HttpRequest, response: HttpResponse, sent: TurnSent) -> Any:
    """A leader enters them. 409 `overlaps`: the lawyer sits somewhere in these hours already."""
    return Status(201, kept(request, response, sent, PoolAction.ENTER_TURN, **sent.model_dump()))


@router.post(
    "/lawyers/turns/{turn_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endTurn",
    summary="The last day of weekly hours · 结束律师值班",
    url_name="api_lawyer_turn_end",
    openapi_extra={"x-writes": "once"},
)
def end_turn(request: HttpRequest, response: HttpResponse, turn_id: UUID, sent: LastDay) -> Made:
    """Appointments that were given stay, until somebody moves them."""
    return kept(request, response, sent, PoolAction.END_TURN, turn_id=turn_id, last=sent.last)


@router.post(
    "/lawyers/days",
    response={201: Made},
    auth=WRITES,
    operation_id="changeLawyersDay",
    summary="A day that differs · 登记某一天的变动",
    url_name="api_lawyer_days",
    openapi_extra={"x-writes": "once"},
)
def change_day(request: HttpRequest, response: HttpResponse, sent: ChangedDaySent) -> Any:
    """Leave of a lawyer, or hours beside the weekly ones."""
    return Status(201, kept(request, response, sent, PoolAction.CHANGE_DAY, **sent.model_dump()))


def _turn(row: Turn) -> TurnTold:
    plain = ("id", "weekday", "begins", "ends", "valid_from", "valid_until")
    return TurnTold(
        lawyer=_named(row.lawyer),
        named=bool(row.shown_as),
        **{name: getattr(row, name) for name in plain},
    )


def _day(row: TurnChange) -> ChangedDayTold:
    plain = ("id", "day", "begins", "ends", "why")
    return ChangedDayTold(
        lawyer=_named(row.lawyer),
        kind=ChangeKind(row.kind),
        **{name: getattr(row, name) for name in plain},
    )


def _named(what: Any) -> Named:
    return Named(id=str(what.pk), name=what.name)
