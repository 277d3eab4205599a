"""Direct reports of danger (风险直报): as they were sent, and who has read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import Code, Named, PageOf, Told
from fengqiao.flows import reporting as flow
from fengqiao.matters.queries.matters import codes_open_to
from fengqiao.reporting.enums import ReportKind, ReportReceiver
from fengqiao.reporting.models import DirectReport, Receipt
from fengqiao.reporting.policies import check_may_list
from fengqiao.reporting.queries.reports import report_by_id, seen_by

router = Router(tags=["direct reports"])


class ReportsAsked(Listed):
    """All that are given must hold."""

    matter: Code | None = None
    kind: ReportKind | None = None
    open: Annotated[
        bool | None, Field(description="First reports of dangers that are not over (or that are).")
    ] = None
    unread: Annotated[bool, Field(description="Only what was sent to the caller and is not read yet.")] = (
        False
    )


class ReceiptTold(Told):
    """One person in one post to whom it was sent, and when they opened it."""

    receiver: ReportReceiver
    person: Named
    post: UUID
    read_at: datetime | None


class ReportTold(Told):
    """One report as it was sent; it never changes."""

    id: UUID
    matter: Annotated[str | None, Field(description="The matter's code, where the post may open it.")]
    first: Annotated[UUID | None, Field(description="The first report of the same danger; none of itself.")]
    kind: ReportKind
    year: int
    number: int
    place: Annotated[int, Field(description="How many reports on the same danger there were before it.")]
    situation: str
    measures: str
    request: str
    receivers: list[ReportReceiver]
    written_at: datetime
    ended_at: Annotated[datetime | None, Field(description="Of the first: when the danger was over.")]
    receipts: list[ReceiptTold]


class ReportPage(PageOf):
    items: list[ReportTold]


@router.get(
    "/direct-reports",
    response=ReportPage,
    auth=READS,
    operation_id="listDirectReports",
    summary="Direct reports · 风险直报",
    url_name="api_direct_reports",
)
def list_reports(request: HttpRequest, asked: Query[ReportsAsked]) -> ReportPage:
    """The reports that the post sees, the newest first. Reading the list is no receipt."""
    with reading(request) as actor:
        check_may_list(actor)
        found = seen_by(actor, unread=asked.unread)
        if asked.matter:
            found = found.filter(matter__code=asked.matter)
        if asked.kind:
            found = found.filter(kind=asked.kind)
        if asked.open is not None:
            found = found.filter(first=None, ended_at__isnull=asked.open)
        name = ("direct reports", asked.matter, asked.kind, asked.open, asked.unread)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        codes = codes_open_to(actor, [each.matter_id for each in rows])
        return ReportPage(items=[report_told(each, codes) for each in rows], next=after)


@router.get(
    "/direct-reports/{report_id}",
    response=ReportTold,
    auth=READS,
    operation_id="getDirectReport",
    summary="One direct report · 一份直报",
    url_name="api_direct_report",
)
def get_report(request: HttpRequest, report_id: UUID) -> ReportTold:
    """One report with its receipts. Fetching it is no receipt: that is sent by itself, when a person has read it."""
    with reading(request) as actor:
        found = report_by_id(actor, report_id)
        return report_told(found, codes_open_to(actor, [found.matter_id]))


@router.post(
    "/direct-reports/{report_id}/read",
    response=ReportTold,
    auth=WRITES,
    operation_id="readDirectReport",
    summary="Read receipt · 阅直报",
    url_name="api_direct_report_read",
    openapi_extra={"x-writes": "again"},
)
def read_report(request: HttpRequest, report_id: UUID) -> ReportTold:
    """Says that the calling person has read it; sent again it keeps the moment of the first time. Of somebody to
    whom it was not sent nothing is written."""
    actor = reader_of(request)
    flow.opened(actor=actor, report_id=report_id)
    return get_report(request, report_id)


def report_told(row: DirectReport, codes: Mapping[UUID, str]) -> ReportTold:
    """A report with its receipts; ``codes`` are those of the matters that may be opened."""
    plain: tuple[str, ...] = ("year", "number", "place", "situation", "measures", "request")
    values: dict[str, Any] = {name: getattr(row, name) for name in (*plain, "written_at", "ended_at")}
    return ReportTold(
        id=row.pk,
        matter=codes.get(row.matter_id),
        first=row.first_id,
        kind=ReportKind(row.kind),
        receivers=[ReportReceiver(each) for each in row.receivers],
        receipts=[_receipt(each) for each in row.receipts.all()],
        **values,
    )


def _receipt(row: Receipt) -> ReceiptTold:
    return ReceiptTold(
        receiver=ReportReceiver(row.receiver),
        person=Named(id=str(row.person_id), name=row.person.name),
        post=row.post_id,
        read_at=row.read_at,
    )
