"""Exports of the ledger: ordered, read while they are written, and fetched. One's own, in the same post."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of, reader_of, reading
from fengqiao.api.filters import Filter
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Made, PageOf, Shape, Told
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import answered, once_of
from fengqiao.exchange.domain import exporting
from fengqiao.exchange.enums import ExportFormat, ExportState
from fengqiao.exchange.models import ExportRun
from fengqiao.exchange.queries.exports import exports_of
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.queries.filter_words import words_of

router = Router(tags=["exports"])
NOT_THERE_YET = {"x-also": ["409"], "x-answers": "a file"}


class ExportSent(Shape):
    kind: ExportFormat = ExportFormat.XLSX
    filter: Annotated[Filter, Field(description="As `GET /matters` takes it; empty: all that is seen.")] = (
        Filter()
    )


class ExportTold(Told):
    """An export. It is written by a job: ask again until `state` is neither `ordered` nor `writing`."""

    id: UUID
    kind: ExportFormat
    state: ExportState
    filter: Annotated[dict[str, str], Field(description="As `GET /matters` takes it.")]
    said: Annotated[str, Field(description="The same in words (Chinese).")]
    rows: Annotated[int, Field(description="Matters in the file; while it is written, so far.")]
    left_out: Annotated[int, Field(description="Restricted matters that are seen and not written.")]
    reason: Annotated[str, Field(description="Why there is no file, where it was refused (Chinese).")]
    stalled: Annotated[bool, Field(description="Nobody goes on with it: order it anew.")]
    has_cover: Annotated[bool, Field(description="A csv has its cover as a file of its own.")]
    schedule: Annotated[UUID | None, Field(description="The schedule that ordered it.")]
    due_at: datetime | None
    ordered_at: datetime
    finished_at: datetime | None
    expires_at: Annotated[datetime, Field(description="When the file is taken away.")]


class ExportPage(PageOf):
    items: list[ExportTold]


@router.get(
    "/exports",
    response=ExportPage,
    auth=READS,
    operation_id="listExports",
    summary="Exports · 我的导出",
    url_name="api_exports",
)
def list_exports(request: HttpRequest, asked: Query[Listed]) -> ExportPage:
    """The exports that the caller ordered in this post, newest first."""
    with reading(request) as actor:
        rows, after = newest_first(
            exports_of(actor), of=("exports", actor.post_id), cursor=asked.cursor, size=asked.size
        )
        return ExportPage(items=[told_of(each) for each in rows], next=after)


@router.post(
    "/exports",
    response={201: Made},
    auth=WRITES,
    operation_id="orderExport",
    summary="Order an export · 导出台账",
    url_name="api_exports",
    openapi_extra={"x-writes": "once"},
)
def order_export(request: HttpRequest, response: HttpResponse, sent: ExportSent) -> Any:
    """Orders a file of the matters that the calling post sees; it holds no numbers and no restricted matter."""
    actor, once = actor_of(request), once_of(request, sent)

    def work() -> None:
        with scope(actor):
            # Asked here already: what the filter names may have gone since.
            once.begin()
            wanted = sent.filter.kept()
            said = words_of(wanted)
        exporting.order(actor=actor, wanted=wanted, said=said, kind=sent.kind, once=once)

    made = Made(**answered(once, response, work))
    response.headers["Location"] = f"/api/v1/exports/{made.id}"
    return Status(201, made)


@router.get(
    "/exports/{export_id}",
    response=ExportTold,
    auth=READS,
    operation_id="getExport",
    summary="One export · 一份导出",
    url_name="api_export",
)
def get_export(request: HttpRequest, export_id: UUID) -> ExportTold:
    """How far an export is, what is in it, and until when its file can be fetched."""
    with reading(request) as actor:
        run = exports_of(actor).filter(pk=export_id).first()
        if run is None:
            raise NotAllowed("export_not_found", _("没有这份导出，或不是您用现在的岗位导出的。"))
        return told_of(run)


@router.get(
    "/exports/{export_id}/file",
    response={200: Any},
    auth=READS,
    operation_id="getExportFile",
    summary="The file of an export · 导出的文件",
    url_name="api_export_file",
    openapi_extra=NOT_THERE_YET,
)
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The table, as Excel or CSV. Fetching it is written into the audit."""
    return _fetched(request, export_id, "file")


@router.get(
    "/exports/{export_id}/cover",
    response={200: Any},
    auth=READS,
    operation_id="getExportCover",
    summary="The cover of a CSV export · 导出说明",
    url_name="api_export_cover",
    openapi_extra=NOT_THERE_YET,
)
def export_cover(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """What a CSV file is: its filter, its moment, who ordered it. In an Excel file it is the second sheet."""
    return _fetched(request, export_id, "cover")


def told_of(run: ExportRun) -> ExportTold:
    """An export as its owner reads it."""
    plain = (
        "id", "said", "rows", "left_out", "reason", "due_at", "ordered_at", "finished_at", "expires_at",
    )  # fmt: skip
    return ExportTold(
        kind=ExportFormat(run.kind),
        state=ExportState(run.state),
        filter=run.asked,
        stalled=exporting.is_lost(run),
        has_cover=run.cover_id is not None,
        schedule=run.schedule_id,
        **{name: getattr(run, name) for name in plain},
    )


def _fetched(request: HttpRequest, export_id: UUID, part: str) -> HttpResponse:
    run, _stored, content = exporting.download(actor=reader_of(request), run_id=export_id, part=part)
    ending = run.kind if part == "file" else "txt"
    return as_download(f"{run.id}.{ending}", content)
