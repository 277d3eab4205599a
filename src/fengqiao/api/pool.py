"""What a centre can call on beside its own mediators: brand rooms (品牌调解室), the talent pool (人才库)."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.mediators import FirstLevel
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Day, Made, Named, PageOf, Shape, Told
from fengqiao.api.writing import answered, once_of
from fengqiao.flows import pool as flow
from fengqiao.kernel import clock
from fengqiao.mediators.enums import Language
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.domain.rooms import RoomWords
from fengqiao.pool.domain.talents import NewTalent, masked_telephone
from fengqiao.pool.enums import PoolAction, Profession
from fengqiao.pool.models import BrandRoom, MarketBody, Talent
from fengqiao.pool.policies import check_may_keep, check_may_read
from fengqiao.pool.queries.market import visible_to as bodies_of
from fengqiao.pool.queries.rooms import room_by_id, visible_to
from fengqiao.pool.queries.talents import listed

router = Router(tags=["pool"])
Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday.")]


class RoomsAsked(Listed):
    """All that are given must hold."""

    field: FirstLevel | None = None
    open: Annotated[bool, Field(description="Only rooms that have not ended.")] = False


class RoomSent(Shape):
    """What everybody may read of a room. Without a translation the English page shows the Chinese words."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: Annotated[str, Field(min_length=2, max_length=60)]
    name_en: Annotated[str, Field(max_length=100)] = ""
    place: Annotated[str, Field(min_length=2, max_length=200)]
    place_en: Annotated[str, Field(max_length=300)] = ""
    way: Annotated[str, Field(max_length=500)] = ""
    way_en: Annotated[str, Field(max_length=800)] = ""
    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    opens: time
    closes: time
    opens_again: time | None = None
    closes_again: time | None = None
    fields: Annotated[list[FirstLevel], Field(min_length=1, max_length=30)]
    story: Annotated[str, Field(max_length=4000)] = ""
    story_en: Annotated[str, Field(max_length=8000)] = ""
    public: bool = False
    valid_from: Day


class RoomTold(Told):
    """A brand room as the centres of its county read it."""

    id: UUID
    centre: Named
    code: Annotated[str, Field(description="Its public page is /rooms/{code}/ while it is public.")]
    name: str
    name_en: str
    place: str
    place_en: str
    way: str
    way_en: str
    days: list[Weekday]
    opens: time
    closes: time
    opens_again: time | None
    closes_again: time | None
    fields: list[str]
    people: Annotated[list[Named], Field(description="Mediators who work there today.")]
    story: str
    story_en: str
    public: bool
    valid_from: date
    valid_until: date | None


class RoomPage(PageOf):
    items: list[RoomTold]


class TalentsAsked(Listed):
    """All that are given must hold."""

    field: Annotated[str | None, Field(max_length=20, description="Id of key-fields.csv.")] = None
    language: Language | None = None


class TalentTold(Told):
    """Somebody who agreed to be asked. The telephone is opened at the desk, with a reason."""

    id: UUID
    name: str
    profession: Profession
    origin: str
    certificate: str
    fields: list[str]
    languages: list[Language]
    telephone: Annotated[str, Field(description="Masked.")]
    centre: Named
    agreed_on: date
    valid_until: date


class TalentPage(PageOf):
    items: list[TalentTold]


class TalentSent(Shape):
    """Somebody who agreed to be listed."""

    name: Annotated[str, Field(min_length=2, max_length=64)]
    profession: Profession
    origin: Annotated[str, Field(min_length=2, max_length=100)]
    certificate: Annotated[str, Field(max_length=200)] = ""
    fields: Annotated[list[Annotated[str, Field(max_length=20)]], Field(min_length=1, max_length=30)]
    languages: Annotated[list[Language], Field(max_length=20)] = Field(default_factory=list)
    telephone: Annotated[str, Field(max_length=40)] = ""
    agreed_on: Annotated[Day, Field(description="The day of their consent.")]
    valid_until: Day


class FeeScheduleTold(Told):
    valid_from: date
    text: str


class MarketBodyTold(Told):
    """A market mediation organisation that works with a centre, and what it charged since when."""

    id: UUID
    name: str
    kind: Annotated[str, Field(description="Id of mediation-bodies.csv.")]
    licence: str
    centre: Named
    schedules: list[FeeScheduleTold]
    valid_from: date
    valid_until: date | None


class MarketBodyPage(PageOf):
    items: list[MarketBodyTold]


class LastDay(Shape):
    last: Annotated[Day, Field(description="The last day; included.")]


@router.get(
    "/brand-rooms",
    response=RoomPage,
    auth=READS,
    operation_id="listBrandRooms",
    summary="Brand rooms · 品牌调解室",
    url_name="api_rooms",
)
def list_rooms(request: HttpRequest, asked: Query[RoomsAsked]) -> RoomPage:
    """Every brand room of the county, the newest entry first."""
    with reading(request) as actor:
        check_may_read(actor)
        found = visible_to(actor)
        if asked.field:
            found = found.filter(fields__contains=[asked.field])
        if asked.open:
            found = found.filter(in_force(clock.today()))
        rows, after = newest_first(
            found, of=("rooms", asked.field, asked.open), cursor=asked.cursor, size=asked.size
        )
        return RoomPage(items=[_told(each) for each in rows], next=after)


@router.get(
    "/brand-rooms/{room_id}",
    response=RoomTold,
    auth=READS,
    operation_id="getBrandRoom",
    summary="One brand room · 一个品牌调解室",
    url_name="api_room",
)
def get_room(request: HttpRequest, room_id: UUID) -> RoomTold:
    """One brand room of the county."""
    with reading(request) as actor:
        return _told(room_by_id(actor, room_id))


