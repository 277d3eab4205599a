"""Referrals out and back, from any door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.materials import Upload, attach_all, opened
from fengqiao.flows.once import Once
from fengqiao.flows.reading import leave_trace
from fengqiao.referrals.domain import answering, sending
from fengqiao.referrals.domain.sending import NewReferral
from fengqiao.referrals.enums import ReferralAction
from fengqiao.referrals.models import Referral, ReferralPaper
from fengqiao.referrals.queries.referrals import referral_by_id
from fengqiao.rules.queries.referral_kinds import all_kinds

# As the dossier finds it, whatever language one reads.
ALONG = "转介移交材料"
ON_A_REFERRAL: dict[ReferralAction, Callable[..., Referral]] = {
    ReferralAction.ACCEPT: answering.accept,
    ReferralAction.REFUSE: answering.refuse,
    ReferralAction.REMIND: answering.remind,
    ReferralAction.SUPPLY: answering.supply,
    ReferralAction.GIVE_BACK: answering.give_back,
    ReferralAction.CALL_BACK: answering.call_back,
}


def begin(
    *,
    actor: Actor,
    matter_id: UUID,
    new: NewReferral,
    version: int | None = None,
    uploads: Sequence[Upload] = (),
    once: Once | None = None,
) -> Referral:
    """Refers, or takes in what an office hands over: its kind says which. ``uploads`` go along as materials.

    A refusal is rolled back, the files with it, and audited.
    """
    kind = all_kinds().get(new.kind)
    is_in = kind is not None and not kind.is_out
    action = ReferralAction.RECEIVE if is_in else ReferralAction.SEND
    verb = sending.receive if is_in else sending.send
    with attempt(actor, verb=f"referral.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        along, version = _along(actor, matter_id, uploads, version)
        new = replace(new, papers=(*new.papers, *along))
        made = verb(actor=actor, matter_id=matter_id, new=new, version=version)
        if once:
            once.keep(_kept(made, action))
        return made


def act(
    *,
    actor: Actor,
    referral_id: UUID,
    action: ReferralAction,
    uploads: Sequence[Upload] = (),
    once: Once | None = None,
    **values: Any,
) -> Referral:
    """What became of one; ``uploads`` go along with what is supplied."""
    with attempt(actor, verb=f"referral.{action}", subject=f"referral:{referral_id}"):
        if once:
            once.begin()
        if uploads:
            matter_id = Referral.objects.filter(pk=referral_id).values_list("matter_id", flat=True).first()
            along, values["version"] = _along(actor, matter_id, uploads, values.get("version"))
            values["papers"] = (*values.get("papers", ()), *along)
        done = ON_A_REFERRAL[action](actor=actor, referral_id=referral_id, **values)
        if once:
            once.keep(_kept(done, action))
        return done


def fetch(*, actor: Actor, referral_id: UUID, paper_id: UUID) -> tuple[ReferralPaper, bytes]:
    """A paper that went along, and what is in it; that the office opened it is written down.

    Reads as a page does: who calls it audits what is refused.
    """
    with scope(actor):
        referral = referral_by_id(actor, referral_id)
        paper = answering.fetched(actor=actor, referral_id=referral_id, paper_id=paper_id)
        leave_trace(actor, referral.matter, door="file")
        return paper, opened(paper.file)


def _along(
    actor: Actor, matter_id: UUID | None, uploads: Sequence[Upload], version: int | None
) -> tuple[list[UUID], int | None]:
    """The files as materials of the matter; what adds the first of them has asked for the version."""
    if not uploads or matter_id is None:
        return [], version
    added = attach_all(actor=actor, matter_id=matter_id, uploads=uploads, purpose=ALONG, version=version)
    return [each.pk for each in added], None


def _kept(referral: Referral, action: ReferralAction) -> dict[str, Any]:
    """What the answer is made of: also when the same request comes again."""
    referral.matter.refresh_from_db(fields=["version"])
    return {"id": str(referral.pk), "said": str(action), "version": referral.matter.version}
