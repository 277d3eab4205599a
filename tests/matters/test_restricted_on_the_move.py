"""A restricted matter that is raised or handed down is read where it arrives."""

import pytest

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.dispatch.domain import dispatching
from fengqiao.matters.domain import accepting, assessing, lifting
from fengqiao.matters.enums import Risk, Track
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code
from tests.small_county import SmallCounty, build, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def reads(actor: Actor, matter: Matter) -> bool:
    with scope(actor):
        return by_code(actor, matter.code) is not None


def told(county: SmallCounty) -> list[str]:
    with scope(county.actor(Role.AUDITOR)):
        return list(Entry.objects.filter(verb="matter.readers_follow").values_list("result", flat=True))


def test_the_directors_of_the_upper_centre_read_what_was_raised_to_them(county: SmallCounty):
    matter = registered(county, confidential=True)
    director, above = county.actor(Role.DIRECTOR), county.actor(Role.DIRECTOR, "city")
    assert (reads(director, matter), reads(above, matter)) == (True, False)
    with scope(director):
        lifting.raise_up(actor=director, matter_id=matter.pk, reason="本级无权处理，请上级办理")
    assert reads(above, matter) is True
    assert reads(director, matter) is True
    assert reads(county.actor(Role.DISPATCHER, "city"), matter) is False
    assert told(county) == ["done"]


def test_the_directors_below_read_what_was_handed_down_to_them(county: SmallCounty):
    matter = registered(county, confidential=True)
    director, below = county.actor(Role.DIRECTOR), county.actor(Role.DIRECTOR, "town")
    assert reads(below, matter) is False
    with scope(director):
        lifting.hand_down(
            actor=director, matter_id=matter.pk, centre_id=county.centres["town"].pk, reason="属地处理更便民"
        )
    assert reads(below, matter) is True
    assert reads(county.actor(Role.REGISTRAR, "town"), matter) is False


def test_an_open_matter_names_nobody(county: SmallCounty):
    matter = registered(county)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        lifting.raise_up(actor=director, matter_id=matter.pk, reason="本级无权处理，请上级办理")
    assert told(county) == []


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.EXECUTIVE_DEPUTY])
def test_a_director_who_hands_it_over_lets_the_departments_handlers_read_it(county: SmallCounty, role: Role):
    matter = registered(county, confidential=True)
    director, handler = county.actor(role), county.actor(Role.HANDLER, "labour")
    with scope(director):
        accepting.accept(actor=director, matter_id=matter.pk)
        assessing.skip_mediation(
            actor=director, matter_id=matter.pk, refused=False, reason="检举事项，不适宜调解"
        )
        assessing.assess(
            actor=director, matter_id=matter.pk, level=Risk.LOW, grounds="一人反映，没有激烈言行。"
        )
        assessing.route(
            actor=director, matter_id=matter.pk, track=Track.DEPARTMENTAL, reason="属人社部门职责"
        )
    assert reads(handler, matter) is False
    with scope(director):
        dispatching.dispatch(
            actor=director,
            matter_id=matter.pk,
            lead=county.department("labour").pk,
            message="请保密核查并答复",
        )
    assert reads(handler, matter) is True
    assert reads(county.actor(Role.HANDLER, "police"), matter) is False
    assert reads(county.actor(Role.DISPATCHER), matter) is False
    assert told(county) == ["done"]
