"""The page of a matter and the actions on it, as the people at the desk use them."""

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from tests.small_county import SmallCounty, assignments, brought_to, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def page(client: Client, matter: Matter, do: str = "") -> str:
    response = client.get(f"/matters/{matter.code}/", {"do": do} if do else {})
    assert response.status_code == 200
    return text_of(response)


def again(county: SmallCounty, matter: Matter) -> Matter:
    with scope(county.actor(Role.DISPATCHER)):
        return Matter.objects.get(pk=matter.pk)


def test_it_opens_with_the_next_action_of_the_post(county: SmallCounty):
    matter = registered(county)
    read = page(at_the_desk(county, Role.REGISTRAR), matter)
    assert matter.title in read
    assert "440785*************4" not in read
    assert "4407*************4" in read
    assert "138******01" in read


def test_accepting_from_the_page_moves_it_on(county: SmallCounty):
    matter = registered(county)
    client = at_the_desk(county, Role.REGISTRAR)
    response = client.post(f"/matters/{matter.code}/act/accept", {"version": matter.version}, follow=True)
    assert response.status_code == 200
    assert again(county, matter).state == State.ACCEPTED


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DIRECTOR, Role.DISPATCHER, Role.MEDIATOR, Role.SUPERVISOR])
def test_it_opens_in_every_state_for_every_reader(county: SmallCounty, state: State, role: Role):
    if state == State.MEDIATING:
        return
    matter = brought_to(county, state)
    assert matter.title in page(at_the_desk(county, role), matter)
