"""Referrals as far as a story needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.models import Clock
from fengqiao.kernel import clock
from fengqiao.matters.enums import Channel, State
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.mediating import send_to_mediation
from fengqiao.referrals.domain.sending import NewReferral, receive, send
from fengqiao.referrals.models import Referral, ReferralPaper
from tests.agreements.hands import parties_of
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty, brought_to

COURT = {
    "office": "恩城县人民法院",
    "asked": "请在期限内调解，结果和材料一并退回。",
    "number": "（2026）粤0785诉前调1号",
    "signed_by": "王调",
}
CONSENT = {"consent_method": "in_person"}


def from_court(county: SmallCounty, state: State = State.ACCEPTED, **changes: Any) -> Matter:
    return brought_to(county, state, channel=Channel.COURT, **changes)


def taken_in(county: SmallCounty, matter: Matter, kind: str = "court_assigned", **said: Any) -> Referral:
    who = said.pop("who", Role.REGISTRAR)
    return act(county, who, receive, matter, new=NewReferral(kind=kind, **(COURT | said)))


def referred(county: SmallCounty, matter: Matter, kind: str, **said: Any) -> Referral:
    who = said.pop("who", Role.REGISTRAR)
    given = {"office": "县里的一个机关", "asked": "请依职责办理。"}
    return act(county, who, send, matter, new=NewReferral(kind=kind, **(given | said)))


def consented(matter: Matter) -> dict[str, Any]:
    return CONSENT | {"party_id": parties_of(matter)[0].pk, "consent_on": clock.today()}


def mediate(county: SmallCounty, matter: Matter) -> None:
    consents = {party.pk: True for party in parties_of(matter)}
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)


def clocks(matter: Matter, *, state: str = "running") -> dict[str, Clock]:
    with scope(EVERYWHERE):
        return {each.limit: each for each in Clock.objects.filter(matter_id=matter.pk, state=state)}


def lie_referred(actor: Actor, matter: Matter) -> Referral:
    """A row alone, for grounds: an office was asked and has not answered."""
    moment = clock.now()
    with scope(actor):
        referral = Referral.objects.create(
            **of(matter),
            kind="police",
            office="城关派出所",
            asked="请核实情况。",
            sent_at=moment - timedelta(minutes=1),
            recorded_by_id=actor.person_id,
            recorded_at=moment,
        )
        file = MatterFile.objects.filter(matter_id=matter.pk).first()
        if file is not None:
            ReferralPaper.objects.create(
                **of(matter), referral=referral, file=file, sent_by_id=actor.person_id, sent_at=moment
            )
        return referral
