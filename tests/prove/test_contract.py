"""The API keeps to its document, at length: every address as three posts and as a machine, and long walks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.matters.enums import State
from tests import template_database
from tests.api.contract import ALLOWED, MODES, PROBING, ROLES, ask, opened, opened_by, walk
from tests.small_county import SmallCounty, brought_to, build, registered
from tests.web.test_machines import issued, token_of

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCounty]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("FENGQIAO_API_RATE", "1000000")
        made = build()
        for state in State:
            brought_to(made, state) if state is not State.MEDIATING else None
        registered(made, confidential=True)
        yield made
        template_database.copy_template()


# Other posts are answered by the same shapes, or refused: they ask before a release.
OTHERS = [pytest.param(role, marks=pytest.mark.siege) for role in ROLES if role is not Role.REGISTRAR]


@pytest.mark.parametrize("role", [Role.REGISTRAR, *OTHERS])
def test_every_address_answers_as_the_document_says(county: SmallCounty, role: Role) -> None:
    first = role is Role.REGISTRAR
    without, modes = ((), MODES) if first else (PROBING, ALLOWED)
    assert ask(opened(county, role), examples=1, without=without, modes=modes) == {}


def test_every_address_answers_a_machine_as_the_document_says(county: SmallCounty) -> None:
    made, secret = issued(county)
    assert ask(opened_by(token_of(made, secret)), examples=1, without=PROBING, modes=ALLOWED) == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_links_of_the_document_lead_on(county: SmallCounty, role: Role) -> None:
    walk(opened(county, role), walks=5, steps=20)
