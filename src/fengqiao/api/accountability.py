"""The accountability list: facts about how bodies handled matters, each with the reply of its body; never by person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fengqiao.api.doors import READS, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Day, Named, PageOf, Told
from fengqiao.reviews.enums import HeldKind, Source, Standing
from fengqiao.reviews.policies import check_may_read_list
from fengqiao.reviews.queries import listed as query
from fengqiao.reviews.queries.listed import ListFilter, Shown

router = Router(tags=["accountability"])


class ListAsked(Listed):
    """All that are given must hold."""

    kind: HeldKind | None = None
    standing: Standing | None = None
    department: Annotated[UUID | None, Field(description="The department of which it is said.")] = None
    first: Annotated[Day | None, Field(description="Entered on this day or later (Asia/Shanghai).")] = None
    last: Annotated[Day | None, Field(description="Entered on this day or before it (Asia/Shanghai).")] = None


class HeldTold(Told):
    """One fact on the list. Nothing in it names a person."""

    id: UUID
    matter: Annotated[str, Field(description="The matter's code.")]
    kind: HeldKind
    standing: Standing
    department: Annotated[Named | None, Field(description="None where the centre itself is meant.")]
    centre: Named
    sentence: Annotated[str, Field(description="The fact in words.")]
    basis: str
    source: Annotated[Source, Field(description="Where in the ledger it is seen.")]
    source_id: UUID
    is_shown_still: Annotated[bool, Field(description="Whether the ledger shows it today.")]
    due_at: datetime
    remark: Annotated[str, Field(description="Why it was entered.")]
    entered_at: datetime
    reply_by: date
    reply: str
    replied_at: datetime | None
    withdrawal: Annotated[str, Field(description="Why it was withdrawn; empty while it stands.")]
    withdrawn_at: datetime | None


class HeldPage(PageOf):
    items: list[HeldTold]


@router.get(
    "/accountability",
    response=HeldPage,
    auth=READS,
    operation_id="listAccountability",
    summary="The accountability list · 责任清单",
    url_name="api_accountability",
)
def list_accountability(request: HttpRequest, asked: Query[ListAsked]) -> HeldPage:
    """The entries that the post may see, the newest first; what was withdrawn stands there with the reason."""
    with reading(request) as actor:
        check_may_read_list(actor)
        wanted = ListFilter(
            kind=asked.kind or "",
            standing=asked.standing or "",
            department=asked.department,
            first=asked.first,
            last=asked.last,
        )
        rows, after = newest_first(
            query.entries(actor, wanted), of=("accountability", wanted), cursor=asked.cursor, size=asked.size
        )
        return HeldPage(items=[_told(each) for each in query.shown(actor, rows)], next=after)


def _told(shown: Shown) -> HeldTold:
    row = shown.listed
    return HeldTold(
        id=row.pk,
        matter=row.matter.code,
        kind=HeldKind(row.kind),
        standing=shown.standing,
        department=Named(id=str(row.department_id), name=row.department.name) if row.department else None,
        centre=Named(id=str(row.centre_id), name=row.centre.name),
        sentence=shown.sentence,
        basis=shown.basis,
        source=Source(row.source),
        source_id=row.source_id,
        is_shown_still=shown.is_shown_still,
        due_at=row.due_at,
        remark=row.remark,
        entered_at=row.entered_at,
        reply_by=row.reply_by,
        reply=row.reply,
        replied_at=row.replied_at,
        withdrawal=row.withdrawal,
        withdrawn_at=row.withdrawn_at,
    )
