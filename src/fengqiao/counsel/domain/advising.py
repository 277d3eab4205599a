"""What comes of a consultation: answers, opinions, the one that the chair signs, and what was done with it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.counsel.domain.calling import check_running, not_found, noted, running
from fengqiao.counsel.enums import TAKES_PART, ConsultationAction, ConsultationState, Followed, Reply
from fengqiao.counsel.models import Consultation, GivenOpinion, Invitee
from fengqiao.counsel.policies import may_call, own_invitations
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.sight import steps_aside
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of


def reply(
    *, actor: Actor, consultation_id: UUID, answer: str, reason: str = "", invitee_id: UUID | None = None
) -> Consultation:
    """回复会诊邀请: comes, cannot, or steps aside (the last two with a reason), until the opinion is in.

    ``invitee_id``: what somebody outside the program said, written down by the centre. Who steps aside from the
    consultation steps aside from the matter.
    """
    if answer not in (Reply.COMES, Reply.CANNOT, Reply.RECUSED):
        raise Invalid({"answer": _("请选择参加、不能参加，或申请回避。")})
    if answer != Reply.COMES:
        reason = needed("reason", reason, _("请写明原因。"), shortest=4)
    matter, invitee = _invitee(actor, consultation_id, invitee_id, ConsultationAction.REPLY)
    if GivenOpinion.objects.filter(invitee=invitee).exists():
        raise Refusal("opinion_is_in", _("意见已经提交，不能再改回复。"))
    invitee.reply, invitee.reason, invitee.replied_at = answer, reason.strip(), clock.now()
    invitee.save(update_fields=["reply", "reason", "replied_at"])
    said: dict[str, object] = {"answer": answer, "capacity": invitee.capacity}
    noted(matter, actor, invitee.consultation, ConsultationAction.REPLY, said, raises_version=False)
    if answer == Reply.RECUSED and invitee.person_id == actor.person_id:
        steps_aside(actor=actor, matter=matter, reason=reason)
    return invitee.consultation


def opine(*, actor: Actor, consultation_id: UUID, text: str, invitee_id: UUID | None = None) -> Consultation:
    """提交会诊意见: each their own, once; for somebody outside the program the centre writes it down."""
    text = needed("text", text, _("请写明意见和依据（至少十个字）。"), shortest=10)
    matter, invitee = _invitee(actor, consultation_id, invitee_id, ConsultationAction.OPINE)
    if invitee.reply != Reply.COMES:
        raise Refusal("not_coming", _("请先回复参加，再提交意见。"))
    if GivenOpinion.objects.filter(invitee=invitee).exists():
        raise Refusal("opinion_is_in", _("意见已经提交，不能再改。"))
    GivenOpinion.objects.create(
        **of(matter),
        consultation_id=consultation_id,
        invitee=invitee,
        text=text,
        given_at=clock.now(),
        written_by_id=actor.person_id,
    )
    # What it says is for the consultation; the history knows that it is in.
    said: dict[str, object] = {"capacity": invitee.capacity}
    noted(matter, actor, invitee.consultation, ConsultationAction.OPINE, said, raises_version=False)
    return invitee.consultation


def sign(
    *, actor: Actor, consultation_id: UUID, opinion: str, articles: str = "", version: int | None = None
) -> Consultation:
    """签发会诊意见书: the chair signs the written opinion, which goes into the matter's history as advice.

    Refused: ``not_chair``, ``no_opinion`` as long as nobody has given any.
    """
    opinion = needed("opinion", opinion, _("请写明会诊意见（至少十个字）。"), shortest=10)
    articles = allowed("articles", articles)
    matter, consultation = running(actor, consultation_id, version, ConsultationAction.SIGN)
    if consultation.chair_id != actor.person_id:
        raise NotAllowed("not_chair", _("会诊意见书由主持人签发。"))
    if not consultation.opinions.exists():
        raise Refusal("no_opinion", _("还没有人提交意见，不能签发会诊意见书。"))
    consultation.opinion, consultation.articles = opinion, articles
    consultation.state = ConsultationState.SIGNED
    consultation.ended_at, consultation.ended_by_id = clock.now(), actor.person_id
    consultation.save(update_fields=["opinion", "articles", "state", "ended_at", "ended_by"])
    words = {WordKind.SUMMARY: opinion} | ({WordKind.GROUNDS: articles} if articles else {})
    said: dict[str, object] = {"opinions": consultation.opinions.count()}
    noted(matter, actor, consultation, ConsultationAction.SIGN, said, words)
    return consultation


def follow(
    *, actor: Actor, consultation_id: UUID, followed: str, reason: str = "", version: int | None = None
) -> Consultation:
    """记录会诊意见办理情况: followed, in part or not (the last two with a reason), once.

    Refused: ``not_signed``, ``followed_already``.
    """
    if followed not in Followed:
        raise Invalid({"followed": _("请选择采纳、部分采纳，或未采纳。")})
    if followed != Followed.YES:
        reason = needed("reason", reason, _("没有全部采纳的，请写明理由（至少四个字）。"), shortest=4)
    known = Consultation.objects.filter(pk=consultation_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise not_found()
    matter = locked(actor=actor, matter_id=known, version=version)
    if not may_call(actor, matter):
        raise NotAllowed("post_may_not", _("会诊意见的办理由本中心的领导或调解员记录。"))
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation_id)
    if consultation.state != ConsultationState.SIGNED:
        raise Refusal("not_signed", _("会诊意见书还没有签发。"))
    if consultation.followed:
        raise Refusal("followed_already", _("办理情况已经记录。"))
    consultation.followed, consultation.follow_reason = followed, allowed("reason", reason)
    consultation.followed_at, consultation.followed_by_id = clock.now(), actor.person_id
    consultation.save(update_fields=["followed", "follow_reason", "followed_at", "followed_by"])
    words = {WordKind.REASON: consultation.follow_reason} if consultation.follow_reason else None
    noted(matter, actor, consultation, ConsultationAction.FOLLOW, {"followed": followed}, words)
    return consultation


def _invitee(
    actor: Actor, consultation_id: UUID, invitee_id: UUID | None, action: ConsultationAction
) -> tuple[Matter, Invitee]:
    """The matter and the invitation, locked: one's own, or that of somebody outside for whom the centre writes."""
    if invitee_id is not None:
        matter, consultation = running(actor, consultation_id, None, action)
        found = consultation.invitees.filter(pk=invitee_id, person=None).first()
        if found is None:
            raise NotAllowed("invitee_not_found", _("名单里没有这位场外人员；在岗人员由本人回复。"))
        found.consultation = consultation
        return matter, found
    mine = own_invitations(actor).filter(consultation_id=consultation_id, reply__in=TAKES_PART)
    known = mine.values_list("matter_id", flat=True).first()
    # Who is invited need not see the matter: the invitation is what they hold.
    unlocked = Matter.objects.select_for_update(of=("self",), no_key=True)
    own = unlocked.filter(pk=known).first() if known else None
    if own is None:
        raise not_found()
    invitee = mine.select_for_update(of=("self",)).select_related("consultation").get()
    check_running(invitee.consultation)
    return own, invitee
