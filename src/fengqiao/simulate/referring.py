"""Courts of the played county: what they hand in for mediation, and the result that goes back to them."""

from __future__ import annotations

from fengqiao.accounts.actor import Actor
from fengqiao.matters.enums import Channel
from fengqiao.matters.models import Matter
from fengqiao.referrals.domain.answering import call_back, give_back
from fengqiao.referrals.domain.sending import NewReferral, receive
from fengqiao.referrals.enums import OPEN, Outcome
from fengqiao.referrals.models import Referral

KIND = "court_assigned"


def sign_for_papers(actor: Actor, matter: Matter) -> None:
    """At a matter that a court assigned: somebody signs for its papers before it is mediated."""
    if matter.channel != Channel.COURT or Referral.objects.filter(matter_id=matter.pk).exists():
        return
    receive(
        actor=actor,
        matter_id=matter.pk,
        new=NewReferral(
            kind=KIND,
            office="人民法院立案庭",
            asked="立案前委派调解，请在期限内调解，结果和材料一并退回。",
            number=f"诉前调{matter.code[-6:]}号",
            signed_by=actor.name,
        ),
    )


def give_back_to_court(actor: Actor, matter: Matter, result: str, *, agreed: bool) -> Referral | None:
    """What the mediation came to, on the day on which it ended; None where no court waits for it."""
    if matter.channel != Channel.COURT:
        return None
    task = Referral.objects.filter(matter_id=matter.pk, kind=KIND, state__in=OPEN).first()
    if task is None:
        return None
    return give_back(
        actor=actor,
        referral_id=task.pk,
        outcome=Outcome.AGREED if agreed else Outcome.FAILED,
        result=result,
        received_by="立案庭",
    )


def call_back_open(actor: Actor, matter: Matter) -> None:
    """A matter that ended by another way than mediation is given back before it goes to the archive."""
    if matter.channel != Channel.COURT:
        return
    for each in Referral.objects.filter(matter_id=matter.pk, state__in=OPEN):
        call_back(actor=actor, referral_id=each.pk, reason="事项已由别的途径办结，材料退回。")
