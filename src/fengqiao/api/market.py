"""Market mediation organisations (市场化调解组织): only kinds that may charge by law, with what they published."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.keeping import kept
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import KEPT, Day, LastDay, Made, Named, PageOf, Shape, Told
from fengqiao.pool.enums import PoolAction
from fengqiao.pool.models import MarketBody
from fengqiao.pool.policies import check_may_read
from fengqiao.pool.queries.market import visible_to as bodies_of

router = Router(tags=["pool"])


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


class MarketBodySent(Shape):
    """An organisation that works with the own centre."""

    name: Annotated[str, Field(min_length=2, max_length=100, pattern=KEPT)]
    kind: Annotated[
        str,
        Field(max_length=20, pattern=KEPT, description="Id of mediation-bodies.csv; one that may charge."),
    ]
    licence: Annotated[str, Field(min_length=2, max_length=200, pattern=KEPT)]
    valid_from: Day


class FeeScheduleSent(Shape):
    """What it charges from a day on, as it published it."""

    valid_from: Day
    text: Annotated[str, Field(min_length=2, max_length=4000, pattern=KEPT)]


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


@router.post(
    "/market-bodies",
    response={201: Made},
    auth=WRITES,
    operation_id="enterMarketBody",
    summary="Enter a market mediation organisation · 登记市场化调解组织",
    url_name="api_market",
    openapi_extra={"x-writes": "once"},
)
def enter_body(request: HttpRequest, response: HttpResponse, sent: MarketBodySent) -> Any:
    """A leader enters an organisation of a kind that may charge; the rule names the article otherwise."""
    return Status(201, kept(request, response, sent, PoolAction.ENTER_BODY, **sent.model_dump()))


@router.post(
    "/market-bodies/{body_id}/fees",
    response={201: Made},
    auth=WRITES,
    operation_id="publishFees",
    summary="What it charges · 登记收费标准",
    url_name="api_market_fees",
    openapi_extra={"x-writes": "once"},
)
def publish_fees(request: HttpRequest, response: HttpResponse, body_id: UUID, sent: FeeScheduleSent) -> Any:
    """A schedule from a day on. An earlier one stays readable: what was agreed under it names it."""
    return Status(
        201,
        kept(
            request,
            response,
            sent,
            PoolAction.PUBLISH_FEES,
            subject=f"market:{body_id}",
            body_id=body_id,
            **sent.model_dump(),
        ),
    )


@router.post(
    "/market-bodies/{body_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endMarketBody",
    summary="The centre works with it no more · 结束合作",
    url_name="api_market_end",
    openapi_extra={"x-writes": "once"},
)
def end_body(request: HttpRequest, response: HttpResponse, body_id: UUID, sent: LastDay) -> Made:
    """Its last day. What was agreed with it stays written."""
    return kept(
        request,
        response,
        sent,
        PoolAction.END_BODY,
        subject=f"market:{body_id}",
        body_id=body_id,
        last=sent.last,
    )


def _body(row: MarketBody) -> MarketBodyTold:
    plain = {name: getattr(row, name) for name in ("name", "kind", "licence", "valid_from", "valid_until")}
    schedules = [FeeScheduleTold(valid_from=each.valid_from, text=each.text) for each in row.schedules.all()]
    centre = Named(id=str(row.centre_id), name=row.centre.name)
    return MarketBodyTold(id=row.pk, centre=centre, schedules=schedules, **plain)
