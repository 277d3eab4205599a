"""The roster of legal advisers: named by a paper, asked to consultations, their answers counted as rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.counsel.domain import advisers, advising, calling
from fengqiao.counsel.domain.calling import Asked
from fengqiao.counsel.queries.advisers import listed
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from tests.counsel.hands import COURT, called, does, entered
from tests.matters.ground import EVERYWHERE, act, refuses
from tests.small_county import SmallCounty, brought_to

pytestmark = pytest.mark.django_db


def test_named_by_a_paper_asked_and_ended(county: SmallCounty):
    for who in (Role.DISPATCHER, Role.SECURITY_ADMINISTRATOR, COURT):
        with refuses("post_may_not_keep_advisers"):
            entered(county, who)
    for field, more in (
        ("kind", {"kind": "court"}),
        ("name", {"name": "周"}),
        ("basis", {"basis": ""}),
        ("valid_until", {"valid_until": clock.today() - timedelta(days=999)}),
    ):
        with refuses("invalid", field=field):
            entered(county, **more)
    adviser, other = entered(county), entered(county, name="吴律师", kind="advisory")
    matter = brought_to(county, State.ROUTING)
    found = called(county, matter, COURT, asked=Asked(advisers=[adviser.pk]))
    with refuses("invalid", field="posts"):
        does(county, Role.DIRECTOR, calling.invite, found, asked=Asked(advisers=[adviser.pk]))
    with scope(EVERYWHERE):
        invited = found.invitees.get(adviser=adviser)
    assert (invited.name, invited.capacity, invited.person_id) == ("周律师", "chief", None)
    does(county, Role.DIRECTOR, advising.reply, found, answer="comes", invitee_id=invited.pk)
    text = "劳动报酬可以先申请支付令。"
    does(county, Role.DIRECTOR, advising.opine, found, text=text, invitee_id=invited.pk)
    for who, rows in ((Role.DIRECTOR, [(0, 0), (1, 1)]), ((Role.DIRECTOR, "other"), [])):
        role, place = who if isinstance(who, tuple) else (who, "county")
        with scope(county.actor(role, place)) as actor:
            assert [(each.asked, each.answers) for each in listed(actor, clock.today())] == rows
    with refuses("adviser_not_found"):
        act(county, (Role.DIRECTOR, "other"), advisers.end, adviser_id=other.pk, last=clock.today())
    with refuses("invalid", field="last"):
        act(
            county, Role.DIRECTOR, advisers.end, adviser_id=other.pk, last=clock.today() - timedelta(days=999)
        )
    yesterday = clock.today() - timedelta(days=1)
    act(county, Role.DIRECTOR, advisers.end, adviser_id=other.pk, last=yesterday)
    with refuses("adviser_ended"):
        act(county, Role.DIRECTOR, advisers.end, adviser_id=other.pk, last=yesterday)
    with refuses("invalid", field="advisers"):
        does(county, Role.DIRECTOR, calling.invite, found, asked=Asked(advisers=[other.pk]))
