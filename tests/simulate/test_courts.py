"""A court of the played county: somebody signs for its papers, and its result goes back where the mediation ended."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.matters.enums import State
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Result
from fengqiao.referrals.models import Referral
from fengqiao.simulate import referring
from tests.matters.ground import EVERYWHERE, county, laid
from tests.referrals.hands import from_court, mediate
from tests.small_county import SmallCounty, brought_to

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def test_a_court_gets_its_result_and_what_ended_otherwise_is_called_back(county: SmallCounty):
    matter, other = from_court(county), from_court(county)
    registrar, mediator = county.actor(Role.REGISTRAR, "county"), county.actor(Role.MEDIATOR, "county")
    with attempt(registrar, verb="played"):
        for each in (matter, other, matter, brought_to(county, State.ACCEPTED)):
            referring.sign_for_papers(registrar, each)
    mediate(county, matter)
    with attempt(mediator, verb="played"):
        record_mediation(
            actor=mediator, matter_id=matter.pk, result=Result.EXPIRED, text="谈不拢，各退一步也不肯。"
        )
        assert referring.give_back_to_court(mediator, matter, "谈不拢。。", agreed=False)
        assert referring.give_back_to_court(mediator, matter, "谈不拢。。", agreed=False) is None
        referring.call_back_open(mediator, other)
    with scope(EVERYWHERE):
        assert sorted(Referral.objects.values_list("state", "outcome")) == [
            ("called_back", ""),
            ("returned", "failed"),
        ]
