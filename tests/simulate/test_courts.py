"""Courts of the played county: what they hand in goes back to them, what parties bring to them comes to its end."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.confirmation.models import CourtCase
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Result
from fengqiao.referrals.models import Referral
from fengqiao.simulate import courting, referring
from tests.agreements.hands import mediating
from tests.confirmation.hands import confirmable
from tests.matters.ground import EVERYWHERE, act, county, laid
from tests.referrals.hands import from_court, mediate
from tests.small_county import SmallCounty, brought_to

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def test_a_court_gets_its_result_and_what_ended_otherwise_is_called_back(county: SmallCounty):
    matter, other, entrusted = from_court(county), from_court(county), from_court(county)
    registrar, mediator = county.actor(Role.REGISTRAR, "county"), county.actor(Role.MEDIATOR, "county")
    with attempt(registrar, verb="played"):
        for each in (matter, other, matter, brought_to(county, State.ACCEPTED)):
            referring.sign_for_papers(registrar, each)
        referring.sign_for_papers(registrar, entrusted, "court_entrusted_summary")
    mediate(county, matter)
    with attempt(mediator, verb="played"):
        record_mediation(
            actor=mediator, matter_id=matter.pk, result=Result.EXPIRED, text="谈不拢，各退一步也不肯。"
        )
        assert referring.give_back_to_court(mediator, matter, "谈不拢。。", agreed=False)
        assert referring.give_back_to_court(mediator, matter, "谈不拢。。", agreed=False) is None
        referring.call_back_open(mediator, other)
    with scope(EVERYWHERE):
        assert sorted(Referral.objects.values_list("kind", "state", "outcome")) == [
            ("court_assigned", "called_back", ""),
            ("court_assigned", "returned", "failed"),
            ("court_entrusted_summary", "accepted", ""),
        ]


def played(county: SmallCounty, matter: Matter, days: range) -> list[str]:
    """The matter's turns at the court on these days from now."""
    fate = SimpleNamespace(path="mediated", channel="visit", rng=Random, number=1)
    seer, done = county.actor(Role.DIRECTOR), []
    begun = clock.now()
    for day in days:
        with clock.at(begun + timedelta(days=day)):
            with scope(seer):
                now = Matter.objects.get(pk=matter.pk)
            play: Any = SimpleNamespace(
                matter=now,
                fate=fate,
                case=SimpleNamespace(state=State(now.state), readers=None),
                seen=lambda: scope(seer),
                someone=lambda roles: county.actor(roles[0]),
            )
            turn, _waits = courting.next_step(play)
            if turn is not None:
                turn.take()
                done.append(turn.verb.removeprefix("court."))
    return done


# How a matter fares, the days after which its money is due, what happens, and how the case stands at the end.
FARES: dict[str, tuple[int, str, list[tuple[str, str, bool]]]] = {
    "enforced": (
        20,
        "prepare file docket confirm enforce docket fulfil",
        [("confirmation", "confirmed", False), ("enforcement", "enforced", False)],
    ),
    "asked": (60, "prepare file ask_more supply docket confirm", [("confirmation", "confirmed", False)]),
    "late": (60, "prepare file refuse", [("confirmation", "refused", True)]),
}


def test_what_parties_bring_to_a_court_comes_to_its_end(county: SmallCounty, monkeypatch: pytest.MonkeyPatch):
    for way, (due, acts, cases) in FARES.items():
        monkeypatch.setattr(courting, "way_of", lambda fate, way=way: way)
        monkeypatch.setattr(courting, "sues", lambda fate: False)
        matter, _agreement = confirmable(county, days=due)
        assert played(county, matter, range(0, 75, 5)) == acts.split(), way
        with scope(EVERYWHERE):
            found = CourtCase.objects.filter(matter_id=matter.pk).order_by("begun_at")
            assert list(found.values_list("kind", "state", "late")) == cases
            performed = Matter.objects.get(pk=matter.pk).performance == "performed"
        assert performed is (way == "enforced")


def test_who_agrees_on_nothing_goes_to_law(county: SmallCounty, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(courting, "sues", lambda fate: True)
    matter = mediating(county)
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.SUED, text="双方不再谈，去法院。")
    assert played(county, matter, range(0, 8, 2)) == ["sue"]
    with scope(EVERYWHERE):
        assert courting.at_law(matter)
