"""A lawyer's part in a matter: appointments of its parties, what was advised, who follows it to its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.enums import State
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter, Party, Recusal
from fengqiao.matters.models.base import of
from fengqiao.mediation.models import Mediation
from fengqiao.pool.enums import AppointmentState, LawyerAction, Profession
from fengqiao.pool.models import Appointment, Following, Talent
from fengqiao.pool.queries.roster import GIVEN, free_slots

BOOKERS = LEADERS | {Role.REGISTRAR, Role.MEDIATOR, Role.LEGAL_OFFICER}
OVER = frozenset({State.CLOSED, State.ARCHIVED})


def may_book(actor: Actor, matter: Matter) -> bool:
    """Who sits in front of the parties at the centre that holds the matter, while it is open."""
    at_home = actor.centre_id is not None and actor.centre_id == matter.holder_id
    return actor.role in BOOKERS and at_home and matter.state not in OVER


def book(
    *,
    actor: Actor,
    matter_id: UUID,
    party_id: UUID,
    lawyer_id: UUID,
    starts_at: datetime,
    version: int | None = None,
) -> Appointment:
    """Gives a party of the matter half an hour of a lawyer in residence.

    Refused: a half hour that is not in the roster or has begun (``no_such_hour``) or that somebody has
    (``hour_taken``); a lawyer who advises another side, mediates the matter or stepped aside in it (``conflict``).
    """
    matter = _begun(actor, matter_id, version)
    party = Party.objects.filter(matter_id=matter.pk, pk=party_id, agent_of=None).first()
    if party is None:
        raise Invalid({"party_id": _("请选择本事项的当事人。")})
    made = _give(actor, matter, party, lawyer_id, starts_at)
    _note(actor, matter, LawyerAction.BOOK, made)
    return made


def move(
    *,
    actor: Actor,
    matter_id: UUID,
    appointment_id: UUID,
    starts_at: datetime,
    why: str,
    version: int | None = None,
) -> Appointment:
    """Another half hour of the same lawyer; the first one is free again."""
    matter = _begun(actor, matter_id, version)
    before = _booked(matter, appointment_id)
    _ends(actor, before, AppointmentState.MOVED, why=_needed("why", why))
    made = _give(actor, matter, before.party, before.lawyer_id, starts_at, moved_from=before)
    _note(actor, matter, LawyerAction.MOVE, made)
    return made


def keep(
    *, actor: Actor, matter_id: UUID, appointment_id: UUID, advised: str, version: int | None = None
) -> Appointment:
    """They met; what the lawyer advised is a note on the matter."""
    matter = _begun(actor, matter_id, version)
    appointment = _booked(matter, appointment_id)
    if appointment.starts_at > clock.now():
        raise Refusal("not_yet", _("还没有到约定的时间。"))
    appointment.advised = _needed("advised", advised, most=4_000)
    _ends(actor, appointment, AppointmentState.KEPT)
    _note(actor, matter, LawyerAction.KEEP, appointment)
    return appointment


def miss(*, actor: Actor, matter_id: UUID, appointment_id: UUID, version: int | None = None) -> Appointment:
    """The party did not come. It says nothing about them, and they can book again."""
    matter = _begun(actor, matter_id, version)
    appointment = _booked(matter, appointment_id)
    if appointment.starts_at > clock.now():
        raise Refusal("not_yet", _("还没有到约定的时间。"))
    _ends(actor, appointment, AppointmentState.MISSED)
    _note(actor, matter, LawyerAction.MISS, appointment)
    return appointment


def cancel(
    *, actor: Actor, matter_id: UUID, appointment_id: UUID, why: str, version: int | None = None
) -> Appointment:
    """Nobody comes; the half hour is free again."""
    matter = _begun(actor, matter_id, version)
    appointment = _booked(matter, appointment_id)
    _ends(actor, appointment, AppointmentState.CANCELLED, why=_needed("why", why))
    _note(actor, matter, LawyerAction.CANCEL, appointment)
    return appointment


def follow(*, actor: Actor, matter_id: UUID, lawyer_id: UUID, version: int | None = None) -> Following:
    """A lawyer of the pool follows the matter to its end (全程跟进); whoever did before does no more."""
    matter = _begun(actor, matter_id, version)
    lawyer = _free_of_conflict(matter, lawyer_id, None)
    now = Following.objects.filter(matter_id=matter.pk, ended_at=None).first()
    if now is not None and now.lawyer_id == lawyer.pk:
        raise Refusal("follows_already", _("本来就由这位律师跟进。"), field="lawyer_id")
    if now is not None:
        now.ended_at = clock.now()
        now.save(update_fields=["ended_at"])
    made = Following.objects.create(
        **of(matter), lawyer=lawyer, since=clock.now(), recorded_by=actor.person_id
    )
    parameters = {"talent": str(lawyer.pk)}
    note(matter, actor=actor, type=f"lawyer.{LawyerAction.FOLLOW}", parameters=parameters)
    return made


def leave(*, actor: Actor, matter_id: UUID, version: int | None = None) -> Following:
    """The lawyer follows the matter no more."""
    matter = _begun(actor, matter_id, version)
    now = Following.objects.filter(matter_id=matter.pk, ended_at=None).first()
    if now is None:
        raise Refusal("nobody_follows", _("没有律师在跟进本事项。"))
    now.ended_at = clock.now()
    now.save(update_fields=["ended_at"])
    parameters = {"talent": str(now.lawyer_id)}
    note(matter, actor=actor, type=f"lawyer.{LawyerAction.LEAVE}", parameters=parameters)
    return now


def end_with_matter(moved: Moved) -> None:
    """A matter that is over needs no lawyer: the half hours are free again (handler of ``Moved``)."""
    if moved.to_state not in OVER or moved.from_state in OVER:
        return
    now = clock.now()
    Following.objects.filter(matter_id=moved.matter_id, ended_at=None).update(ended_at=now)
    Appointment.objects.filter(matter_id=moved.matter_id, state=AppointmentState.BOOKED).update(
        state=AppointmentState.CANCELLED, ended_at=now, ended_by=moved.actor.person_id
    )


def _begun(actor: Actor, matter_id: UUID, version: int | None) -> Matter:
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if not may_book(actor, matter):
        raise NotAllowed("post_may_not_book", _("约访律师由承办中心的窗口、调解员和领导办理。"))
    return matter


def _booked(matter: Matter, appointment_id: UUID) -> Appointment:
    found = (
        Appointment.objects.filter(matter_id=matter.pk, pk=appointment_id, state=AppointmentState.BOOKED)
        .select_related("party")
        .first()
    )
    if found is None:
        raise Invalid({"appointment_id": _("请选择还没有办完的预约。")})
    return found


def _give(
    actor: Actor, matter: Matter, party: Party, lawyer_id: UUID, starts_at: datetime, **more: Any
) -> Appointment:
    lawyer = _free_of_conflict(matter, lawyer_id, party)
    taken = Refusal("hour_taken", _("这个时间已经有人预约，请另选一个。"), field="starts_at")
    assert matter.holder_id is not None  # noqa: S101  the actor's centre holds it
    if Appointment.objects.exclude(GIVEN).filter(lawyer=lawyer, starts_at=starts_at).exists():
        raise taken
    slots = {(each.lawyer.pk, each.starts_at) for each in free_slots(matter.holder_id)}
    if (lawyer.pk, starts_at) not in slots:
        raise Refusal("no_such_hour", _("律师在这个时间不值班，请另选一个。"), field="starts_at")
    try:
        # One of a matter that is not seen here holds its hour all the same.
        with transaction.atomic():
            return Appointment.objects.create(
                **of(matter),
                centre_id=matter.holder_id,
                lawyer=lawyer,
                party=party,
                starts_at=starts_at,
                booked_by=actor.person_id,
                booked_at=clock.now(),
                **more,
            )
    except IntegrityError as clash:
        raise taken from clash


def _free_of_conflict(matter: Matter, lawyer_id: UUID, party: Party | None) -> Talent:
    lawyer = Talent.objects.filter(
        pk=lawyer_id,
        county=matter.county,
        profession=Profession.LAWYER,
        valid_until__gte=clock.today(),
    ).first()
    if lawyer is None:
        raise Invalid({"lawyer_id": _("请选择人才库里的律师。")})
    advised = Appointment.objects.exclude(GIVEN).filter(matter_id=matter.pk, lawyer=lawyer)
    if party is not None and advised.exclude(party__role=party.role).exists():
        raise _conflict(_("这位律师在本事项里给另一方提供过意见。"))
    if lawyer.person_id is None:
        return lawyer
    if Recusal.objects.filter(matter_id=matter.pk, person_id=lawyer.person_id).exists():
        raise _conflict(_("这个人已在本事项中回避。"))
    if Mediation.objects.filter(matter_id=matter.pk, mediator_id=lawyer.person_id).exists():
        raise _conflict(_("这个人是本事项的调解员。"))
    return lawyer


def _conflict(why: Any) -> Refusal:
    return Refusal("conflict", why, field="lawyer_id")


def _ends(actor: Actor, appointment: Appointment, state: AppointmentState, *, why: str = "") -> None:
    appointment.state, appointment.why = state, why
    appointment.ended_by, appointment.ended_at = actor.person_id, clock.now()
    appointment.save(update_fields=["state", "why", "advised", "ended_by", "ended_at"])


def _needed(field: str, text: str, *, most: int = 500) -> str:
    if not 2 <= len(text.strip()) <= most:
        raise Invalid({field: _("请写明情况。")})
    return text.strip()


def _note(actor: Actor, matter: Matter, action: LawyerAction, appointment: Appointment) -> None:
    """The history says what was done and for when; never what was advised."""
    note(
        matter,
        actor=actor,
        type=f"lawyer.{action}",
        parameters={
            "talent": str(appointment.lawyer_id),
            "party": str(appointment.party_id),
            "at": appointment.starts_at.isoformat(),
        },
    )
