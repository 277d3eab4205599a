"""What members do: answer the invitation, and write their own opinion."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.domain.sight import steps_aside
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.study.enums import TAKES_PART, Reply, Stance, StudyAction, StudyState
from fengqiao.study.models import Invitation, Opinion


def reply(*, actor: Actor, study_id: UUID, answer: str, reason: str = "") -> Invitation:
    """回复邀请: comes, cannot, or steps aside (the last two with a reason). Until their opinion is in it may change.

    Who steps aside from the study steps aside from the matter: they do not see it any more, in any post.
    """
    if answer not in (Reply.COMES, Reply.CANNOT, Reply.RECUSED):
        raise Invalid({"answer": _("请选择参加、不能参加，或申请回避。")})
    if answer != Reply.COMES:
        reason = needed("reason", reason, _("请写明原因。"), shortest=4)
    matter, invitation = _mine(actor, study_id)
    if Opinion.objects.filter(invitation=invitation).exists():
        raise Refusal("opinion_is_in", _("您的意见已经提交，不能再改回复。"))
    invitation.reply, invitation.reason, invitation.replied_at = answer, reason.strip(), clock.now()
    invitation.save(update_fields=["reply", "reason", "replied_at"])
    _noted(matter, actor, invitation, StudyAction.REPLY, {"answer": answer})
    if answer == Reply.RECUSED:
        steps_aside(actor=actor, matter=matter, reason=reason)
    return invitation


def opine(*, actor: Actor, study_id: UUID, stance: str, text: str) -> Opinion:
    """提交研判意见: their own, once, in writing. Refused for whoever has not said that they take part."""
    if stance not in Stance:
        raise Invalid({"stance": _("请选择对拟办意见的态度。")})
    text = needed("text", text, _("请写明意见和依据（至少十个字）。"), shortest=10)
    matter, invitation = _mine(actor, study_id)
    if invitation.reply != Reply.COMES:
        raise Refusal("not_coming", _("请先回复参加，再提交意见。"))
    if Opinion.objects.filter(invitation=invitation).exists():
        raise Refusal("opinion_is_in", _("您的意见已经提交，不能再改。"))
    opinion = Opinion.objects.create(
        **of(matter),
        study_id=study_id,
        invitation=invitation,
        stance=stance,
        text=text,
        given_at=clock.now(),
    )
    # What it says is for the study; the history knows that it is in.
    _noted(matter, actor, invitation, StudyAction.OPINE, {})
    return opinion


def _mine(actor: Actor, study_id: UUID) -> tuple[Matter, Invitation]:
    """The matter and the own invitation, locked. A member need not see the matter: the invitation is what they hold."""
    known = (
        Invitation.objects.filter(study_id=study_id, person_id=actor.person_id, reply__in=TAKES_PART)
        .values_list("matter_id", flat=True)
        .first()
    )
    matter = (
        Matter.objects.select_for_update(of=("self",), no_key=True).filter(pk=known).first()
        if known
        else None
    )
    if matter is None:
        raise NotAllowed("study_not_found", _("没有这次研判，或您看不到它。"))
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("study")
        .get(study_id=study_id, person_id=actor.person_id)
    )
    if invitation.study.state != StudyState.OPEN:
        raise Refusal("study_is_over", _("这次研判已经结束。"))
    return matter, invitation


def _noted(
    matter: Matter,
    actor: Actor,
    invitation: Invitation,
    action: StudyAction,
    parameters: dict[str, object],
) -> None:
    note(
        matter,
        actor=actor,
        type=f"study.{action}",
        parameters={"study": invitation.study_id, "post": invitation.post_id, **parameters},
        raises_version=False,
    )
