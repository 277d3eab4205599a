"""A matter is raised (提级): the upper centre handles it, those below go on seeing it and hear what becomes of it."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.matters.domain import lifting, settling
from fengqiao.matters.enums import State
from fengqiao.matters.models import Informed, Matter
from fengqiao.notices.models import Notice
from tests.dispatch.hands import dispatched
from tests.matters.ground import act, fresh, refuses, rows, sees
from tests.small_county import SmallCounty, brought_to

pytestmark = pytest.mark.django_db
TOWN, CITY = (Role.DIRECTOR, "town"), (Role.DIRECTOR, "city")
WHY = "牵涉两个镇，本级协调不下。"


def inbox(county: SmallCounty, who: tuple[Role, str]) -> list[str]:
    with scope(county.actor(*who)):
        wanted = Notice.objects.filter(kind__in=["raised", "handed_down", "raised_moved"])
        return list(wanted.order_by("id").values_list("kind", flat=True))


def test_who_raised_a_matter_goes_on_seeing_it_and_hears_what_becomes_of_it(county: SmallCounty):
    """Neither registered by the town nor lying in it: it was handed down to it, and cannot be settled there."""
    matter = brought_to(county, State.DISPATCHING, division="440785001001", grid="")
    town = county.centres["town"].pk
    assert not sees(county, TOWN, matter)
    act(county, Role.DIRECTOR, lifting.hand_down, matter, centre_id=town, reason="请镇里先行化解。")
    assert inbox(county, TOWN) == ["handed_down"]
    act(county, TOWN, lifting.raise_up, matter, reason=WHY)
    assert fresh(county, matter, TOWN).holder_id == county.centres["county"].pk
    assert rows(Informed, matter, "centre_id") == [(town,)]
    assert inbox(county, (Role.DISPATCHER, "county")) == ["raised"]
    # It sees, and acts no more.
    with refuses("post_may_not"):
        act(county, TOWN, settling.withdraw, matter, reason="镇里想撤回。")
    dispatched(county, matter=matter)
    act(county, Role.DISPATCHER, settling.withdraw, matter, reason="双方自行和解，申请撤回。")
    assert inbox(county, TOWN) == ["handed_down", "raised_moved", "raised_moved"]
    assert inbox(county, (Role.REGISTRAR, "town")) == ["raised_moved", "raised_moved"]


def test_from_the_town_over_the_county_to_the_city_and_down_again(county: SmallCounty):
    matter = brought_to(county, State.ROUTING, division="440785001001", grid="")
    act(county, Role.DIRECTOR, lifting.hand_down, matter, centre_id=county.centres["town"].pk, reason=WHY)
    for who in (TOWN, Role.DIRECTOR):
        act(county, who, lifting.raise_up, matter, reason=WHY)
    with refuses("no_upper"):
        act(county, CITY, lifting.raise_up, matter, reason=WHY)
    act(county, CITY, lifting.hand_down, matter, centre_id=county.centres["county"].pk, reason="请县里续办。")
    act(county, Role.DIRECTOR, lifting.raise_up, matter, reason=WHY)
    # Each is written down once, and is told until the matter is theirs again.
    assert rows(Informed, matter, "centre_id") == [(county.centres[each].pk,) for each in ("town", "county")]
    act(county, CITY, settling.withdraw, matter, reason="双方自行和解，申请撤回。")
    assert inbox(county, TOWN)[-1:] == inbox(county, (Role.DISPATCHER, "county"))[-1:] == ["raised_moved"]
    with scope(town := county.actor(*TOWN)):
        assert Matter.objects.visible_to(town).filter(pk=matter.pk).exists()
