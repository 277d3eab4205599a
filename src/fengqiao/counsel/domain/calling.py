"""Calling a joint legal consultation, asking more people to it, calling it off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.counsel.enums import (
    OUTSIDE,
    Capacity,
    ConsultationAction,
    ConsultationState,
    Reply,
    Way,
)
from fengqiao.counsel.models import Consultation, Invitee
from fengqiao.counsel.policies import may_call
from fengqiao.counsel.queries.advisers import in_force
from fengqiao.counsel.queries.invitable import capacity_of, to_chair, to_consult
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.sight import name_receivers
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Restriction, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.aside import bound_to_step_aside
from fengqiao.places.models import Stationing

LONGEST = timedelta(days=60)
MOST = 30
ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


@dataclass(frozen=True)
class Outsider:
    """Somebody without a post here: a member of the law society, an adviser, an expert."""

    name: str
    capacity: str
    unit: str = ""


@dataclass(frozen=True)
class Asked:
    """Who is asked: posts by what holds them (``Stationing``), advisers of the roster, and others by name."""

    posts: Sequence[UUID] = ()
    outsiders: Sequence[Outsider] = ()
    # Of the county's roster; they have no post either.
    advisers: Sequence[UUID] = ()


def call(
    *,
    actor: Actor,
    matter_id: UUID,
    facts: str,
    question: str,
    meets_at: datetime,
    way: str,
    place: str,
    chair: UUID,
    asked: Asked,
    version: int | None = None,
) -> Consultation:
    """召集法律会诊: asks people who know the law to a meeting about a question of the matter.

    They read the facts and the question as they are written here, and nothing else of the matter; who is asked by
    name only reads nothing in the program. ``chair`` is what holds a leader of the centre in their post. Refused:
    ``consultation_open``, ``must_recuse``, ``restricted_by_director`` for a restricted matter that no director calls
    it for.
    """
    facts = needed("facts", facts, _("请写明给会诊人员看的案情（至少十个字）。"), shortest=10)
    question = needed("question", question, _("请写明要会诊的法律问题（至少十个字）。"), shortest=10)
    _check_meeting(meets_at, way, place)
    matter = _opened(actor, matter_id, version, ConsultationAction.CALL)
    if Consultation.objects.filter(matter_id=matter.pk, ended_at=None).exists():
        raise Refusal("consultation_open", _("这件事项已经在会诊，请先签发意见书或者取消。"))
    leads = next((each for each in to_chair(matter.holder_id, matter) if each.pk == chair), None)
    if leads is None:
        raise Invalid({"chair": _("请选择本中心的一位领导主持。")})
    chosen = _chosen(matter, asked)
    consultation = Consultation(
        **of(matter),
        facts=facts,
        question=question,
        way=way,
        place=place.strip(),
        meets_at=meets_at,
        chair_id=leads.person_id,
        chair_post_id=leads.post_id,
        called_by_id=actor.person_id,
        called_role=actor.role,
        called_at=clock.now(),
    )
    _let_read(actor, matter, [*chosen, leads])
    consultation.save(force_insert=True)
    _invite(actor, matter, consultation, chosen, asked, ConsultationAction.CALL, question)
    return consultation


def invite(*, actor: Actor, consultation_id: UUID, asked: Asked, version: int | None = None) -> Consultation:
    """增邀会诊人员: more people to a consultation that is not over, where others cannot come."""
    matter, consultation = running(actor, consultation_id, version, ConsultationAction.INVITE)
    there = set(consultation.invitees.values_list("person_id", flat=True))
    chosen = [each for each in _chosen(matter, asked) if each.person_id not in there]
    known = set(consultation.invitees.values_list("adviser_id", flat=True))
    asked = replace(asked, advisers=[each for each in asked.advisers if each not in known])
    if not chosen and not asked.outsiders and not asked.advisers:
        raise Invalid({"posts": _("请选择还没有邀请的人。")})
    _let_read(actor, matter, chosen)
    _invite(actor, matter, consultation, chosen, asked, ConsultationAction.INVITE, "")
    return consultation


def call_off(*, actor: Actor, consultation_id: UUID, reason: str, version: int | None = None) -> Consultation:
    """取消法律会诊: no written opinion comes of it; what was said stays in the file."""
    reason = needed("reason", reason, _("请写明为什么取消会诊。"), shortest=4)
    matter, consultation = running(actor, consultation_id, version, ConsultationAction.CALL_OFF)
    consultation.state = ConsultationState.CALLED_OFF
    consultation.ended_at, consultation.ended_by_id = clock.now(), actor.person_id
    consultation.save(update_fields=["state", "ended_at", "ended_by"])
    noted(matter, actor, consultation, ConsultationAction.CALL_OFF, {}, {WordKind.REASON: reason})
    return consultation


def running(
    actor: Actor, consultation_id: UUID, version: int | None, action: ConsultationAction
) -> tuple[Matter, Consultation]:
    """The matter and then the consultation, locked, for a post that may call one, as long as none is signed."""
    known = Consultation.objects.filter(pk=consultation_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise not_found()
    matter = _opened(actor, known, version, action)
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation_id)
    check_running(consultation)
    return matter, consultation


def check_running(consultation: Consultation) -> None:
    """Raises ``consultation_over`` where the opinion is signed or none will come."""
    if consultation.state != ConsultationState.CALLED:
        raise Refusal("consultation_over", _("这次会诊已经结束。"))


def not_found() -> NotAllowed:
    """The same refusal for what is not there and what is not seen."""
    return NotAllowed("consultation_not_found", _("没有这次法律会诊，或您看不到它。"))


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged needs no opinion any more (handler of ``Moved``)."""
    if moved.action in ENDING:
        Consultation.objects.filter(matter_id=moved.matter_id, ended_at=None).update(
            state=ConsultationState.ENDED, ended_at=clock.now()
        )


