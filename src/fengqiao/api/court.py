"""What parties bring to a court: confirmation of agreements (司法确认), enforcement, suits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from fengqiao.agreements.queries.agreements import agreement_by_id
from fengqiao.api.court_shapes import (
    AskMoreSent,
    ConfirmSent,
    CourtCasePage,
    CourtCaseTold,
    CourtReceipt,
    CourtSent,
    CourtWordsSent,
    DecidedSent,
    DocketSent,
    FileSent,
    FindingsTold,
    HearSent,
    NewCaseSent,
    PrepareSent,
    RefuseSent,
    case_told,
    findings_told,
)
from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.shapes import Code
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import answered, etag, once_of, version_of
from fengqiao.confirmation.enums import CourtAction
from fengqiao.confirmation.policies import check_may_read
from fengqiao.confirmation.queries.cases import case_by_id, cases_of
from fengqiao.confirmation.queries.findings import findings_of
from fengqiao.flows import court as flow
from fengqiao.flows.reading import opened

router = Router(tags=["court"])


@router.get(
    "/matters/{code}/court-cases",
    response=CourtCasePage,
    auth=READS,
    operation_id="listCourtCases",
    summary="Cases at court of a matter · 司法确认和诉讼",
    url_name="api_court_cases",
)
def list_cases(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> CourtCasePage:
    """Every case of the matter, oldest first. For posts of a centre."""
    with reading(request) as actor:
        check_may_read(actor)
        matter = opened(actor, code, door=DOOR)
        found = cases_of(matter)
        rows, after = sliced(
            lambda within: found[within], of=("court", code), cursor=asked.cursor, size=asked.size
        )
        return CourtCasePage(items=[case_told(each, matter) for each in rows], next=after)


@router.get(
    "/court-cases/{case_id}",
    response=CourtCaseTold,
    auth=READS,
    operation_id="getCourtCase",
    summary="One case at court · 一个法院案件",
    url_name="api_court_case",
)
def get_case(request: HttpRequest, case_id: UUID) -> CourtCaseTold:
    """One case of a matter that the post sees, with what lacks in its packet."""
    with reading(request) as actor:
        check_may_read(actor)
        shown = case_by_id(actor, case_id)
        return case_told(shown, shown.case.matter)


@router.get(
    "/court-cases/{case_id}/packet",
    response={200: Any},
    auth=READS,
    operation_id="getCourtPacket",
    summary="What the court is given, as a zip · 法院材料",
    url_name="api_court_packet",
    openapi_extra={"x-answers": "a file"},
)
def get_packet(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Forms as PDF and materials, in the order of the packet, with addresses whole. Fetching it is audited."""
    actor = reader_of(request)
    check_may_read(actor)
    code, content = flow.packet(actor=actor, case_id=case_id)
    return as_download(f"法院材料-{code}.zip", content)


@router.get(
    "/agreements/{agreement_id}/confirmation",
    response=FindingsTold,
    auth=READS,
    operation_id="getConfirmationFindings",
    summary="Can it be confirmed · 能不能申请司法确认",
    url_name="api_confirmation_findings",
)
def get_findings(request: HttpRequest, agreement_id: UUID) -> FindingsTold:
    """What is found of an agreement, each with its article; the courts that are open, and until when."""
    with reading(request) as actor:
        check_may_read(actor)
        return findings_told(findings_of(agreement_by_id(actor, agreement_id).agreement))


@router.post(
    "/agreements/{agreement_id}/confirmation",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="prepareConfirmation",
    summary="Prepare an application for confirmation · 准备司法确认申请",
    url_name="api_court_prepare",
    openapi_extra={"x-writes": "version"},
)
def prepare(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: PrepareSent
) -> CourtReceipt:
    """Court and ground, and the answers to what the program cannot know."""
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            agreement_by_id(actor, agreement_id)
        flow.prepare(actor=actor, agreement_id=agreement_id, once=once, version=version, **sent.values())

    return _receipt(once, response, work)


@router.post(
    "/matters/{code}/court-cases",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="recordSuit",
    summary="Record a suit · 记录起诉",
    url_name="api_court_sue",
    openapi_extra={"x-writes": "version"},
)
def sue(request: HttpRequest, response: HttpResponse, code: Path[Code], sent: NewCaseSent) -> CourtReceipt:
    """Where mediation failed, or an agreement is not kept."""
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            matter = opened(actor, code, door=DOOR)
        flow.sue(actor=actor, matter_id=matter.pk, once=once, version=version, **sent.values())

    return _receipt(once, response, work)


@router.post(
    "/court-cases/{case_id}/amend",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="amendConfirmation",
    summary="Write the application anew · 改写申请",
    url_name="api_court_amend",
    openapi_extra={"x-writes": "version"},
)
def amend(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: PrepareSent) -> CourtReceipt:
    """As long as it was not filed."""
    return _done(request, response, case_id, sent, CourtAction.AMEND)


