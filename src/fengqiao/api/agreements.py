"""Agreements of mediations (调解协议) and their performance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.enums import AgreementAction
from fengqiao.agreements.policies import check_may_read
from fengqiao.agreements.queries.agreements import agreement_by_id, agreements_of, owed_at, term_by_id
from fengqiao.api.agreement_shapes import (
    AgreementPage,
    AgreementReceipt,
    AgreementTold,
    AnswersSent,
    DropReasonSent,
    MarkSent,
    OralSent,
    OwedAsked,
    OwedPage,
    OwedTold,
    PerformedSent,
    SeveralPerformedSent,
    TermNoteSent,
    WordsSent,
    agreement_told,
    term_told,
)
from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.shapes import Code, Shape
from fengqiao.api.writing import answered, etag, once_of, version_of
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened

router = Router(tags=["agreements"])


@router.get(
    "/matters/{code}/agreements",
    response=AgreementPage,
    auth=READS,
    operation_id="listAgreements",
    summary="Agreements of a matter · 调解协议",
    url_name="api_agreements",
)
def list_agreements(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> AgreementPage:
    """Every agreement of the matter, oldest first, with its terms, marks and performance. For posts of a centre."""
    with reading(request) as actor:
        check_may_read(actor)
        matter = opened(actor, code, door=DOOR)
        found = agreements_of(matter)
        rows, after = sliced(
            lambda within: found[within], of=("agreements", code), cursor=asked.cursor, size=asked.size
        )
        return AgreementPage(items=[agreement_told(each, matter) for each in rows], next=after)


@router.get(
    "/agreements/{agreement_id}",
    response=AgreementTold,
    auth=READS,
    operation_id="getAgreement",
    summary="One agreement · 一份调解协议",
    url_name="api_agreement",
)
def get_agreement(request: HttpRequest, agreement_id: UUID) -> AgreementTold:
    """One agreement of a matter that the post sees."""
    with reading(request) as actor:
        return _one(actor, agreement_id)


@router.get(
    "/performance",
    response=OwedPage,
    auth=READS,
    operation_id="listOwed",
    summary="What is owed under agreements · 协议履行",
    url_name="api_performance",
)
def list_owed(request: HttpRequest, asked: Query[OwedAsked]) -> OwedPage:
    """What is owed under agreements of matters that the acting centre holds, the earliest day first."""
    with reading(request) as actor:
        check_may_read(actor)
        rows, after = sliced(
            lambda within: owed_at(actor, until=asked.until)[within],
            of=("performance", asked.until),
            cursor=asked.cursor,
            size=asked.size,
        )
        return OwedPage(
            items=[
                OwedTold(matter=each.matter.code, version=each.matter.version, **term_told(each))
                for each in rows
            ],
            next=after,
        )


@router.post(
    "/matters/{code}/agreements",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="draftAgreement",
    summary="Draft an agreement · 拟写调解协议",
    url_name="api_agreement_draft",
    openapi_extra={"x-writes": "version"},
)
def draft(
    request: HttpRequest, response: HttpResponse, code: Path[Code], sent: WordsSent
) -> AgreementReceipt:
    """A paper for the running mediation; it binds nobody until all have signed."""
    return _begun(request, response, code, sent, AgreementAction.DRAFT)


@router.post(
    "/matters/{code}/agreements/oral",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="recordOralAgreement",
    summary="Record an oral agreement · 记录口头协议",
    url_name="api_agreement_oral",
    openapi_extra={"x-writes": "version"},
)
def agree_orally(
    request: HttpRequest, response: HttpResponse, code: Path[Code], sent: OralSent
) -> AgreementReceipt:
    """Takes effect on the day of agreeing, and settles the matter."""
    return _begun(request, response, code, sent, AgreementAction.AGREE)


@router.post(
    "/agreements/{agreement_id}/amend",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="amendAgreement",
    summary="Write a draft anew · 改写",
    url_name="api_agreement_amend",
    openapi_extra={"x-writes": "version"},
)
def amend(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: WordsSent
) -> AgreementReceipt:
    """As long as nobody has signed."""
    return _done(request, response, agreement_id, sent, AgreementAction.AMEND)


@router.post(
    "/agreements/{agreement_id}/check",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="checkAgreement",
    summary="Answer what is asked before signing · 签署前核对",
    url_name="api_agreement_check",
    openapi_extra={"x-writes": "version"},
)
def check(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: AnswersSent
) -> AgreementReceipt:
    """The mediator's answers to what may not be agreed. They warn, and block nothing."""
    return _done(request, response, agreement_id, sent, AgreementAction.CHECK)


