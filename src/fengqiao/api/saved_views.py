"""Saved views of the ledger: one's own and those of the centre."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of, reader_of, reading
from fengqiao.api.filters import Filter
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.shapes import KEPT, Made, PageOf, Shape, Told
from fengqiao.api.writing import answered, once_of
from fengqiao.flows import saved_views as flow
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain.saving_views import LONGEST_NAME
from fengqiao.matters.models import SavedView
from fengqiao.matters.policies import may_change_view
from fengqiao.matters.queries.filter_words import words_of
from fengqiao.matters.queries.saved_views import no_longer_there, views_of

router = Router(tags=["views"])


class ViewNamed(Shape):
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=KEPT)]
    shared: Annotated[bool, Field(description="For everybody of the centre; leaders share.")] = False


class ViewSent(ViewNamed):
    filter: Annotated[
        Filter, Field(description="As `GET /matters` takes it, with no number of anybody in it.")
    ] = Filter()


class ViewLine(Told):
    """A saved view."""

    id: UUID
    name: str
    shared: bool
    filter: Annotated[dict[str, str], Field(description="As `GET /matters` takes it: send it there.")]
    said: Annotated[str, Field(description="The same in words, as when it was saved (Chinese).")]
    saved_at: datetime
    mine: Annotated[bool, Field(description="The caller saved it.")]
    may_change: bool


class ViewTold(ViewLine):
    """A saved view, and what of its filter exists no more."""

    gone: Annotated[list[str], Field(description="Filters whose value exists no more.")]


class ViewPage(PageOf):
    items: list[ViewLine]


@router.get(
    "/views",
    response=ViewPage,
    auth=READS,
    operation_id="listViews",
    summary="Saved views · 保存的视图",
    url_name="api_views",
)
def list_views(request: HttpRequest, asked: Query[Listed]) -> ViewPage:
    """The caller's own views and those shared with the centre of the post, by name."""
    with reading(request) as actor:
        found = views_of(actor)
        rows, after = sliced(
            lambda within: found[within], of=("views", actor.post_id), cursor=asked.cursor, size=asked.size
        )
        return ViewPage(items=[ViewLine(**_line(actor, each)) for each in rows], next=after)


@router.post(
    "/views",
    response={201: Made},
    auth=WRITES,
    operation_id="saveView",
    summary="Save a view · 保存视图",
    url_name="api_views",
    openapi_extra={"x-writes": "once"},
)
def save_view(request: HttpRequest, response: HttpResponse, sent: ViewSent) -> Any:
    """Keeps a filter and order of the ledger under a name."""
    actor, once = actor_of(request), once_of(request, sent)

    def work() -> None:
        with scope(actor):
            # Asked here already: what the filter names may have gone since.
            once.begin()
            wanted = sent.filter.kept()
            said = words_of(wanted)
        flow.save(actor=actor, wanted=wanted, said=said, name=sent.name, shared=sent.shared, once=once)

    made = Made(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/views/{made.id}"
    return Status(201, made)


@router.get(
    "/views/{view_id}",
    response=ViewTold,
    auth=READS,
    operation_id="getView",
    summary="One view · 一个视图",
    url_name="api_view",
)
def get_view(request: HttpRequest, view_id: UUID) -> ViewTold:
    """One view, with what of its filter exists no more."""
    with reading(request) as actor:
        return _told(actor, view_id)


@router.put(
    "/views/{view_id}",
    response=ViewTold,
    auth=WRITES,
    operation_id="changeView",
    summary="Rename or share a view · 修改视图",
    url_name="api_view",
    openapi_extra={"x-writes": "again"},
)
def change_view(request: HttpRequest, view_id: UUID, sent: ViewNamed) -> ViewTold:
    """Another name, shared or taken back. The filter stays: another filter is another view."""
    actor = reader_of(request)
    flow.change(actor=actor, view_id=view_id, name=sent.name, shared=sent.shared)
    with scope(actor):
        return _told(actor, view_id)


@router.delete(
    "/views/{view_id}",
    response={204: None},
    auth=WRITES,
    operation_id="removeView",
    summary="Remove a view · 删除视图",
    url_name="api_view",
    openapi_extra={"x-writes": "again"},
)
def remove_view(request: HttpRequest, view_id: UUID) -> Any:
    """Takes it out of everybody's lists; schedules that export it stop at their next moment."""
    flow.remove(actor=reader_of(request), view_id=view_id)
    return Status(204, None)


def _told(actor: Actor, view_id: UUID) -> ViewTold:
    view = views_of(actor).filter(pk=view_id).first()
    if view is None:
        raise NotAllowed("view_not_found", _("没有这个视图，或不是给您现在的岗位用的。"))
    return ViewTold(**_line(actor, view), gone=no_longer_there(view.asked))


def _line(actor: Actor, view: SavedView) -> dict[str, Any]:
    return {
        **{name: getattr(view, name) for name in ("id", "name", "said", "saved_at")},
        "shared": view.is_shared,
        "filter": view.asked,
        "mine": view.person_id == actor.person_id,
        "may_change": may_change_view(actor, view),
    }
