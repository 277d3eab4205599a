"""Disposal of dossiers whose time is over: what could go, the lists, putting one together and deciding on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.paging import Listed, newest_first, sliced
from fengqiao.api.shapes import KEPT, Made, PageOf, Shape, Told
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import answered, once_of
from fengqiao.dossier.domain.disposing import MOST
from fengqiao.dossier.enums import BatchState, ItemState
from fengqiao.dossier.models import DisposalBatch
from fengqiao.dossier.policies import check_may_list_for_disposal
from fengqiao.dossier.queries import disposal as query
from fengqiao.exchange.domain.disposal_sheet import workbook_of
from fengqiao.flows import disposing as flow

router = Router(tags=["dossier"])


class DisposalDueTold(Told):
    """A dossier whose last day is over and that waits in no list."""

    volume: UUID
    matter: Annotated[str, Field(description="The matter's code.")]
    keep_until: date | None
    pages: int
    digest: str


class DisposalDuePage(PageOf):
    items: list[DisposalDueTold]


class ItemTold(Told):
    volume: UUID
    matter: Annotated[str, Field(description="The matter's code.")]
    state: ItemState
    keep_until: date
    pages: int
    digest: Annotated[str, Field(description="SM3 of the PDF, hexadecimal; it outlives the file.")]
    reason: Annotated[str, Field(description="Why it was left out at the decision.")]


class BatchTold(Told):
    """A list of disposal (销毁清册). Lines of matters that the post does not see are left out."""

    id: UUID
    number: Annotated[str, Field(description="Year and number within the county.")]
    state: BatchState
    grounds: str
    proposed_at: datetime
    decision: str
    decided_at: datetime | None
    items: list[ItemTold]


class BatchPage(PageOf):
    items: list[BatchTold]


class BatchSent(Shape):
    volumes: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]
    grounds: Annotated[str, Field(max_length=1000, pattern=KEPT)]


class DisposalDecisionSent(Shape):
    approved: bool
    decision: Annotated[str, Field(max_length=1000, pattern=KEPT)]


@router.get(
    "/dossier-disposals/due",
    response=DisposalDuePage,
    auth=READS,
    operation_id="listDossiersToDispose",
    summary="Dossiers whose time is over · 保管期满的卷宗",
    url_name="api_disposals_due",
)
def list_due(request: HttpRequest, asked: Query[Listed]) -> DisposalDuePage:
    """Final dossiers of the post's centre that may be listed for disposal, the oldest first."""
    with reading(request) as actor:
        check_may_list_for_disposal(actor)
        rows, after = sliced(
            lambda part: query.over_at(actor)[part],
            of=("disposals due",),
            cursor=asked.cursor,
            size=asked.size,
        )
        items = [
            DisposalDueTold(
                volume=each.pk,
                matter=each.matter.code,
                keep_until=each.keep_until,
                pages=each.pages,
                digest=each.digest,
            )
            for each in rows
        ]
        return DisposalDuePage(items=items, next=after)


@router.get(
    "/dossier-disposals",
    response=BatchPage,
    auth=READS,
    operation_id="listDossierDisposals",
    summary="Lists of disposal · 卷宗销毁清册",
    url_name="api_disposals",
)
def list_disposals(request: HttpRequest, asked: Query[Listed]) -> BatchPage:
    """The lists of the post's centre, the newest first."""
    with reading(request) as actor:
        check_may_list_for_disposal(actor)
        found, name = query.batches_of(actor), ("disposals",)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        return BatchPage(items=[BatchTold(**_told(actor, each)) for each in rows], next=after)


@router.post(
    "/dossier-disposals",
    response={201: Made},
    auth=WRITES,
    operation_id="listForDisposal",
    summary="List dossiers for disposal · 列入销毁清册",
    url_name="api_disposals",
    openapi_extra={"x-writes": "once", "x-names": "volumes"},
)
def list_for_disposal(request: HttpRequest, response: HttpResponse, sent: BatchSent) -> Any:
    """Puts a list together, for another person to decide on. Refused whole where one of them may not go."""
    actor, once = actor_of(request), once_of(request, sent)
    made = Made(
        **answered(
            once,
            response,
            lambda: flow.propose(actor=actor, volumes=sent.volumes, grounds=sent.grounds, once=once),
        )
    )
    response.headers["Location"] = f"/api/v1/dossier-disposals/{made.id}"
    return Status(201, made)


@router.get(
    "/dossier-disposals/{batch_id}",
    response=BatchTold,
    auth=READS,
    operation_id="getDossierDisposal",
    summary="One list of disposal · 一份销毁清册",
    url_name="api_disposal",
)
def get_disposal(request: HttpRequest, batch_id: UUID) -> BatchTold:
    """One list with what became of each dossier."""
    with reading(request) as actor:
        check_may_list_for_disposal(actor)
        return BatchTold(**_told(actor, query.batch_by_id(actor, batch_id)))


@router.get(
    "/dossier-disposals/{batch_id}/sheet",
    response={200: Any},
    auth=READS,
    operation_id="getDisposalSheet",
    summary="The list as a workbook · 销毁清册文件",
    url_name="api_disposal_sheet",
    openapi_extra={"x-answers": "a file"},
)
def get_sheet(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """As xlsx, without lines of matters that the post does not see. Fetching it is audited."""
    with reading(request) as actor:
        check_may_list_for_disposal(actor)
        batch = query.batch_by_id(actor, batch_id)
        items = query.items_of(actor, batch)
        flow.taken_out(actor=actor, batch=batch)
    return as_download(f"卷宗销毁清册-{batch}.xlsx", workbook_of(batch, items))


@router.post(
    "/dossier-disposals/{batch_id}/decision",
    response=Made,
    auth=WRITES,
    operation_id="decideDisposal",
    summary="Decide on a list of disposal · 审批销毁清册",
    url_name="api_disposal_decision",
    openapi_extra={"x-writes": "once"},
)
def decide_disposal(
    request: HttpRequest, response: HttpResponse, batch_id: UUID, sent: DisposalDecisionSent
) -> Made:
    """A director approves (the files are removed) or refuses. Never who put the list together."""
    actor, once = actor_of(request), once_of(request, sent)
    return Made(
        **answered(
            once,
            response,
            lambda: flow.decide(actor=actor, batch_id=batch_id, once=once, **sent.model_dump()),
        )
    )


def _told(actor: Any, batch: DisposalBatch) -> dict[str, Any]:
    plain = ("grounds", "proposed_at", "decision", "decided_at")
    return {
        "id": batch.pk,
        "number": str(batch),
        "state": BatchState(batch.state),
        **{name: getattr(batch, name) for name in plain},
        "items": [
            ItemTold(
                volume=each.volume_id,
                matter=each.matter.code,
                state=ItemState(each.state),
                keep_until=each.keep_until,
                pages=each.pages,
                digest=each.digest,
                reason=each.reason,
            )
            for each in query.items_of(actor, batch)
        ],
    }
