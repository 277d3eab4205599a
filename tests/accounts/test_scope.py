"""The scope: for whom a transaction acts, what it restores on leaving, and that without one the walls raise."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DataError, ProgrammingError, connection, connections, transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import acting, scope
from fengqiao.kernel.errors import ScopeMissing
from fengqiao.matters.models import Matter
from tests import small_county
from tests.small_county import SmallCounty

HERE = Actor(UUID(int=1), "甲", Role.REGISTRAR, "440785", ("440785",))
THERE = Actor(UUID(int=2), "乙", Role.AUDITOR, "440783", (), audit_counties=("440783", "440700"))
SETTINGS = ("counties", "audit_counties", "county", "person")


class Trouble(Exception):
    """Something goes wrong inside a scope."""


def settings_now() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('fengqiao.{name}')" for name in SETTINGS))
        return dict(zip(SETTINGS, cursor.fetchone(), strict=True))


OF_HERE = {"counties": "{440785}", "audit_counties": "{}", "county": "440785", "person": str(UUID(int=1))}
OF_THERE = {
    "counties": "{}",
    "audit_counties": "{440783,440700}",
    "county": "440783",
    "person": str(UUID(int=2)),
}
OF_NOBODY = dict.fromkeys(SETTINGS, "")


def test_outside_a_scope_nobody_acts():
    with pytest.raises(ScopeMissing):
        acting()


@pytest.mark.django_db
def test_inside_a_scope_its_actor_acts_and_the_walls_know_them():
    with scope(HERE) as actor:
        assert actor is acting() is HERE
        assert settings_now() == OF_HERE
    with pytest.raises(ScopeMissing):
        acting()


@pytest.mark.django_db
def test_leaving_an_inner_scope_restores_the_outer_one():
    with scope(HERE):
        with scope(THERE):
            assert acting() is THERE
            assert settings_now() == OF_THERE
        assert acting() is HERE
        assert settings_now() == OF_HERE
    # The test's own transaction still runs: nothing of the scope outlives it there.
    assert settings_now() == OF_NOBODY


@pytest.mark.django_db
def test_an_inner_scope_that_fails_restores_the_outer_one():
    with scope(HERE):
        with pytest.raises(Trouble), scope(THERE):
            raise Trouble
        assert acting() is HERE
        assert settings_now() == OF_HERE


@pytest.mark.django_db
def test_an_inner_scope_broken_by_the_database_restores_the_outer_one():
    with scope(HERE):
        with pytest.raises(ProgrammingError), scope(THERE), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        assert acting() is HERE
        assert settings_now() == OF_HERE


@pytest.mark.django_db
def test_an_inner_scope_that_is_rolled_back_restores_the_outer_one():
    with scope(HERE):
        with scope(THERE):
            transaction.set_rollback(True)
        assert acting() is HERE
        assert settings_now() == OF_HERE


def test_what_was_written_in_a_scope_that_fails_is_not_there(committed_db):
    county = small_county.build()
    actor = county.actor(Role.REGISTRAR)
    with pytest.raises(Trouble), scope(actor):
        small_county.registered(county)
        raise Trouble
    with scope(actor):
        assert Matter.objects.count() == 0
    small_county.registered(county)
    with scope(actor):
        assert Matter.objects.count() == 1


@pytest.fixture
def with_a_matter(committed_db: None) -> SmallCounty:
    with transaction.atomic():
        county = small_county.build()
    small_county.registered(county)
    return county


def test_without_a_scope_a_fresh_session_raises(with_a_matter):
    connections.close_all()
    with pytest.raises(ProgrammingError) as trouble:
        Matter.objects.count()
    assert isinstance(trouble.value.__cause__, psycopg.errors.UndefinedObject)


def test_without_a_scope_a_used_session_raises_too(with_a_matter):
    with scope(with_a_matter.actor(Role.REGISTRAR)):
        assert Matter.objects.count() == 1
    with pytest.raises(DataError) as trouble:
        Matter.objects.count()
    assert isinstance(trouble.value.__cause__, psycopg.errors.InvalidTextRepresentation)


def test_a_used_session_raises_inside_a_longer_transaction_too(with_a_matter):
    with pytest.raises(DataError) as trouble, transaction.atomic():
        with scope(with_a_matter.actor(Role.REGISTRAR)):
            assert Matter.objects.count() == 1
        Matter.objects.count()
    assert isinstance(trouble.value.__cause__, psycopg.errors.InvalidTextRepresentation)


def test_a_queryset_that_outlives_its_scope_raises(with_a_matter):
    with scope(with_a_matter.actor(Role.REGISTRAR)):
        later = Matter.objects.all()
    with pytest.raises(DataError):
        list(later)


def test_a_scope_is_its_own_threads_alone(with_a_matter):
    actor = with_a_matter.actor(Role.REGISTRAR)
    found: list[object] = []

    def elsewhere() -> None:
        try:
            for ask in (acting, Matter.objects.count):
                try:
                    found.append(ask())
                except (ScopeMissing, ProgrammingError) as trouble:
                    found.append(type(trouble))
        finally:
            connections.close_all()

    with scope(actor):
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert acting() is actor
        assert Matter.objects.count() == 1
    assert found == [ScopeMissing, ProgrammingError]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["440785,440783", "440785}", "'; RESET ROLE; --", "", "*"])
def test_what_is_no_county_code_opens_no_scope(code):
    with (
        pytest.raises(ValueError, match="not a county code"),
        scope(replace(HERE, counties=("440785", code))),
    ):
        raise AssertionError("the scope was opened")
    with pytest.raises(ScopeMissing):
        acting()


@pytest.mark.django_db
def test_values_of_a_scope_are_values_and_never_statements():
    strange = replace(HERE, county="440785'; SET LOCAL fengqiao.counties = '{440783}")
    with scope(strange):
        assert settings_now() == OF_HERE | {"county": strange.county}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR])
@pytest.mark.parametrize("place", ["county", "city"])
def test_the_walls_open_no_matter_to_an_administrator(role, place):
    county = small_county.build()
    small_county.registered(county)
    with scope(county.actor(Role.REGISTRAR)):
        assert Matter.objects.count() == 1
    with scope(county.actor(role, place)):
        assert Matter.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "place", "county", "counties", "audited"),
    [
        (Role.REGISTRAR, "county", "440785", ("440785",), ()),
        (Role.REGISTRAR, "town", "440785", ("440785",), ()),
        (Role.REGISTRAR, "city", "440700", ("440700", "440783", "440785"), ()),
        (Role.HANDLER, "labour", "440785", ("440785",), ()),
        (Role.HANDLER, "other", "440783", ("440783",), ()),
        (Role.AUDITOR, "county", "440785", (), ("440785",)),
        (Role.AUDITOR, "city", "440700", (), ("440700", "440783", "440785")),
        (Role.SYSTEM_ADMINISTRATOR, "city", "440700", (), ()),
    ],
)
def test_what_the_walls_let_a_post_reach(role, place, county, counties, audited):
    actor = small_county.build().actor(role, place)
    assert (actor.county, actor.counties, actor.audit_counties) == (county, counties, audited)


def test_the_bodies_of_a_person_are_the_posts_and_the_one_that_sent_them():
    department, home = uuid4(), uuid4()
    assert HERE.bodies == frozenset()
    assert replace(HERE, department_id=department).bodies == {department}
    assert replace(HERE, department_id=department, home_department_id=home).bodies == {department, home}
