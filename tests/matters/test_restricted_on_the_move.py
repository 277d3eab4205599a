"""A restricted matter that is raised or handed down is read where it arrives."""

import pytest

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.matters.domain import lifting
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
