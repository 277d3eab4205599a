"""Brand rooms (品牌调解室): what everybody may read of them, and who works there."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.keeping import kept
from fengqiao.api.mediators import FirstLevel
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import KEPT, Day, Hour, LastDay, Made, Named, PageOf, Shape, Told
from fengqiao.api.writing import etag, version_of
from fengqiao.kernel import clock
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.domain.rooms import RoomWords
from fengqiao.pool.enums import PoolAction
from fengqiao.pool.models import AtWork, BrandRoom
from fengqiao.pool.policies import check_may_read
from fengqiao.pool.queries.rooms import room_by_id, visible_to

router = Router(tags=["pool"])
Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday.")]


class RoomsAsked(Listed):
    """All that are given must hold."""

    field: FirstLevel | None = None
    open: Annotated[bool, Field(description="Only rooms that have not ended.")] = False


class RoomWordsSent(Shape):
    """What everybody may read of a room. Without a translation the English page shows the Chinese words."""

    name: Annotated[str, Field(min_length=2, max_length=60, pattern=KEPT)]
    name_en: Annotated[str, Field(max_length=100, pattern=KEPT)] = ""
    place: Annotated[str, Field(min_length=2, max_length=200, pattern=KEPT)]
    place_en: Annotated[str, Field(max_length=300, pattern=KEPT)] = ""
    way: Annotated[str, Field(max_length=500, pattern=KEPT)] = ""
    way_en: Annotated[str, Field(max_length=800, pattern=KEPT)] = ""
    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    opens: Hour
    closes: Hour
    opens_again: Hour | None = None
    closes_again: Hour | None = None
    fields: Annotated[list[FirstLevel], Field(min_length=1, max_length=30)]
    story: Annotated[str, Field(max_length=4000, pattern=KEPT)] = ""
    story_en: Annotated[str, Field(max_length=8000, pattern=KEPT)] = ""
    public: bool = False

    def words(self) -> RoomWords:
        return RoomWords(**{name: getattr(self, name) for name in RoomWordsSent.model_fields})


class RoomSent(RoomWordsSent):
    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    valid_from: Day


class AtWorkSent(Shape):
    """Somebody of the register of the room's centre."""

    person_id: UUID
    valid_from: Day
    agreed_on: Annotated[
        Day | None,
        Field(description="When they agreed to be named on the public page; without it they are not."),
    ] = None


class AtWorkTold(Named):
    """A mediator who works in a room."""

    work: Annotated[UUID, Field(description="What is ended when they leave.")]
    since: date
    named: Annotated[bool, Field(description="Whether the public page names them.")]


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
    opens: Hour
    closes: Hour
    opens_again: Hour | None
    closes_again: Hour | None
    fields: list[str]
    people: Annotated[list[AtWorkTold], Field(description="Mediators who work there today.")]
    story: str
    story_en: str
    public: bool
    valid_from: date
    valid_until: date | None
    version: Annotated[int, Field(description="What an amendment names.")]


class RoomPage(PageOf):
    items: list[RoomTold]


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
    made = kept(
        request,
        response,
        sent,
        PoolAction.OPEN_ROOM,
        code=sent.code,
        words=sent.words(),
        valid_from=sent.valid_from,
    )
    response.headers["Location"] = f"/api/v1/brand-rooms/{made.id}"
    return Status(201, made)


@router.post(
    "/brand-rooms/{room_id}/amend",
    response=Made,
    auth=WRITES,
    operation_id="amendBrandRoom",
    summary="Put a brand room right · 修改品牌调解室",
    url_name="api_room_amend",
    openapi_extra={"x-writes": "version", "x-version": "The room's `version`, as it was read."},
)
def amend_room(request: HttpRequest, response: HttpResponse, room_id: UUID, sent: RoomWordsSent) -> Made:
    """All that is said of the room, anew; the picture stays. 412 where somebody amended it meanwhile."""
    version = version_of(request)
    values = {"room_id": room_id, "words": sent.words(), "version": version}
    made = _kept(request, response, sent, PoolAction.AMEND_ROOM, room_id, **values)
    response.headers["ETag"] = etag(version + 1)
    return made


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
    return _kept(request, response, sent, PoolAction.END_ROOM, room_id, room_id=room_id, last=sent.last)


@router.post(
    "/brand-rooms/{room_id}/people",
    response={201: Made},
    auth=WRITES,
    operation_id="putToWorkInBrandRoom",
    summary="Somebody works there · 安排调解员到调解室",
    url_name="api_room_people",
    openapi_extra={"x-writes": "once"},
)
def put_to_work(request: HttpRequest, response: HttpResponse, room_id: UUID, sent: AtWorkSent) -> Any:
    """A mediator of the centre's register, from a day on; answers with the `work`."""
    given = {"room_id": room_id, **sent.model_dump()}
    return Status(201, _kept(request, response, sent, PoolAction.PUT_TO_WORK, room_id, **given))


@router.post(
    "/brand-rooms/{room_id}/people/{work_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endWorkInBrandRoom",
    summary="Somebody leaves it · 调解员离开调解室",
    url_name="api_room_people_end",
    openapi_extra={"x-writes": "once"},
)
def end_work(
    request: HttpRequest, response: HttpResponse, room_id: UUID, work_id: UUID, sent: LastDay
) -> Made:
    """Their last day there; the public page names them no more at once."""
    return _kept(request, response, sent, PoolAction.END_WORK, room_id, at_work_id=work_id, last=sent.last)


def _kept(
    request: HttpRequest,
    response: HttpResponse,
    sent: Shape,
    action: PoolAction,
    of: UUID,
    **values: Any,
) -> Made:
    return kept(request, response, sent, action, subject=f"room:{of}", **values)


def _told(row: BrandRoom) -> RoomTold:
    today = clock.today()
    plain = {
        name: getattr(row, name) for name in RoomTold.model_fields if name not in ("id", "centre", "people")
    }
    there = [each for each in row.at_work if each.valid_until is None or each.valid_until >= today]  # type: ignore[attr-defined]
    return RoomTold(
        id=row.pk,
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        people=[_at_work(each) for each in there],
        **plain,
    )


def _at_work(row: AtWork) -> AtWorkTold:
    return AtWorkTold(
        id=str(row.person_id), name=row.person.name, work=row.pk, since=row.valid_from, named=row.public
    )