@router.post(
    "/court-cases/{case_id}/file",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="fileConfirmation",
    summary="File together · 共同提交",
    url_name="api_court_file",
    openapi_extra={"x-writes": "version"},
)
def file(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: FileSent) -> CourtReceipt:
    """By all parties; a day late too, and then marked so: taking it is the court's decision."""
    return _done(request, response, case_id, sent, CourtAction.FILE)


@router.post(
    "/court-cases/{case_id}/docket",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="docketCourtCase",
    summary="Docketed · 法院立案",
    url_name="api_court_docket",
    openapi_extra={"x-writes": "version"},
)
def docket(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: DocketSent) -> CourtReceipt:
    """With the court's own number."""
    return _done(request, response, case_id, sent, CourtAction.DOCKET)


@router.post(
    "/court-cases/{case_id}/ask-more",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="askMoreOfCourtCase",
    summary="The court asks for more · 要求补充",
    url_name="api_court_ask_more",
    openapi_extra={"x-writes": "version"},
)
def ask_more(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: AskMoreSent) -> CourtReceipt:
    """What the court asks for, and by when."""
    return _done(request, response, case_id, sent, CourtAction.ASK_MORE)


@router.post(
    "/court-cases/{case_id}/hear",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="hearCourtCase",
    summary="A hearing is set · 开庭或者询问",
    url_name="api_court_hear",
    openapi_extra={"x-writes": "version"},
)
def hear(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: HearSent) -> CourtReceipt:
    """The day on which the court hears the parties."""
    return _done(request, response, case_id, sent, CourtAction.HEAR)


@router.post(
    "/court-cases/{case_id}/confirm",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="confirmAgreement",
    summary="The agreement is confirmed · 裁定有效",
    url_name="api_court_confirm",
    openapi_extra={"x-writes": "version"},
)
def confirm(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: ConfirmSent) -> CourtReceipt:
    """Starts the two years for enforcement."""
    return _done(request, response, case_id, sent, CourtAction.CONFIRM)


@router.post(
    "/court-cases/{case_id}/refuse",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="refuseCourtCase",
    summary="Not taken or dismissed · 不予受理或者驳回",
    url_name="api_court_refuse",
    openapi_extra={"x-writes": "version"},
)
def refuse(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: RefuseSent) -> CourtReceipt:
    """With the court's ground."""
    return _done(request, response, case_id, sent, CourtAction.REFUSE)


@router.post(
    "/court-cases/{case_id}/enforce",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="applyForEnforcement",
    summary="Apply for enforcement · 申请强制执行",
    url_name="api_court_enforce",
    openapi_extra={"x-writes": "version"},
)
def enforce(request: HttpRequest, response: HttpResponse, case_id: UUID, sent: NewCaseSent) -> CourtReceipt:
    """On the confirmed case; answers with the new one."""
    return _done(request, response, case_id, sent, CourtAction.ENFORCE)


@router.post(
    "/court-cases/{case_id}/{step}",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="moveCourtCase",
    summary="Given up, brought, withdrawn, enforced · 不再提交、已补充、撤回、执行完毕、终结本次执行",
    url_name="api_court_step",
    openapi_extra={"x-writes": "version"},
)
def step(
    request: HttpRequest,
    response: HttpResponse,
    case_id: UUID,
    step: Literal["drop", "supply", "withdraw", "fulfil", "end_enforcing"],
    sent: CourtWordsSent,
) -> CourtReceipt:
    """What is told by a day and words alone."""
    return _done(request, response, case_id, sent, CourtAction(step))


@router.post(
    "/court-cases/{case_id}/decided/{decision}",
    response=CourtReceipt,
    auth=WRITES,
    operation_id="decideSuit",
    summary="Judgment, or a settlement before the court · 判决、法院调解",
    url_name="api_court_decided",
    openapi_extra={"x-writes": "version"},
)
def decided(
    request: HttpRequest,
    response: HttpResponse,
    case_id: UUID,
    decision: Literal["judge", "settle"],
    sent: DecidedSent,
) -> CourtReceipt:
    """How a suit ended."""
    return _done(request, response, case_id, sent, CourtAction(decision))


def _done(
    request: HttpRequest, response: HttpResponse, case_id: UUID, sent: CourtSent, action: CourtAction
) -> CourtReceipt:
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            case_by_id(actor, case_id)
        flow.act(actor=actor, case_id=case_id, action=action, once=once, version=version, **sent.values())

    return _receipt(once, response, work)


def _receipt(once: OnceByKey, response: HttpResponse, work: Callable[[], None]) -> CourtReceipt:
    answer = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return CourtReceipt(**answer)
