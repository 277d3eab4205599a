"""Referrals (转介和移交): what offices are asked, and what courts, police and the petition office hand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES
from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, reading
from fengqiao.api.matters import DOOR
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.referral_shapes import (
    AcceptedSent,
    CalledBackSent,
    GivenBackSent,
    KindPage,
    ReferralPage,
    ReferralReceipt,
    ReferralsAsked,
    ReferralSent,
    ReferralTold,
    RefusedSent,
    RemindedSent,
    SuppliedSent,
    kind_told,
    referral_told,
)
from fengqiao.api.shapes import Code
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import answered, etag, once_of, version_of
from fengqiao.flows import referrals as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.referrals.enums import ReferralAction
from fengqiao.referrals.models import Referral
from fengqiao.referrals.policies import check_may_read
from fengqiao.referrals.queries.referrals import (
    open_at,
    referral_by_id,
    referrals_of,
    seen_by,
    waiting_for,
)
from fengqiao.rules.queries.referral_kinds import kinds_on

router = Router(tags=["referrals"])


@router.get(
    "/referral-kinds",
    response=KindPage,
    auth=READS,
    operation_id="listReferralKinds",
    summary="Kinds of referrals · 转介的种类",
    url_name="api_referral_kinds",
)
def list_kinds(request: HttpRequest) -> KindPage:
    """The rows of the table that hold today."""
    with reading(request) as actor:
        check_may_read(actor)
        return KindPage(items=[kind_told(each) for each in kinds_on(clock.today())], next=None)


@router.get(
    "/matters/{code}/referrals",
    response=ReferralPage,
    auth=READS,
    operation_id="listReferralsOfMatter",
    summary="Referrals of a matter · 事项的转介和移交",
    url_name="api_matter_referrals",
)
def list_of_matter(request: HttpRequest, code: Path[Code], asked: Query[Listed]) -> ReferralPage:
    """The latest first; to a department only what it was asked itself."""
    with reading(request) as actor:
        check_may_read(actor)
        matter = opened(actor, code, door=DOOR)
        found = _of(actor, matter)
        rows, after = sliced(
            lambda within: found[within], of=("referrals", code), cursor=asked.cursor, size=asked.size
        )
        return ReferralPage(items=[referral_told(each, matter) for each in rows], next=after)


@router.get(
    "/referrals",
    response=ReferralPage,
    auth=READS,
    operation_id="listReferrals",
    summary="Open referrals · 未办完的转介和移交",
    url_name="api_referrals",
)
def list_open(request: HttpRequest, asked: Query[ReferralsAsked]) -> ReferralPage:
    """What is open at the acting centre, or before the acting department."""
    with reading(request) as actor:
        check_may_read(actor)
        found = waiting_for(actor) if asked.waiting else open_at(actor)
        rows, after = sliced(
            lambda within: found[within],
            of=("referrals", asked.waiting),
            cursor=asked.cursor,
            size=asked.size,
        )
        return ReferralPage(items=[referral_told(each, each.matter) for each in rows], next=after)


@router.get(
    "/referrals/{referral_id}",
    response=ReferralTold,
    auth=READS,
    operation_id="getReferral",
    summary="One referral · 一项转介",
    url_name="api_referral",
)
def get_referral(request: HttpRequest, referral_id: UUID) -> ReferralTold:
    """One of a matter that the post sees, or one that its department was asked."""
    with reading(request) as actor:
        check_may_read(actor)
        found = referral_by_id(actor, referral_id)
        return referral_told(found, found.matter)


@router.post(
    "/matters/{code}/referrals",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="refer",
    summary="Refer, or take in · 转介，或接到移交",
    url_name="api_refer",
    openapi_extra={"x-writes": "version"},
)
def refer(
    request: HttpRequest, response: HttpResponse, code: Path[Code], sent: ReferralSent
) -> ReferralReceipt:
    """By its kind: an office is asked, or handed the matter to the centre. A report to the police is the danger too."""
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            matter = opened(actor, code, door=DOOR)
        flow.begin(actor=actor, matter_id=matter.pk, new=sent.new(), version=version, once=once)

    return _receipt(once, response, work)


@router.post(
    "/referrals/{referral_id}/accept",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="acceptReferral",
    summary="It was accepted · 接收",
    url_name="api_referral_accept",
    openapi_extra={"x-writes": "version"},
)
def accept(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: AcceptedSent
) -> ReferralReceipt:
    """By whom and under which number; of a report to the police this is the receipt."""
    return _done(request, response, referral_id, sent, ReferralAction.ACCEPT)


@router.post(
    "/referrals/{referral_id}/refuse",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="refuseReferral",
    summary="It was refused · 不接收",
    url_name="api_referral_refuse",
    openapi_extra={"x-writes": "version"},
)
def refuse(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: RefusedSent
) -> ReferralReceipt:
    """With the reason. A report to the police is never refused."""
    return _done(request, response, referral_id, sent, ReferralAction.REFUSE)


@router.post(
    "/referrals/{referral_id}/give_back",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="giveReferralBack",
    summary="The result came or went back · 交回结果",
    url_name="api_referral_give_back",
    openapi_extra={"x-writes": "version"},
)
def give_back(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: GivenBackSent
) -> ReferralReceipt:
    """What came of it. To a court: what the mediation came to; its limit ends then."""
    return _done(request, response, referral_id, sent, ReferralAction.GIVE_BACK)


@router.post(
    "/referrals/{referral_id}/remind",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="remindOfReferral",
    summary="The office was reminded · 催问",
    url_name="api_referral_remind",
    openapi_extra={"x-writes": "version"},
)
def remind(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: RemindedSent
) -> ReferralReceipt:
    """How, and what it said."""
    return _done(request, response, referral_id, sent, ReferralAction.REMIND)


@router.post(
    "/referrals/{referral_id}/supply",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="supplyReferral",
    summary="More papers go along · 补送材料",
    url_name="api_referral_supply",
    openapi_extra={"x-writes": "version"},
)
def supply(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: SuppliedSent
) -> ReferralReceipt:
    """Materials of the matter; each goes along once."""
    return _done(request, response, referral_id, sent, ReferralAction.SUPPLY)


@router.get(
    "/referrals/{referral_id}/papers/{paper_id}",
    response={200: Any},
    auth=READS,
    operation_id="getReferralPaper",
    summary="A paper that went along · 随附的材料",
    url_name="api_referral_paper",
    openapi_extra={"x-answers": "a file"},
)
def get_paper(request: HttpRequest, referral_id: UUID, paper_id: UUID) -> HttpResponse:
    """As it was handed in; for the department that was asked, which sees nothing else of the matter."""
    with reading(request) as actor:
        check_may_read(actor)
        found, content = flow.fetch(actor=actor, referral_id=referral_id, paper_id=paper_id)
        return as_download(found.file.name, content)


@router.post(
    "/referrals/{referral_id}/call_back",
    response=ReferralReceipt,
    auth=WRITES,
    operation_id="callReferralBack",
    summary="It was called back · 撤回",
    url_name="api_referral_call_back",
    openapi_extra={"x-writes": "version"},
)
def call_back(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: CalledBackSent
) -> ReferralReceipt:
    """Whoever asked wants nothing any more."""
    return _done(request, response, referral_id, sent, ReferralAction.CALL_BACK)


def _of(actor: Actor, matter: Matter) -> list[Referral]:
    if actor.role in CENTRE_ROLES:
        return referrals_of(matter)
    return list(seen_by(actor).filter(matter_id=matter.pk).order_by("-sent_at", "-id"))


def _done(
    request: HttpRequest, response: HttpResponse, referral_id: UUID, sent: Any, action: ReferralAction
) -> ReferralReceipt:
    once, version = once_of(request, sent), version_of(request)

    def work() -> None:
        with reading(request) as actor:
            check_may_read(actor)
            referral_by_id(actor, referral_id)
        flow.act(
            actor=actor, referral_id=referral_id, action=action, once=once, version=version, **sent.values()
        )

    return _receipt(once, response, work)


def _receipt(once: OnceByKey, response: HttpResponse, work: Callable[[], None]) -> ReferralReceipt:
    answer = answered(once, response, work)
    response.headers["ETag"] = etag(answer["version"])
    return ReferralReceipt(**answer)
