"""Joint legal consultations, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.counsel.domain import advising, calling
from fengqiao.counsel.enums import ConsultationAction
from fengqiao.counsel.models import Consultation
from fengqiao.flows.once import Once

VERBS: dict[ConsultationAction, Callable[..., Consultation]] = {
    ConsultationAction.INVITE: calling.invite,
    ConsultationAction.REPLY: advising.reply,
    ConsultationAction.OPINE: advising.opine,
    ConsultationAction.SIGN: advising.sign,
    ConsultationAction.FOLLOW: advising.follow,
    ConsultationAction.CALL_OFF: calling.call_off,
}


def call(*, actor: Actor, matter_id: UUID, once: Once | None = None, **values: Any) -> Consultation:
    """Calls a consultation for a matter; a refusal is rolled back and audited."""
    action = ConsultationAction.CALL
    with attempt(actor, verb=f"consultation.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        made = calling.call(actor=actor, matter_id=matter_id, **values)
        if once:
            once.keep(_kept(made, action))
        return made


def act(
    *,
    actor: Actor,
    consultation_id: UUID,
    action: ConsultationAction,
    once: Once | None = None,
    **values: Any,
) -> Consultation:
    """What those who are invited, the chair and the centre do in a consultation."""
    with attempt(actor, verb=f"consultation.{action}", subject=f"consultation:{consultation_id}"):
        if once:
            once.begin()
        done = VERBS[action](actor=actor, consultation_id=consultation_id, **values)
        if once:
            once.keep(_kept(done, action))
        return done


def _kept(consultation: Consultation, action: ConsultationAction) -> dict[str, Any]:
    return {
        "id": str(consultation.pk),
        "said": str(action),
        "version": consultation.matter.version,
    }
