"""Consultations as pages, papers and the API show them: to each only what is theirs to see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.counsel.domain.calling import not_found
from fengqiao.counsel.enums import TAKES_PART, ConsultationAction, ConsultationState, Reply
from fengqiao.counsel.models import Consultation, GivenOpinion, Invitee
from fengqiao.counsel.policies import CALLERS, consultations_visible_to, may_call, own_invitations
from fengqiao.matters.models import Matter

OPINIONS = Prefetch("opinions", GivenOpinion.objects.select_related("invitee"))


@dataclass(frozen=True)
class Shown:
    """One consultation as the acting person sees it; ``mine`` is their own invitation.

    ``absent`` are those outside the program for whom the centre still writes down an answer or an opinion.
    """

    consultation: Consultation
    mine: Invitee | None
    invitees: list[Invitee]
    opinions: list[GivenOpinion]
    absent: list[Invitee]
    actions: tuple[ConsultationAction, ...]
    directs: bool


def seen_by(actor: Actor) -> QuerySet[Consultation]:
    """Every consultation that the person sees."""
    return consultations_visible_to(actor).select_related("chair")


def consultation_by_id(actor: Actor, consultation_id: UUID) -> Consultation:
    """One that the person sees; raises ``NotAllowed`` alike for any other."""
    found = (
        seen_by(actor)
        .filter(pk=consultation_id)
        .select_related("matter", "matter__holder", "called_by", "followed_by")
        .prefetch_related("invitees", OPINIONS)
        .first()
    )
    if found is None:
        raise not_found()
    return found


def shown(actor: Actor, consultation: Consultation) -> Shown:
    """What of it this person sees and may do now."""
    invitees = list(consultation.invitees.all())
    opinions = list(consultation.opinions.all())
    written = {each.invitee_id for each in opinions}
    own = (each for each in invitees if (each.person_id, each.post_id) == (actor.person_id, actor.post_id))
    mine = next(own, None)
    sees = Matter.objects.visible_to(actor).filter(pk=consultation.matter_id).exists()
    directs = sees and may_call(actor, consultation.matter)
    is_running = consultation.state == ConsultationState.CALLED
    absent = [
        each
        for each in invitees
        if each.person_id is None and each.reply in TAKES_PART and each.pk not in written
    ]
    takes_part = mine is not None and mine.reply in TAKES_PART and mine.pk not in written
    writes_down = directs and bool(absent)
    may = {
        ConsultationAction.REPLY: is_running and (takes_part or writes_down),
        ConsultationAction.OPINE: is_running
        and (
            (takes_part and mine is not None and mine.reply == Reply.COMES)
            or (directs and any(each.reply == Reply.COMES for each in absent))
        ),
        ConsultationAction.SIGN: is_running
        and directs
        and bool(opinions)
        and consultation.chair_id == actor.person_id,
        ConsultationAction.FOLLOW: directs
        and consultation.state == ConsultationState.SIGNED
        and not consultation.followed,
        ConsultationAction.INVITE: is_running and directs and consultation.matter.is_open,
        ConsultationAction.CALL_OFF: is_running and directs,
    }
    actions = tuple(action for action, allowed in may.items() if allowed)
    return Shown(consultation, mine, invitees, opinions, absent, actions, directs)


def of_matter(actor: Actor, matter: Matter) -> list[Consultation]:
    """Those of a matter that the person sees, the newest first."""
    found = consultations_visible_to(actor).filter(matter_id=matter.pk).select_related("chair")
    return list(found.order_by("-called_at", "-id"))


def last_signed(matter: Matter) -> Consultation | None:
    """The opinion that was signed last, with those who took part; for the papers of a matter that is seen."""
    signed = Consultation.objects.filter(matter_id=matter.pk, state=ConsultationState.SIGNED)
    return signed.select_related("chair").prefetch_related("invitees").order_by("-ended_at", "-id").first()


def waiting_for(actor: Actor) -> QuerySet[Consultation]:
    """Where it is this person's turn, the earliest meeting first.

    To answer or to write an opinion; as the chair to sign; and, for who may call one, to say what was done with a
    signed opinion.
    """
    written = GivenOpinion.objects.filter(invitee_id=OuterRef("pk"))
    mine = own_invitations(actor).filter(
        Q(reply=Reply.PENDING) | Q(reply=Reply.COMES) & ~Exists(written), consultation_id=OuterRef("pk")
    )
    opinions = GivenOpinion.objects.filter(consultation_id=OuterRef("pk"))
    turn = Q(state=ConsultationState.CALLED) & (
        Exists(mine) | (Q(chair_id=actor.person_id) & Exists(opinions))
    )
    if actor.role in CALLERS:
        turn |= Q(
            state=ConsultationState.SIGNED,
            followed="",
            matter__holder_id=actor.centre_id,
            matter__in=Matter.objects.visible_to(actor).order_by().values("pk"),
        )
    found = Consultation.objects.filter(turn, county__in=actor.counties)
    return found.select_related("matter", "matter__holder").order_by("meets_at", "id")
