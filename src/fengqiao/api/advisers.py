"""The roster of legal advisers (法学会、首席法律咨询专家、法治顾问团), and what each was asked as rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.shapes import KEPT, Day, Line, Shape, Told
from fengqiao.api.writing import answered, once_of
from fengqiao.counsel.enums import AdviserAction, Capacity
from fengqiao.counsel.policies import check_may_read_advisers
from fengqiao.counsel.queries.advisers import listed
from fengqiao.flows import advisers as flow
from fengqiao.kernel import clock

router = Router(tags=["advisers"])


class AdviserTold(Told):
    """Who can be asked about the law, named by whom. Nothing in it judges anybody."""

    id: UUID
    kind: Capacity
    name: str
    unit: str
    what_for: str
    appointed_by: str
    basis: str
    valid_from: date
    valid_until: date | None
    asked: Annotated[int, Field(description="Consultations to which they were asked, that the post sees.")]
    answers: Annotated[int, Field(description="Opinions that they gave there.")]


class AdviserList(Told):
    items: list[AdviserTold]


class AdviserSent(Shape):
    kind: Literal["law_society", "chief", "advisory"]
    name: Annotated[str, Field(min_length=2, max_length=60, pattern=KEPT)]
    unit: Annotated[str, Field(max_length=120, pattern=KEPT)] = ""
    what_for: Line
    appointed_by: Annotated[str, Field(max_length=120, pattern=KEPT)]
    basis: Line
    valid_from: Day
    valid_until: Day | None = None


class LastSent(Shape):
    last: Day


class AdviserReceipt(Told):
    """Whose entry it is."""

    id: UUID
    said: AdviserAction


@router.get(
    "/advisers",
    response=AdviserList,
    auth=READS,
    operation_id="listAdvisers",
    summary="The roster of legal advisers · 法律顾问名册",
    url_name="api_advisers",
)
def list_advisers(request: HttpRequest) -> AdviserList:
    """Everybody whom the county has named, those in office first, by kind and name. For posts of a centre."""
    with reading(request) as actor:
        check_may_read_advisers(actor)
        found = listed(actor, clock.today())
        return AdviserList(items=[AdviserTold.model_validate(each) for each in found])


@router.post(
    "/advisers",
    response=AdviserReceipt,
    auth=WRITES,
    operation_id="enterAdviser",
    summary="Enter somebody · 登记法律顾问",
    url_name="api_adviser_new",
    openapi_extra={"x-writes": "once"},
)
def enter(request: HttpRequest, response: HttpResponse, sent: AdviserSent) -> AdviserReceipt:
    """By a leader of a centre of the county, with the paper by which they were named."""
    once = once_of(request, sent)

    def work() -> None:
        with reading(request) as actor:
            once.begin()
        flow.enter(actor=actor, once=once, **sent.model_dump())

    return AdviserReceipt(**answered(once, response, work))


@router.post(
    "/advisers/{adviser_id}/end",
    response=AdviserReceipt,
    auth=WRITES,
    operation_id="endAdviser",
    summary="The last day · 停任法律顾问",
    url_name="api_adviser_end",
    openapi_extra={"x-writes": "once"},
)
def end(request: HttpRequest, response: HttpResponse, adviser_id: UUID, sent: LastSent) -> AdviserReceipt:
    """What they were asked stays."""
    once = once_of(request, sent)

    def work() -> None:
        with reading(request) as actor:
            once.begin()
        flow.end(actor=actor, adviser_id=adviser_id, once=once, **sent.model_dump())

    return AdviserReceipt(**answered(once, response, work))
