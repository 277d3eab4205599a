"""Steps three and four: no mediation, the risk of the matter in writing, the track."""

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.matters.domain.assessing import assess, route, skip_mediation
from fengqiao.matters.enums import Risk, State, Track
from fengqiao.matters.models import Assessment
from tests.matters.ground import act, fresh, refuses, rows, told, words
from tests.small_county import SmallCounty, brought_to


@pytest.mark.parametrize(("refused", "branch"), [(True, "refused"), (False, "not_fit")])
def test_without_mediation(county: SmallCounty, refused, branch):
    matter = brought_to(county, State.ACCEPTED)
    act(county, Role.REGISTRAR, skip_mediation, matter, refused=refused, reason="对方拒绝到场调解")
    now = fresh(county, matter)
    assert (now.state, now.step) == ("assessing", "assess")
    assert told(matter)[-1] == f"matter.skip_mediation.{branch}"
    assert words(matter) == {"reason": "对方拒绝到场调解"}


def test_why_there_is_no_mediation_is_written(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("invalid", field="reason"):
        act(county, Role.REGISTRAR, skip_mediation, matter, refused=True, reason="不调")


@pytest.mark.parametrize("level", Risk)
def test_the_matter_is_assessed_with_grounds(county: SmallCounty, level):
    matter = brought_to(county, State.ASSESSING)
    grounds = "涉及十二人，多次到厂门口聚集，没有过激行为。"
    act(county, Role.PETITION_INSPECTOR, assess, matter, level=level, grounds=grounds)
    now = fresh(county, matter)
    assert (now.state, now.step, now.risk) == ("routing", "route", level)
    person = county.person(Role.PETITION_INSPECTOR)
    assert rows(Assessment, matter, "level", "grounds", "by") == [(level, grounds, person.id)]
    assert words(matter) == {"grounds": grounds}


def test_a_risk_without_grounds_is_refused(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    with refuses("invalid", field="grounds"):
        act(county, Role.DISPATCHER, assess, matter, level=Risk.HIGH, grounds="感觉很危险")


@pytest.mark.parametrize("track", Track)
def test_routed_by_track(county: SmallCounty, track):
    matter = brought_to(county, State.ROUTING)
    act(county, Role.DISPATCHER, route, matter, track=track, reason="按诉求的性质")
    now = fresh(county, matter)
    assert (now.state, now.step, now.track) == ("dispatching", "route", track)


def test_a_track_without_a_reason_is_refused(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    with refuses("invalid", field="reason"):
        act(county, Role.DISPATCHER, route, matter, track=Track.LEGAL, reason="")