@router.post(
    "/brand-rooms",
    response={201: Made},
    auth=WRITES,
    operation_id="openBrandRoom",
    summary="Enter a brand room · 登记品牌调解室",
    url_name="api_rooms",
    openapi_extra={"x-writes": "once"},
)
def open_room(request: HttpRequest, response: HttpResponse, sent: RoomSent) -> Any:
    """A leader enters a room of the own centre. Pictures are added at the desk."""
    actor, once = actor_of(request), once_of(request, sent)
    check_may_keep(actor, actor.centre_id)
    given = sent.model_dump()
    code, valid_from = given.pop("code"), given.pop("valid_from")
    words = RoomWords(**given)
    made = Made(
        **answered(
            once,
            response,
            lambda: flow.keep(
                actor=actor,
                action=PoolAction.OPEN_ROOM,
                once=once,
                code=code,
                words=words,
                valid_from=valid_from,
            ),
        )
    )
    response.headers["Location"] = f"/api/v1/brand-rooms/{made.id}"
    return Status(201, made)


@router.post(
    "/brand-rooms/{room_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endBrandRoom",
    summary="End a brand room · 结束品牌调解室",
    url_name="api_room_end",
    openapi_extra={"x-writes": "once"},
)
def end_room(request: HttpRequest, response: HttpResponse, room_id: UUID, sent: LastDay) -> Made:
    """Its last day. What was mediated there stays written."""
    actor, once = actor_of(request), once_of(request, sent)
    return Made(
        **answered(
            once,
            response,
            lambda: flow.keep(
                actor=actor,
                action=PoolAction.END_ROOM,
                subject=f"room:{room_id}",
                once=once,
                room_id=room_id,
                last=sent.last,
            ),
        )
    )


@router.get(
    "/talents",
    response=TalentPage,
    auth=READS,
    operation_id="listTalents",
    summary="The talent pool · 人才库",
    url_name="api_talents",
)
def list_talents(request: HttpRequest, asked: Query[TalentsAsked]) -> TalentPage:
    """Who can be asked today, the newest entry first."""
    with reading(request) as actor:
        check_may_read(actor)
        rows, after = newest_first(
            listed(actor, clock.today(), field=asked.field or "", language=asked.language or ""),
            of=("talents", asked.field, asked.language),
            cursor=asked.cursor,
            size=asked.size,
        )
        return TalentPage(items=[_talent(each) for each in rows], next=after)


@router.post(
    "/talents",
    response={201: Made},
    auth=WRITES,
    operation_id="listTalent",
    summary="List somebody in the talent pool · 登记人才",
    url_name="api_talents",
    openapi_extra={"x-writes": "once"},
)
def list_talent(request: HttpRequest, response: HttpResponse, sent: TalentSent) -> Any:
    """A leader lists somebody with their consent."""
    actor, once = actor_of(request), once_of(request, sent)
    check_may_keep(actor, actor.centre_id)
    new = NewTalent(**sent.model_dump())
    made = answered(
        once,
        response,
        lambda: flow.keep(actor=actor, action=PoolAction.LIST_TALENT, once=once, new=new),
    )
    return Status(201, Made(**made))


@router.post(
    "/talents/{talent_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endTalent",
    summary="Somebody leaves the talent pool · 移出人才库",
    url_name="api_talent_end",
    openapi_extra={"x-writes": "once"},
)
def end_talent(request: HttpRequest, response: HttpResponse, talent_id: UUID, sent: LastDay) -> Made:
    """The last day in the pool."""
    actor, once = actor_of(request), once_of(request, sent)
    return Made(
        **answered(
            once,
            response,
            lambda: flow.keep(
                actor=actor,
                action=PoolAction.END_TALENT,
                subject=f"talent:{talent_id}",
                once=once,
                talent_id=talent_id,
                last=sent.last,
            ),
        )
    )


@router.get(
    "/market-bodies",
    response=MarketBodyPage,
    auth=READS,
    operation_id="listMarketBodies",
    summary="Market mediation organisations · 市场化调解组织",
    url_name="api_market",
)
def list_market_bodies(request: HttpRequest, asked: Query[Listed]) -> MarketBodyPage:
    """Every organisation that the county's centres ever worked with, the newest entry first."""
    with reading(request) as actor:
        check_may_read(actor)
        rows, after = newest_first(bodies_of(actor), of=("market",), cursor=asked.cursor, size=asked.size)
        return MarketBodyPage(items=[_body(each) for each in rows], next=after)


def _body(row: MarketBody) -> MarketBodyTold:
    plain = {name: getattr(row, name) for name in ("name", "kind", "licence", "valid_from", "valid_until")}
    schedules = [FeeScheduleTold(valid_from=each.valid_from, text=each.text) for each in row.schedules.all()]
    centre = Named(id=str(row.centre_id), name=row.centre.name)
    return MarketBodyTold(id=row.pk, centre=centre, schedules=schedules, **plain)


def _talent(row: Talent) -> TalentTold:
    plain = {
        name: getattr(row, name)
        for name in TalentTold.model_fields
        if name not in ("id", "centre", "telephone")
    }
    centre = Named(id=str(row.centre_id), name=row.centre.name)
    return TalentTold(id=row.pk, centre=centre, telephone=masked_telephone(row), **plain)


def _told(row: BrandRoom) -> RoomTold:
    today = clock.today()
    plain = {
        name: getattr(row, name) for name in RoomTold.model_fields if name not in ("id", "centre", "people")
    }
    there = [each for each in row.at_work if each.valid_until is None or each.valid_until >= today]  # type: ignore[attr-defined]
    return RoomTold(
        id=row.pk,
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        people=[Named(id=str(each.person_id), name=each.person.name) for each in there],
        **plain,
    )
