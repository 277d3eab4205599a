"""Courts of the played county: what they hand in for mediation, and the result that goes back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fengqiao.accounts.actor import Actor
from fengqiao.matters.enums import Channel
from fengqiao.matters.models import Matter
from fengqiao.referrals.domain.answering import call_back, give_back
from fengqiao.referrals.domain.sending import NewReferral, receive
from fengqiao.referrals.enums import OPEN, Outcome
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import all_kinds

if TYPE_CHECKING:
    from fengqiao.simulate.fates import Fate

# What a court hands in before a suit is filed, or after; most of it before.
ASSIGNED = "court_assigned"
KINDS = (ASSIGNED, ASSIGNED, ASSIGNED, "court_entrusted", "court_entrusted_summary")
ASKED = {
    ASSIGNED: "立案前委派调解，请在期限内调解，结果和材料一并退回。",
    "court_entrusted": "立案后委托调解，请在期限内调解，结果和材料一并退回。",
    "court_entrusted_summary": "简易程序案件委托调解，请在期限内调解，结果和材料一并退回。",
}


def kind_of(fate: Fate) -> str:
    """As what a court handed the matter in; empty where it came by another way."""
    return fate.rng("from court").choice(KINDS) if fate.channel == Channel.COURT else ""


def body_of(fate: Fate) -> str:
    """Who mediates: of a court's matter whom it invited, of any other the people's mediation committee."""
    kind = kind_of(fate)
    return all_kinds()[kind].body if kind else "people"


def sign_for_papers(actor: Actor, matter: Matter, kind: str = ASSIGNED) -> None:
    """At a matter that a court handed in: somebody signs for its papers before it is mediated."""
    if matter.channel != Channel.COURT or Referral.objects.filter(matter_id=matter.pk).exists():
        return
    receive(
        actor=actor,
        matter_id=matter.pk,
        new=NewReferral(
            kind=kind,
            office="人民法院立案庭",
            asked=ASKED[kind],
            number=f"{'诉前调' if kind == ASSIGNED else '民初'}{matter.code[-6:]}号",
            signed_by=actor.name,
        ),
    )


def give_back_to_court(actor: Actor, matter: Matter, result: str, *, agreed: bool) -> Referral | None:
    """What the mediation came to, on the day on which it ended; None where no court waits for it."""
    if matter.channel != Channel.COURT:
        return None
    task = Referral.objects.filter(matter_id=matter.pk, kind__in=KINDS, state__in=OPEN).first()
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
