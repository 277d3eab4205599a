"""Which posts a person holds on a day, and how far each post reaches."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from fengqiao.accounts.enums import ADMINISTRATORS, CENTRE_ROLES, Role
from fengqiao.kernel import clock
from fengqiao.places.models import Post, Stationing
from fengqiao.places.queries.acting import counties_below, stationings
from tests import small_county
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db
ALL_COUNTIES = ("440700", "440783", "440785")


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.mark.parametrize(
    ("place", "own", "reach", "division"),
    [
        ("city", "440700", ALL_COUNTIES, "440700000000"),
        ("county", "440785", ("440785",), "440785000000"),
        ("town", "440785", ("440785",), "440785102000"),
        ("other", "440783", ("440783",), "440783000000"),
    ],
)
def test_a_post_of_a_centre_reaches_its_counties(county, place, own, reach, division):
    for role in sorted(CENTRE_ROLES | {Role.SUPERVISOR, Role.EXCHANGE}):
        actor = county.actor(role, place)
        assert (actor.role, actor.county, actor.counties, actor.division, actor.audit_counties) == (
            (role, own, reach, division, ())
        )
        assert (actor.centre_id, actor.department_id) == (county.centres[place].id, None)
        assert actor.place_label == county.centres[place].name


def test_a_handler_reaches_the_county_and_belongs_to_the_department(county):
    actor = county.actor(Role.HANDLER, "labour")
    labour = county.department("labour")
    assert (actor.county, actor.counties, actor.centre_id) == ("440785", ("440785",), None)
    assert actor.department_id == labour.id
    assert actor.bodies == {labour.id}
    assert actor.place_label == "恩平市人社局"


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
@pytest.mark.parametrize(("place", "audited"), [("city", ALL_COUNTIES), ("county", ("440785",))])
def test_an_administrator_reaches_no_county(county, role, place, audited):
    actor = county.actor(role, place)
    assert actor.is_administrator
    assert actor.counties == ()
    assert actor.audit_counties == (audited if role is Role.AUDITOR else ())
    assert (actor.centre_id, actor.department_id) == (None, None)


def test_who_was_sent_by_a_body_belongs_to_it_too(county):
    petition = county.department("petition")
    held = county.stationings[(Role.PETITION_OFFICER, "county")]
    Stationing.objects.filter(pk=held.pk).update(home_department=petition)
    actor = county.actor(Role.PETITION_OFFICER)
    assert (actor.department_id, actor.home_department_id) == (None, petition.id)
    assert actor.bodies == {petition.id}


def test_counties_below():
    small_county.build()
    assert list(counties_below("440700000000")) == list(ALL_COUNTIES)
    assert list(counties_below("440785102201")) == ["440785"]


def test_a_post_is_held_from_its_first_to_its_last_day(county):
    person = county.person(Role.REGISTRAR)
    today = clock.today()
    held = Stationing.objects.filter(person=person)

    def holds_on(day: date) -> int:
        return stationings(person_id=person.id, on=day).count()

    held.update(valid_from=today, valid_until=today + timedelta(days=2))
    assert [holds_on(today + timedelta(days=n)) for n in (-1, 0, 1, 2, 3)] == [0, 1, 1, 1, 0]
    held.update(valid_until=None)
    assert holds_on(today + timedelta(days=3650)) == 1


def test_posts_come_in_the_order_in_which_they_were_taken_up(county):
    person = county.person(Role.REGISTRAR)
    second = Post.objects.get(role=Role.MEDIATOR, centre=county.centres["county"])
    Stationing.objects.create(person=person, post=second, valid_from=date(2021, 1, 1))
    held = stationings(person_id=person.id, on=clock.today())
    assert sorted(s.post.role for s in held) == ["mediator", "registrar"]


def test_naming_the_posts_takes_one_statement(county, django_assert_num_queries):
    person = county.person(Role.REGISTRAR)
    with django_assert_num_queries(1):
        assert [
            s.post.centre.name + s.person.name for s in stationings(person_id=person.id, on=clock.today())
        ]


def test_a_post_is_at_one_place(county):
    with pytest.raises(IntegrityError, match="post_at_one_place"), transaction.atomic():
        Post.objects.create(
            role=Role.REGISTRAR,
            division_id="440785000000",
            centre=county.centres["county"],
            department=county.department("labour"),
        )
    with pytest.raises(IntegrityError, match="post_once"), transaction.atomic():
        Post.objects.create(role=Role.REGISTRAR, division_id="440785000000", centre=county.centres["county"])
    with pytest.raises(IntegrityError, match="stationing_once"), transaction.atomic():
        held = county.stationings[(Role.REGISTRAR, "county")]
        Stationing.objects.create(person=held.person, post=held.post, valid_from=date(2026, 1, 1))
