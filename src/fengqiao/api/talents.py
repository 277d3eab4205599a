"""The talent pool (人才库): people who agreed to be asked to help."""

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
from fengqiao.kernel import clock
from fengqiao.mediators.enums import Language
from fengqiao.pool.domain.talents import NewTalent, masked_telephone
from fengqiao.pool.enums import PoolAction, Profession
from fengqiao.pool.models import Talent
from fengqiao.pool.policies import check_may_read
from fengqiao.pool.queries.talents import listed

router = Router(tags=["pool"])


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

    name: Annotated[str, Field(min_length=2, max_length=64, pattern=KEPT)]
    profession: Profession
    origin: Annotated[str, Field(min_length=2, max_length=100, pattern=KEPT)]
    certificate: Annotated[str, Field(max_length=200, pattern=KEPT)] = ""
    fields: Annotated[
        list[Annotated[str, Field(max_length=20, pattern=KEPT)]], Field(min_length=1, max_length=30)
    ]
    languages: Annotated[list[Language], Field(max_length=20)] = Field(default_factory=list)
    telephone: Annotated[str, Field(max_length=40, pattern=KEPT)] = ""
    agreed_on: Annotated[Day, Field(description="The day of their consent.")]
    valid_until: Day


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
    new = NewTalent(**sent.model_dump())
    return Status(201, kept(request, response, sent, PoolAction.LIST_TALENT, new=new))


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
    return kept(
        request,
        response,
        sent,
        PoolAction.END_TALENT,
        subject=f"talent:{talent_id}",
        talent_id=talent_id,
        last=sent.last,
    )


def _talent(row: Talent) -> TalentTold:
    plain = {
        name: getattr(row, name)
        for name in TalentTold.model_fields
        if name not in ("id", "centre", "telephone")
    }
    centre = Named(id=str(row.centre_id), name=row.centre.name)
    return TalentTold(id=row.pk, centre=centre, telephone=masked_telephone(row), **plain)