@router.post(
    "/agreements/{agreement_id}/sign",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="signAgreement",
    summary="Write down marks · 签署",
    url_name="api_agreement_sign",
    openapi_extra={"x-writes": "version"},
)
def sign(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: MarkSent
) -> AgreementReceipt:
    """Marks that stand on the paper. The last that is needed lets the agreement take effect."""
    return _done(request, response, agreement_id, sent, AgreementAction.SIGN)


@router.post(
    "/agreements/{agreement_id}/drop",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="dropAgreement",
    summary="It was not signed · 没有签成",
    url_name="api_agreement_drop",
    openapi_extra={"x-writes": "version"},
)
def drop(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: DropReasonSent
) -> AgreementReceipt:
    """The paper stays in the file, and the mediation goes on."""
    return _done(request, response, agreement_id, sent, AgreementAction.DROP)


@router.post(
    "/agreements/terms/{term_id}/perform",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="performTerm",
    summary="Record performance · 记录履行",
    url_name="api_term_perform",
    openapi_extra={"x-writes": "version"},
)
def perform(
    request: HttpRequest, response: HttpResponse, term_id: UUID, sent: PerformedSent
) -> AgreementReceipt:
    """A payment or a part of it, or a deed that was done."""
    values = sent.values()
    return _happened(request, response, term_id, sent, AgreementAction.PERFORM, values)


@router.post(
    "/agreements/{agreement_id}/performed",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="performTerms",
    summary="Record several terms performed at once · 记录多项履行",
    url_name="api_terms_performed",
    openapi_extra={"x-writes": "version"},
)
def perform_several(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: SeveralPerformedSent
) -> AgreementReceipt:
    """One day, one proof; each term keeps its own record. What is refused is named by row, and nothing is written."""
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            agreement_by_id(actor, agreement_id)
        flow.perform_several(
            actor=actor, agreement_id=agreement_id, once=once, version=version, **sent.values()
        )

    return _receipt(once, response, work)


@router.post(
    "/agreements/terms/{term_id}/{step}",
    response=AgreementReceipt,
    auth=WRITES,
    operation_id="chaseTerm",
    summary="Reminder, visit, remedies · 催告、上门、告知救济途径",
    url_name="api_term_step",
    openapi_extra={"x-writes": "version"},
)
def chase(
    request: HttpRequest,
    response: HttpResponse,
    term_id: UUID,
    step: Literal["remind", "visit", "advise"],
    sent: TermNoteSent,
) -> AgreementReceipt:
    """What was done because a term was not performed; a visit comes after a reminder."""
    return _happened(request, response, term_id, sent, AgreementAction(step), sent.values())


def _begun(
    request: HttpRequest, response: HttpResponse, code: str, sent: WordsSent, action: AgreementAction
) -> AgreementReceipt:
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            matter = opened(actor, code, door=DOOR)
        flow.begin(
            actor=actor, matter_id=matter.pk, action=action, once=once, version=version, **sent.values()
        )

    return _receipt(once, response, work)


def _done(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID, sent: Any, action: AgreementAction
) -> AgreementReceipt:
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            agreement_by_id(actor, agreement_id)
        flow.act(
            actor=actor, agreement_id=agreement_id, action=action, once=once, version=version, **sent.values()
        )

    return _receipt(once, response, work)


def _happened(
    request: HttpRequest,
    response: HttpResponse,
    term_id: UUID,
    sent: Shape,
    action: AgreementAction,
    values: Mapping[str, Any],
) -> AgreementReceipt:
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            term_by_id(actor, term_id)
        flow.on_term(actor=actor, term_id=term_id, action=action, once=once, version=version, **values)

    return _receipt(once, response, work)


def _receipt(once: OnceByKey, response: HttpResponse, work: Callable[[], None]) -> AgreementReceipt:
    answer = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return AgreementReceipt(**answer)


def _one(actor: Actor, agreement_id: UUID) -> AgreementTold:
    check_may_read(actor)
    shown = agreement_by_id(actor, agreement_id)
    return agreement_told(shown, shown.agreement.matter)