def noted(
    matter: Matter,
    actor: Actor,
    consultation: Consultation,
    action: ConsultationAction,
    parameters: dict[str, object],
    words: dict[WordKind, str] | None = None,
    *,
    raises_version: bool = True,
) -> None:
    """Into the matter's history, with the posts that take part and are told."""
    taking = consultation.invitees.filter(reply__in=(Reply.PENDING, Reply.COMES), post__isnull=False)
    posts = [*taking.values_list("post_id", flat=True), consultation.chair_post_id]
    note(
        matter,
        actor=actor,
        type=f"consultation.{action}",
        parameters={"consultation": consultation.pk, "posts": list(dict.fromkeys(posts)), **parameters},
        words=words,
        raises_version=raises_version,
    )


def _opened(actor: Actor, matter_id: UUID, version: int | None, action: ConsultationAction) -> Matter:
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if not may_call(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
    if not matter.is_open:
        raise Refusal("matter_is_closed", _("事项已经结案，不再会诊。"))
    return matter


def _check_meeting(meets_at: datetime, way: str, place: str) -> None:
    errors: dict[str, Any] = {}
    now = clock.now()
    if not now <= meets_at <= now + LONGEST:
        errors["meets_at"] = _("会诊的时间应在今后六十天以内。")
    if way not in Way:
        errors["way"] = _("请选择现场还是视频。")
    if not 2 <= len(place.strip()) <= 300:
        errors["place"] = _("请写明在哪里，或者视频怎样进入。")
    if errors:
        raise Invalid(errors)


def _chosen(matter: Matter, asked: Asked) -> list[Stationing]:
    if not asked.posts and not asked.outsiders and not asked.advisers:
        raise Invalid({"posts": _("请至少邀请一位。")})
    if len(asked.posts) + len(asked.outsiders) + len(asked.advisers) > MOST:
        raise Invalid({"posts": _("一次最多邀请三十位。")})
    for place, each in enumerate(asked.outsiders):
        if each.capacity not in OUTSIDE or not 2 <= len(each.name.strip()) <= 60 or len(each.unit) > 120:
            raise Invalid({f"outsiders.{place}": _("请写明每一位的姓名（二至六十个字）和身份。")})
    if set(asked.advisers) - {each.pk for each in in_force(matter.county, clock.today())}:
        raise Invalid({"advisers": _("请选择在任的法律顾问。")})
    wanted = list(Stationing.objects.filter(pk__in=list(asked.posts)).select_related("person"))
    aside = bound_to_step_aside(matter, {each.person_id for each in wanted})
    bound = [each.person.name for each in wanted if each.person_id in aside]
    if bound:
        raise Refusal(
            "must_recuse",
            _("%(names)s 与本事项有利害关系，应当回避，不能邀请。") % {"names": "、".join(bound)},
            field="posts",
        )
    free = {each.pk: each for each in to_consult(matter)}
    if set(asked.posts) - set(free):
        raise Invalid({"posts": _("请选择现在可以邀请的岗位。")})
    # Who holds two of the posts is asked once.
    return list({free[each].person_id: free[each] for each in asked.posts}.values())


def _let_read(actor: Actor, matter: Matter, chosen: Collection[Stationing]) -> None:
    """The database lets nobody read a row of a restricted matter who is not named: a director names them by asking."""
    if matter.restriction != Restriction.OPEN and chosen:
        people = {each.person_id for each in chosen}
        name_receivers(actor=actor, matter=matter, people=people, reason=str(_("法律会诊")))


def _invite(
    actor: Actor,
    matter: Matter,
    consultation: Consultation,
    chosen: Sequence[Stationing],
    asked: Asked,
    action: ConsultationAction,
    words: str,
) -> None:
    now = clock.now()
    mine = {**of(matter), "consultation": consultation, "invited_at": now}
    rows = [
        Invitee(
            **mine,
            capacity=capacity_of(each),
            person_id=each.person_id,
            post_id=each.post_id,
            name=each.person.name[:60],
            unit=str(each.post.centre or each.post.department or "")[:120],
        )
        for each in chosen
    ]
    rows += [
        Invitee(**mine, capacity=Capacity(each.capacity), name=each.name.strip(), unit=each.unit.strip())
        for each in asked.outsiders
    ]
    named = in_force(matter.county, clock.today()).filter(pk__in=list(asked.advisers))
    rows += [
        Invitee(**mine, capacity=Capacity(each.kind), adviser=each, name=each.name, unit=each.unit)
        for each in named
    ]
    Invitee.objects.bulk_create(rows)
    said = {"people": len(rows), "meets_at": consultation.meets_at}
    noted(matter, actor, consultation, action, said, {WordKind.SUMMARY: words} if words else None)
