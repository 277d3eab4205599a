"""Signed scans (签字扫描件): stacks handed in, how far they are read, what became of their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, UploadedFile
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of, reader_of, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import KEPT, Code, Made, Shape, Told
from fengqiao.api.uploads import as_download, same_file, taken
from fengqiao.api.writing import answered, once_of
from fengqiao.dossier.domain.filing import MOST_PAGES
from fengqiao.dossier.domain.scanning import is_lost
from fengqiao.dossier.domain.settling import LONGEST_NOTE, Target
from fengqiao.dossier.enums import SETTLED_PAGES, PageState, PaperKind, SourceTrouble, StackState
from fengqiao.dossier.models import ScanPage, ScanStack
from fengqiao.dossier.policies import check_may_scan
from fengqiao.dossier.queries.scans import pages_of, stack_by_id, stacks_of
from fengqiao.flows import scanning as flow
from fengqiao.flows.once import Once
from fengqiao.flows.reading import opened

router = Router(tags=["signed scans"])


class ScanSourceTold(Told):
    """One file of a stack."""

    id: UUID
    name: str
    digest: Annotated[str, Field(description="SM3 of what was handed in, hexadecimal.")]
    pages: int
    trouble: Annotated[SourceTrouble | None, Field(description="Why nothing of it was read.")]
    kept: Annotated[bool, Field(description="It goes ninety days after nothing in the stack waits.")]


class ScanPageTold(Told):
    """One page: what its code says, and what became of it or what it waits for."""

    id: UUID
    source: UUID
    leaf: Annotated[int, Field(description="Page of the file.")]
    state: PageState
    matter: Annotated[str | None, Field(description="Code of the matter that it belongs to, if you see it.")]
    number: Annotated[str, Field(description="Number of the paper as its code says it; empty without one.")]
    page: Annotated[int, Field(description="Page of the paper; 0 without a code.")]
    pages: int
    signed: Annotated[
        UUID | None, Field(description="The signed page that it became, or that stands in its place.")
    ]
    settled: Annotated[bool, Field(description="Nothing is to be done about it.")]
    note: str


class ScanStackTold(Told):
    """A stack. It is read by a job: ask again until `state` is neither `ordered` nor `reading`."""

    id: UUID
    state: StackState
    stalled: Annotated[bool, Field(description="Nobody goes on with it: resume it.")]
    matter: Annotated[str | None, Field(description="Code of the matter in which it was handed in.")]
    total: int
    done: int
    waiting: Annotated[int, Field(description="Pages that wait for a word.")]
    reason: str
    handed_at: datetime
    finished_at: datetime | None


class ScanStackPage(Told):
    items: list[ScanStackTold]
    next: str | None


class ScansTold(ScanStackTold):
    """The same with its files and pages, in their order."""

    sources: list[ScanSourceTold]
    read: list[ScanPageTold]


class StackSent(Shape):
    matter: Annotated[Code | None, Field(description="Handed in in a matter: pages of others wait.")] = None


class PlacedSent(Shape):
    """Where a page belongs."""

    matter: Code
    paper: PaperKind
    reference: UUID
    page: Annotated[int, Field(ge=1, le=MOST_PAGES)]
    pages: Annotated[int, Field(ge=0, le=MOST_PAGES, description="0: as many as the paper has now.")] = 0
    replaces: Annotated[bool, Field(description="What stands there is replaced, and kept.")] = False


class TakenSent(Shape):
    """It belongs where its own code says."""

    replaces: Annotated[bool, Field(description="What stands there is replaced, and kept.")] = False


class AsideSent(Shape):
    note: Annotated[str, Field(max_length=LONGEST_NOTE, pattern=KEPT)] = ""


class NothingMore(Shape):
    """There is nothing to say."""


@router.get(
    "/scans",
    response=ScanStackPage,
    auth=READS,
    operation_id="listScans",
    summary="Stacks of scans · 扫描件",
    url_name="api_scans",
)
def list_scans(request: HttpRequest, asked: Query[Listed]) -> ScanStackPage:
    """What was handed in at the caller's centre, newest first."""
    with scanning(request) as actor:
        found = stacks_of(actor).select_related("matter")
        rows, after = newest_first(found, of=("scans", actor.centre_id), cursor=asked.cursor, size=asked.size)
        return ScanStackPage(items=[ScanStackTold(**_stack(each)) for each in rows], next=after)


