"""Referrals out and back, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once
from fengqiao.referrals.domain import answering, sending
from fengqiao.referrals.domain.sending import NewReferral
from fengqiao.referrals.enums import ReferralAction
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import all_kinds

ON_A_REFERRAL: dict[ReferralAction, Callable[..., Referral]] = {
    ReferralAction.ACCEPT: answering.accept,
    ReferralAction.REFUSE: answering.refuse,
    ReferralAction.REMIND: answering.remind,
    ReferralAction.GIVE_BACK: answering.give_back,
    ReferralAction.CALL_BACK: answering.call_back,
}


def begin(
    *,
    actor: Actor,
    matter_id: UUID,
    new: NewReferral,
    version: int | None = None,
    once: Once | None = None,
) -> Referral:
    """Refers, or takes in what an office hands over: its kind says which. A refusal is rolled back and audited."""
    kind = all_kinds().get(new.kind)
    is_in = kind is not None and not kind.is_out
    action = ReferralAction.RECEIVE if is_in else ReferralAction.SEND
    verb = sending.receive if is_in else sending.send
    with attempt(actor, verb=f"referral.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        made = verb(actor=actor, matter_id=matter_id, new=new, version=version)
        if once:
            once.keep(_kept(made, action))
        return made


def act(
    *, actor: Actor, referral_id: UUID, action: ReferralAction, once: Once | None = None, **values: Any
) -> Referral:
    """What became of one."""
    with attempt(actor, verb=f"referral.{action}", subject=f"referral:{referral_id}"):
        if once:
            once.begin()
        done = ON_A_REFERRAL[action](actor=actor, referral_id=referral_id, **values)
        if once:
            once.keep(_kept(done, action))
        return done


def _kept(referral: Referral, action: ReferralAction) -> dict[str, Any]:
    """What the answer is made of: also when the same request comes again."""
    referral.matter.refresh_from_db(fields=["version"])
    return {"id": str(referral.pk), "said": str(action), "version": referral.matter.version}
