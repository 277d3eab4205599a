"""Notices to the calling post: listed, and marked as read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Named, PageOf, Told, named
from fengqiao.matters.models import Matter
from fengqiao.notices.domain import reading
from fengqiao.notices.enums import Kind, Urgency
from fengqiao.notices.models import Notice
from fengqiao.notices.queries.inbox import matters_of, notices_of

router = Router(tags=["notices"])


class NoticesAsked(Listed):
    unread: Annotated[bool, Field(description="Only what is unread.")] = False


class NoticeTold(Told):
    """What the person of the calling post was told. Nobody else reads it."""

    id: UUID
    kind: Kind
    words: Annotated[str, Field(description="The kind in words, in the language that was asked for.")]
    urgency: Urgency
    matter: Annotated[str | None, Field(description="Its code, where the post may see the matter now.")]
    about: Annotated[Named | None, Field(description="The department that it speaks of.")]
    subject: Annotated[UUID | None, Field(description="The whistle, export or import that it speaks of.")]
    due_on: date | None
    created_at: datetime
    read_at: datetime | None


class NoticePage(PageOf):
    items: list[NoticeTold]


@router.get(
    "/notices",
    response=NoticePage,
    auth=READS,
    operation_id="listNotices",
    summary="Notices · 通知",
    url_name="api_notices",
)
def list_notices(request: HttpRequest, asked: Query[NoticesAsked]) -> NoticePage:
    """What the person was told in the calling post, newest first."""
    actor = actor_of(request)
    with scope(actor):
        found = notices_of(actor).select_related("about")
        if asked.unread:
            found = found.filter(read_at=None)
        rows, after = newest_first(
            found, of=("notices", actor.post_id, asked.unread), cursor=asked.cursor, size=asked.size
        )
        matters = matters_of(actor, rows)
        return NoticePage(items=[_told(each, matters) for each in rows], next=after)


@router.post(
    "/notices/{notice_id}/read",
    response=NoticeTold,
    auth=WRITES,
    operation_id="readNotice",
    summary="Mark as read · 标为已读",
    url_name="api_notice_read",
    openapi_extra={"x-writes": "again"},
)
def read_notice(request: HttpRequest, notice_id: UUID) -> NoticeTold:
    """Marks one's own notice as read; sent again it keeps the moment of the first time."""
    actor = actor_of(request)
    with scope(actor):
        notice = reading.read(actor=actor, notice_id=notice_id)
        return _told(notice, matters_of(actor, [notice]))


def _told(notice: Notice, matters: Mapping[UUID, Matter]) -> NoticeTold:
    matter = matters.get(notice.matter_id) if notice.matter_id else None
    return NoticeTold(
        id=notice.pk,
        kind=Kind(notice.kind),
        words=notice.words,
        urgency=Urgency(notice.urgency),
        matter=matter.code if matter else None,
        about=named(notice.about),
        subject=notice.subject_id,
        due_on=notice.due_on,
        created_at=notice.created_at,
        read_at=notice.read_at,
    )