@router.post(
    "/scans",
    response={201: Made},
    auth=WRITES,
    operation_id="handInScans",
    summary="Hand a stack in · 交扫描件",
    url_name="api_scans",
    openapi_extra={"x-writes": "once"},
)
def hand_in(
    request: HttpRequest, response: HttpResponse, files: File[list[UploadedFile]], given: Form[StackSent]
) -> Any:
    """PDF, JPG or PNG in any order. Each page is filed by its code; what cannot be filed waits and is told."""
    actor = actor_of(request)
    uploads = [taken(file, "files") for file in files]
    once = once_of(request, {"files": [same_file(each) for each in uploads], **given.model_dump()})

    def work() -> None:
        matter = None
        if given.matter:
            with scope(actor):
                once.begin()
                check_may_scan(actor)
                matter = opened(actor, given.matter, door="action")
        flow.hand_in(actor=actor, uploads=uploads, matter_id=matter.pk if matter else None, once=once)

    made = Made(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/scans/{made.id}"
    return Status(201, made)


@router.get(
    "/scans/{scan_id}",
    response=ScansTold,
    auth=READS,
    operation_id="getScans",
    summary="One stack · 一叠扫描件",
    url_name="api_scan",
)
def get_scans(request: HttpRequest, scan_id: UUID) -> ScansTold:
    """How far its reading is, and what became of each page that the caller may see."""
    with scanning(request) as actor:
        stack = stack_by_id(actor, scan_id)
        return ScansTold(
            **_stack(stack),
            sources=[
                ScanSourceTold(
                    id=each.pk,
                    name=each.name,
                    digest=each.digest,
                    pages=each.pages,
                    trouble=SourceTrouble(each.trouble) if each.trouble else None,
                    kept=each.file_id is not None,
                )
                for each in stack.sources.all()
            ],
            read=[_page(each) for each in pages_of(actor, stack)],
        )


@router.post(
    "/scans/{scan_id}/resume",
    response=Made,
    auth=WRITES,
    operation_id="resumeScans",
    summary="Read it again · 重新识别",
    url_name="api_scan_resume",
    openapi_extra={"x-writes": "once"},
)
def resume(request: HttpRequest, response: HttpResponse, scan_id: UUID, sent: NothingMore) -> Made:
    """A stack whose reading nobody goes on with."""
    return _made(
        request, response, sent, lambda actor, once: flow.resume(actor=actor, stack_id=scan_id, once=once)
    )


@router.get(
    "/scans/{scan_id}/sources/{source_id}",
    response={200: Any},
    auth=READS,
    operation_id="getScanSource",
    summary="A file as it was handed in · 交来的文件",
    url_name="api_scan_source",
    openapi_extra={"x-answers": "a file"},
)
def get_source(request: HttpRequest, scan_id: UUID, source_id: UUID) -> HttpResponse:
    """Where the caller may see every page of it. Fetching it is written into the audit."""
    source, content = flow.original_of(actor=reader_of(request), stack_id=scan_id, source_id=source_id)
    return as_download(source.name, content)


@router.get(
    "/scanned-pages/{page_id}/picture",
    response={200: Any},
    auth=READS,
    operation_id="getScannedPicture",
    summary="How a page looks · 页面图片",
    url_name="api_scanned_picture",
    openapi_extra={"x-answers": "a file"},
)
def get_picture(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """A JPEG of at most 1,200 points across."""
    with scanning(request) as actor:
        return as_download(f"{page_id}.jpg", flow.picture_of(actor=actor, page_id=page_id))


@router.post(
    "/scanned-pages/{page_id}/place",
    response=Made,
    auth=WRITES,
    operation_id="placeScannedPage",
    summary="Say where it belongs · 指定文书",
    url_name="api_scanned_place",
    openapi_extra={"x-writes": "once"},
)
def place(request: HttpRequest, response: HttpResponse, page_id: UUID, sent: PlacedSent) -> Made:
    """A page that waits, or was set aside, is put in by hand. Answers the signed page."""

    def work(actor: Actor, once: Once) -> None:
        with scope(actor):
            once.begin()
            check_may_scan(actor)
            matter = opened(actor, sent.matter, door="action")
        target = Target(matter.pk, sent.paper, sent.reference, sent.page, sent.pages)
        flow.place(actor=actor, page_id=page_id, target=target, replaces=sent.replaces, once=once)

    return _made(request, response, sent, work)


@router.post(
    "/scanned-pages/{page_id}/take",
    response=Made,
    auth=WRITES,
    operation_id="takeScannedPage",
    summary="File it where its code says · 按二维码归卷",
    url_name="api_scanned_take",
    openapi_extra={"x-writes": "once"},
)
def take(request: HttpRequest, response: HttpResponse, page_id: UUID, sent: TakenSent) -> Made:
    """Although it waited: of earlier facts, of another matter, once more. Answers the signed page."""

    def work(actor: Actor, once: Once) -> None:
        flow.take(actor=actor, pages=[page_id], replaces=sent.replaces, once=once)

    return _made(request, response, sent, work)


@router.post(
    "/scanned-pages/{page_id}/aside",
    response=Made,
    auth=WRITES,
    operation_id="setScannedPageAside",
    summary="Set it aside · 搁置",
    url_name="api_scanned_aside",
    openapi_extra={"x-writes": "once"},
)
def set_aside(request: HttpRequest, response: HttpResponse, page_id: UUID, sent: AsideSent) -> Made:
    """It belongs to no paper, or is seen to elsewhere; it stays in its stack and can still be placed."""

    def work(actor: Actor, once: Once) -> None:
        flow.set_aside(actor=actor, page_id=page_id, note=sent.note, once=once)

    return _made(request, response, sent, work)


@contextmanager
def scanning(request: HttpRequest) -> Iterator[Actor]:
    """The scope of whoever files scans; raises ``NotAllowed`` for every other post."""
    with reading(request) as actor:
        check_may_scan(actor)
        yield actor


def _made(
    request: HttpRequest, response: HttpResponse, sent: Shape, work: Callable[[Actor, Once], Any]
) -> Made:
    actor, once = actor_of(request), once_of(request, sent)
    return Made(**answered(once, response, lambda: work(actor, once)))


def _stack(stack: ScanStack) -> dict[str, Any]:
    plain = ("id", "total", "done", "reason", "handed_at", "finished_at")
    return {name: getattr(stack, name) for name in plain} | {
        "state": StackState(stack.state),
        "stalled": is_lost(stack),
        "matter": stack.matter.code if stack.matter else None,
        "waiting": getattr(stack, "waiting", 0),
    }


def _page(page: ScanPage) -> ScanPageTold:
    matter = page.signed.matter if page.signed else page.matter
    return ScanPageTold(
        id=page.pk,
        source=page.source_id,
        leaf=page.leaf,
        state=PageState(page.state),
        matter=matter.code if matter else None,
        number=page.number,
        page=page.page,
        pages=page.pages,
        signed=page.signed_id,
        settled=page.state in SETTLED_PAGES or page.decided_at is not None,
        note=page.note,
    )
