"""Joint legal consultations (法律会诊): to each only what is theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from fengqiao.accounts.actor import Actor
from fengqiao.api.consultation_shapes import (
    AskedSent,
    CalledSent,
    ConsultationDetail,
    ConsultationPage,
    ConsultationReceipt,
    ConsultationsAsked,
    ConsultationTold,
    FollowedSent,
    InvitationAnswerSent,
    OffSent,
    Plain,
    SaidSent,
    SignedSent,
    invitee_told,
    opinion_told,
    plain,
)
from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import newest_first
from fengqiao.api.shapes import Code
from fengqiao.api.writing import answered, etag, once_of, version_of
from fengqiao.counsel.enums import ConsultationAction
from fengqiao.counsel.models import Consultation
from fengqiao.counsel.policies import check_may_list
from fengqiao.counsel.queries.consultations import consultation_by_id, seen_by, shown, waiting_for
from fengqiao.flows import counsel as flow
from fengqiao.flows.reading import opened
from fengqiao.matters.queries.matters import codes_open_to

router = Router(tags=["consultations"])


@router.get(
    "/consultations",
    response=ConsultationPage,
    auth=READS,
    operation_id="listConsultations",
    summary="Joint legal consultations · 法律会诊",
    url_name="api_consultations",
)
def list_consultations(request: HttpRequest, asked: Query[ConsultationsAsked]) -> ConsultationPage:
    """Those of the matters that a post of a centre sees, and those to which the caller is invited; newest first."""
    with reading(request) as actor:
        check_may_list(actor)
        found = seen_by(actor)
        if asked.matter:
            found = found.filter(matter__code=asked.matter)
        if asked.state:
            found = found.filter(state=asked.state)
        if asked.waiting:
            found = found.filter(pk__in=waiting_for(actor).order_by().values("pk"))
        name = ("consultations", asked.matter, asked.state, asked.waiting)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        codes = codes_open_to(actor, [each.matter_id for each in rows])
        return ConsultationPage(items=[ConsultationTold(**plain(each, codes)) for each in rows], next=after)


@router.get(
    "/consultations/{consultation_id}",
    response=ConsultationDetail,
    auth=READS,
    operation_id="getConsultation",
    summary="One consultation · 一次法律会诊",
    url_name="api_consultation",
)
def get_consultation(request: HttpRequest, consultation_id: UUID) -> ConsultationDetail:
    """One consultation with who takes part, what each said, and what the caller may do in it."""
    with reading(request) as actor:
        return _detail(actor, consultation_by_id(actor, consultation_id))


@router.post(
    "/matters/{code}/consultations",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="callConsultation",
    summary="Call a consultation · 召集法律会诊",
    url_name="api_consultation_call",
    openapi_extra={"x-writes": "version"},
)
def call(
    request: HttpRequest, response: HttpResponse, code: Path[Code], sent: CalledSent
) -> ConsultationReceipt:
    """For a leader or a mediator of the centre that holds the matter; of a restricted one for a director."""
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            matter = opened(actor, code, door=DOOR)
        flow.call(actor=actor, matter_id=matter.pk, once=once, version=version, **sent.values())

    return _receipt(once, response, work)


@router.post(
    "/consultations/{consultation_id}/invite",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="inviteToConsultation",
    summary="Ask more people · 增邀会诊人员",
    url_name="api_consultation_invite",
    openapi_extra={"x-writes": "version"},
)
def invite(
    request: HttpRequest, response: HttpResponse, consultation_id: UUID, sent: AskedSent
) -> ConsultationReceipt:
    """As long as the opinion is not signed."""
    return _done(request, response, consultation_id, sent, ConsultationAction.INVITE)


@router.post(
    "/consultations/{consultation_id}/reply",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="replyToConsultation",
    summary="Answer the invitation · 回复会诊邀请",
    url_name="api_consultation_reply",
    openapi_extra={"x-writes": "once"},
)
def reply(
    request: HttpRequest, response: HttpResponse, consultation_id: UUID, sent: InvitationAnswerSent
) -> ConsultationReceipt:
    """One's own answer, or that of somebody without a post. Until their opinion is in it may change."""
    return _done(request, response, consultation_id, sent, ConsultationAction.REPLY)


