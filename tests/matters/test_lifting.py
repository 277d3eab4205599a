"""Raise to the upper centre, hand down to a lower one: the other goes on seeing it."""

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import accepting
from fengqiao.matters.domain.lifting import hand_down, raise_up
from fengqiao.matters.enums import State
from tests.matters.ground import act, fresh, refuses, sees, told, words
from tests.small_county import SmallCounty, brought_to, registered

COUNTY, TOWN, CITY, OTHER = ((Role.DIRECTOR, place) for place in ("county", "town", "city", "other"))
WHY = "涉及两个镇，需要上级统筹。"


def test_raised_the_upper_centre_handles_and_the_lower_sees(county: SmallCounty):
    matter = registered(county, "town")
    act(county, TOWN, raise_up, matter, reason=WHY)
    now = fresh(county, matter)
    assert (now.holder_id, now.centre_id) == (county.centres["county"].id, county.centres["town"].id)
    assert (now.raised, now.state, now.county) == (True, "registered", "440785")
    assert told(matter)[-1] == "matter.raise"
    assert words(matter) == {"reason": WHY}
    assert [sees(county, who, matter) for who in (TOWN, COUNTY, CITY, OTHER)] == [True, True, True, False]
    with refuses("post_may_not"):
        act(county, TOWN, accepting.accept, matter)
    act(county, COUNTY, accepting.accept, matter)


def test_raised_twice_up_to_the_city(county: SmallCounty):
    matter = registered(county, "town")
    act(county, TOWN, raise_up, matter, reason=WHY)
    with refuses("post_may_not"):
        act(county, TOWN, raise_up, matter, reason=WHY)
    act(county, COUNTY, raise_up, matter, reason=WHY)
    assert fresh(county, matter, CITY).holder_id == county.centres["city"].id
    with refuses("no_upper"):
        act(county, CITY, raise_up, matter, reason=WHY)
    act(county, CITY, accepting.accept, matter)


@pytest.mark.parametrize(
    "state",
    [State.REGISTERED, State.ACCEPTED, State.ASSESSING, State.ROUTING, State.DISPATCHING, State.HANDLING],
)
def test_at_every_step_before_it_is_settled(county: SmallCounty, state):
    matter = brought_to(county, state)
    act(county, COUNTY, raise_up, matter, reason=WHY)
    now = fresh(county, matter, CITY)
    assert (now.state, now.holder_id) == (state, county.centres["city"].id)


def test_handed_down_to_the_town(county: SmallCounty):
    matter = registered(county)
    act(county, COUNTY, hand_down, matter, centre_id=county.centres["town"].id, reason="由属地先行调处")
    now = fresh(county, matter)
    assert (now.holder_id, now.centre_id, now.raised) == (
        county.centres["town"].id,
        county.centres["county"].id,
        False,
    )
    assert [sees(county, who, matter) for who in (TOWN, COUNTY)] == [True, True]
    act(county, TOWN, accepting.accept, matter)


def test_handed_down_where_it_was_raised_from(county: SmallCounty):
    """The town sees it as its own although it did not happen there."""
    matter = registered(county, "town", division="440785001001", grid="")
    act(county, TOWN, raise_up, matter, reason=WHY)
    act(county, COUNTY, hand_down, matter, centre_id=county.centres["town"].id, reason="由属地办理")
    act(county, TOWN, accepting.accept, matter)
    assert fresh(county, matter, TOWN).state == State.ACCEPTED


@pytest.mark.parametrize("place", ["county", "city", "other"])
def test_only_to_a_centre_right_below(county: SmallCounty, place):
    matter = registered(county)
    with refuses("not_lower", field="centre"):
        act(county, COUNTY, hand_down, matter, centre_id=county.centres[place].id, reason="由属地办理")


def test_not_to_a_centre_on_the_other_side_of_the_wall(county: SmallCounty):
    """The city holds it; the other county's centre would hold a matter that it cannot see."""
    matter = registered(county)
    act(county, COUNTY, raise_up, matter, reason=WHY)
    with refuses("out_of_reach", field="centre"):
        act(county, CITY, hand_down, matter, centre_id=county.centres["other"].id, reason="由属地办理")
    act(county, CITY, hand_down, matter, centre_id=county.centres["county"].id, reason="由属地办理")
    act(county, COUNTY, accepting.accept, matter)


def test_the_citys_own_matter_stays_with_the_city(county: SmallCounty):
    matter = registered(county, "city")
    with refuses("out_of_reach", field="centre"):
        act(county, CITY, hand_down, matter, centre_id=county.centres["county"].id, reason="由属地办理")


def test_to_nobody(county: SmallCounty):
    matter = registered(county)
    with refuses("invalid", field="centre"):
        act(county, COUNTY, hand_down, matter, centre_id=new_id(), reason="由属地办理")


def test_the_reason_is_written(county: SmallCounty):
    matter = registered(county)
    with refuses("invalid", field="reason"):
        act(county, COUNTY, raise_up, matter, reason="提级")
    with refuses("invalid", field="reason"):
        act(county, COUNTY, hand_down, matter, centre_id=county.centres["town"].id, reason="")
