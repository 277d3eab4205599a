"""The parts of one matter, each a list with pages: parties, sessions, dispatches, clocks, files, history."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Path, Query, Router, UploadedFile
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.scope import scope
from fengqiao.api import told
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.session_shapes import SessionPage, session_of
from fengqiao.api.shapes import KEPT, Code, Shape
from fengqiao.api.time_limits import limits_of
from fengqiao.api.uploads import as_download, same_file, taken
from fengqiao.api.writing import Receipt, carried_out, once_of, version_of
from fengqiao.dispatch.queries.handovers import assignments_of
from fengqiao.flows import materials
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import HistoryEvent, Word
from fengqiao.matters.queries.record import material_of, parties_shown
from fengqiao.mediation.queries.mediations import mediations_of
from fengqiao.mediation.queries.process import footings_of

router = Router(tags=["parts of a matter"])


@router.get(
    "/matters/{code}/parties",
    response=told.PartyPage,
    auth=READS,
    operation_id="listParties",
    summary="Parties · 当事人",
    url_name="api_parties",
)
def parties(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> told.PartyPage:
    """Who is in the matter; identity numbers, phones and addresses masked."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        rows, after = sliced(
            lambda within: parties_shown(matter, within=within),
            of=("parties", code),
            cursor=asked.cursor,
            size=asked.size,
        )
        return told.PartyPage(items=[told.party_of(each) for each in rows], next=after)


@router.get(
    "/matters/{code}/sessions",
    response=SessionPage,
    auth=READS,
    operation_id="listSessions",
    summary="Mediations · 调解",
    url_name="api_sessions",
)
def sessions(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> SessionPage:
    """The mediations of the matter, oldest first."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        rows, after = sliced(
            lambda within: mediations_of(matter, within=within),
            of=("sessions", code),
            cursor=asked.cursor,
            size=asked.size,
        )
        stand = footings_of(rows)
        items = [session_of(each, stand.get(each.pk)) for each in rows]
        return SessionPage(items=items, next=after)


@router.get(
    "/matters/{code}/dispatches",
    response=told.DispatchPage,
    auth=READS,
    operation_id="listDispatches",
    summary="Dispatches · 承办",
    url_name="api_dispatches",
)
def dispatches(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> told.DispatchPage:
    """The departments that have or had the matter, in the order in which they were given it."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        found = assignments_of(actor, matter).order_by("issued_at", "id")
        rows, after = sliced(
            lambda within: found[within], of=("dispatches", code), cursor=asked.cursor, size=asked.size
        )
        return told.DispatchPage(items=[told.dispatch_of(each) for each in rows], next=after)


@router.get(
    "/matters/{code}/clocks",
    response=told.ClockPage,
    auth=READS,
    operation_id="listClocks",
    summary="Clocks · 时限",
    url_name="api_clocks",
)
def clocks(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> told.ClockPage:
    """What runs on the matter now, and what is due when; its limits last, also those that have stopped."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        running = assignments_of(actor, matter).filter(dispatch__ended_at=None).order_by("issued_at", "id")
        found = [*told.clocks_of(matter, list(running)), *limits_of(matter)]
        rows, after = sliced(
            lambda within: found[within], of=("clocks", code), cursor=asked.cursor, size=asked.size
        )
        return told.ClockPage(items=rows, next=after)


@router.get(
    "/matters/{code}/files",
    response=told.FilePage,
    auth=READS,
    operation_id="listFiles",
    summary="Files · 材料",
    url_name="api_files",
)
def files(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> told.FilePage:
    """The materials of the matter, oldest first."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        found = matter.matterfiles.select_related("file").order_by("added_at", "id")
        rows, after = sliced(
            lambda within: found[within], of=("files", code), cursor=asked.cursor, size=asked.size
        )
        return told.FilePage(items=[told.file_of(each) for each in rows], next=after)


class Purpose(Shape):
    purpose: Annotated[str, Field(max_length=32, pattern=KEPT)] = ""


@router.post(
    "/matters/{code}/files",
    response={201: Receipt},
    auth=WRITES,
    operation_id="addFile",
    summary="Add a file · 添加材料",
    url_name="api_files",
    openapi_extra={"x-writes": "version"},
)
def add_file(
    request: HttpRequest,
    response: HttpResponse,
    code: Path[Code],
    file: File[UploadedFile],
    given: Form[Purpose],
) -> Any:
    """Adds one material: an image, PDF, Word, Excel, or a recording, of at most 50 MB."""
    actor, upload = actor_of(request), taken(file)
    once, version = once_of(request, same_file(upload) | {"purpose": given.purpose}), version_of(request)

    def work() -> None:
        with scope(actor):
            once.begin()
            matter = opened(actor, code, door="action")
        materials.add(
            actor=actor,
            matter_id=matter.pk,
            uploads=[upload],
            purpose=given.purpose,
            version=version,
            once=once,
        )

    receipt = carried_out(once, response, work)
    response.headers["Location"] = f"/api/v1/matters/{receipt.code}/files"
    return Status(201, receipt)


@router.get(
    "/matters/{code}/files/{file_id}",
    response={200: Any},
    auth=READS,
    operation_id="getFile",
    summary="One file · 材料内容",
    url_name="api_file",
    openapi_extra={"x-answers": "a file"},
)
def file(request: HttpRequest, code: Path[Code], file_id: UUID) -> HttpResponse:
    """The content of a material as it was handed in."""
    with reading(request) as actor:
        matter = opened(actor, code, door="file")
        found = material_of(matter, file_id)
        if found is None:
            raise NotAllowed("file_not_found", _("本事项没有这份材料。"))
        return as_download(found.name, materials.opened(found))


@router.get(
    "/matters/{code}/history",
    response=told.EventPage,
    auth=READS,
    operation_id="listHistory",
    summary="History · 经过",
    url_name="api_history",
)
def history(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> told.EventPage:
    """What happened to the matter, oldest first, link by link."""
    with reading(request) as actor:
        matter = opened(actor, code, door=DOOR)
        events = HistoryEvent.objects.filter(matter_id=matter.id).order_by("seq")
        rows, after = sliced(
            lambda within: events[within], of=("history", code), cursor=asked.cursor, size=asked.size
        )
        said: dict[int, list[Word]] = {}
        for word in Word.objects.filter(matter_id=matter.id, seq__in=[e.seq for e in rows]).order_by("kind"):
            said.setdefault(word.seq, []).append(word)
        return told.EventPage(items=[told.event_of(each, said) for each in rows], next=after)