@router.post(
    "/consultations/{consultation_id}/opinion",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="giveConsultationOpinion",
    summary="Give an opinion · 提交会诊意见",
    url_name="api_consultation_opinion",
    openapi_extra={"x-writes": "once"},
)
def opine(
    request: HttpRequest, response: HttpResponse, consultation_id: UUID, sent: SaidSent
) -> ConsultationReceipt:
    """Once each; asked of whoever has said that they come."""
    return _done(request, response, consultation_id, sent, ConsultationAction.OPINE)


@router.post(
    "/consultations/{consultation_id}/sign",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="signConsultation",
    summary="Sign the written opinion · 签发会诊意见书",
    url_name="api_consultation_sign",
    openapi_extra={"x-writes": "version"},
)
def sign(
    request: HttpRequest, response: HttpResponse, consultation_id: UUID, sent: SignedSent
) -> ConsultationReceipt:
    """The chair's, when at least one opinion is in. It goes into the matter's history as advice."""
    return _done(request, response, consultation_id, sent, ConsultationAction.SIGN)


@router.post(
    "/consultations/{consultation_id}/follow",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="followConsultation",
    summary="What was done with it · 记录会诊意见办理情况",
    url_name="api_consultation_follow",
    openapi_extra={"x-writes": "version"},
)
def follow(
    request: HttpRequest, response: HttpResponse, consultation_id: UUID, sent: FollowedSent
) -> ConsultationReceipt:
    """Once, after it was signed: followed, in part, or not."""
    return _done(request, response, consultation_id, sent, ConsultationAction.FOLLOW)


@router.post(
    "/consultations/{consultation_id}/call-off",
    response=ConsultationReceipt,
    auth=WRITES,
    operation_id="callOffConsultation",
    summary="Call it off · 取消法律会诊",
    url_name="api_consultation_off",
    openapi_extra={"x-writes": "version"},
)
def call_off(
    request: HttpRequest, response: HttpResponse, consultation_id: UUID, sent: OffSent
) -> ConsultationReceipt:
    """No written opinion comes of it."""
    return _done(request, response, consultation_id, sent, ConsultationAction.CALL_OFF)


# Said by each for themselves, whatever happened to the matter meanwhile.
UNVERSIONED = (ConsultationAction.REPLY, ConsultationAction.OPINE)


def _done(
    request: HttpRequest,
    response: HttpResponse,
    consultation_id: UUID,
    sent: Plain | AskedSent,
    action: ConsultationAction,
) -> ConsultationReceipt:
    once = once_of(request, sent)
    version = {} if action in UNVERSIONED else {"version": version_of(request)}

    def work() -> None:
        with reading(request) as actor:
            # Asked here already: who has stepped aside sees the consultation no more.
            once.begin()
            check_may_list(actor)
            consultation_by_id(actor, consultation_id)
        flow.act(
            actor=actor,
            consultation_id=consultation_id,
            action=action,
            once=once,
            **version,
            **sent.values(),
        )

    return _receipt(once, response, work)


def _receipt(once: OnceByKey, response: HttpResponse, work: Callable[[], None]) -> ConsultationReceipt:
    answer = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return ConsultationReceipt(**answer)


def _detail(actor: Actor, found: Consultation) -> ConsultationDetail:
    seen = shown(actor, found)
    return ConsultationDetail(
        **plain(found, codes_open_to(actor, [found.matter_id])),
        facts=found.facts,
        invitees=[invitee_told(each) for each in seen.invitees],
        opinions=[opinion_told(each) for each in seen.opinions],
        actions=list(seen.actions),
    )
