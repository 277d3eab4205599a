"""A person is entered by one administrator and let in by another; neither can do both halves."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.places.domain import enrolments
from fengqiao.places.domain.enrolments import NewPerson
from fengqiao.places.models import Enrolment, Stationing
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

PHONE = "13800138000"


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def security(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SECURITY_ADMINISTRATOR)


def said(**changes) -> dict[str, str]:
    return {"name": "岑小暖", "login": "cenxiaonuan", "telephone": PHONE, "home": ""} | changes


def rows() -> tuple[list, list, list]:
    return (
        list(Person.objects.order_by("pk").values("username", "name", "password", "is_active")),
        list(Enrolment.objects.order_by("pk").values()),
        list(Stationing.objects.order_by("pk").values()),
    )


def audited(county: SmallCounty, verb: str) -> list[tuple[str, dict]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb=verb).order_by("at", "seq")
        return [(entry.result, entries.details_of(entry)) for entry in found]


def test_entered_by_one_let_in_by_another_and_signed_in(county, keeper, security):
    home = county.department("labour")
    answer = keeper.post(reverse("person_enter"), said(login="CenXiaoNuan", home=str(home.pk)))
    assert answer.headers["Location"] == reverse("places_people")
    made = Person.objects.get(username="cenxiaonuan")
    assert (made.name, made.is_active, made.has_usable_password()) == ("岑小暖", True, False)
    assert (made.enrolment.division_id, made.enrolment.home_department) == ("440785000000", home)
    assert PHONE.encode() not in bytes(made.enrolment.telephone)
    assert "138******00" in text_of(keeper.get(reverse("places_people")))
    # Entering gives no right: no post, and no password that anybody knows.
    assert Stationing.objects.filter(person=made).count() == 0
    assert keeper.post(reverse("person_care", args=[made.pk, "set_first_password"])).status_code == 403
    # The security administrator finds who waits.
    assert "登记了 1 个人" in text_of(security.get(reverse("people")))
    listed = security.get(reverse("people"), {"access": "waiting"})
    assert [row["person"].pk for row in listed.context["rows"]] == [made.pk]
    post = {
        "role": "registrar",
        "place": f"centre:{county.centres['county'].pk}",
        "since": clock.today().isoformat(),
    }
    assert security.post(reverse("post_open", args=[made.pk]), post).status_code == 302
    shown = security.post(reverse("person_care", args=[made.pk, "set_first_password"]), follow=True)
    password = re.search(r"<code>([^<]+)</code>", shown.content.decode())[1]
    assert password not in security.get(reverse("person", args=[made.pk])).content.decode()
    browser = Client()
    browser.post("/accounts/login/", {"login": "cenxiaonuan", "password": password})
    # Whose password somebody else knows changes it before anything else.
    assert browser.get(reverse("my_work")).headers["Location"] == reverse("account_change_password")
    [(_done, details)] = audited(county, "person.enter")
    assert details == {"division": "440785000000", "home": str(home.pk), "telephone": True}
    assert "登记人员" in text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))


WRONGS = {
    "no name": ({"name": ""}, "name"),
    "no login": ({"login": ""}, "login"),
    "a login that is a sentence": ({"login": "岑小暖"}, "login"),
    "a login of one letter": ({"login": "c"}, "login"),
    "somebody's login": ({"login": "county-registrar"}, "login"),
    "somebody's login in capitals": ({"login": "COUNTY-Registrar"}, "login"),
    "no telephone at all": ({"telephone": "明天再问"}, "telephone"),
    "half a telephone": ({"telephone": "138"}, "telephone"),
    "a home in another county": ({"home": "other"}, "home"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_is_wrong_is_said_beside_its_field_and_changed_nothing(county, keeper, wrong):
    changes, field = WRONGS[wrong]
    if "home" in changes:
        changes = {"home": str(county.department("other").pk)}
    before = rows()
    page = keeper.post(reverse("person_enter"), said(**changes))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["form"].data["name"] == said(**changes)["name"]
    assert rows() == before
    # What no choice of the form lets through, the domain refuses too.
    actor = county.actor(Role.SYSTEM_ADMINISTRATOR)
    if field == "home":
        with pytest.raises(Exception, match="没有这个部门"), scope(actor):
            enrolments.enter(actor=actor, new=NewPerson("岑", "cen", home=county.department("other").pk))


def test_name_and_telephone_are_put_right_and_two_at_once_do_not_overwrite(county, keeper):
    keeper.post(reverse("person_enter"), said())
    made = Person.objects.get(username="cenxiaonuan")
    here = reverse("person_amend", args=[made.pk])
    page = keeper.get(here)
    assert ("138******00" in text_of(page), PHONE in page.content.decode()) == (True, False)
    assert keeper.post(here, {"name": "岑暖", "telephone": "", "version": 1}).status_code == 302
    made = Person.objects.get(pk=made.pk)
    assert (made.name, enrolments.masked_telephone(made.enrolment)) == ("岑暖", "138******00")
    before = rows()
    page = keeper.post(here, {"name": "岑小小", "telephone": "13900139000", "version": 1})
    assert (page.status_code, "刚才有人改过" in text_of(page)) == (422, True)
    assert rows() == before
    assert keeper.post(here, {"name": "岑暖", "telephone": "13900139000", "version": 2}).status_code == 302
    # Somebody who came in by the organisation file has not been entered yet.
    known = county.person(Role.MEDIATOR)
    there = reverse("person_amend", args=[known.pk])
    assert keeper.post(there, {"name": known.name, "telephone": PHONE, "version": 0}).status_code == 302
    assert audited(county, "person.amend") == [
        ("done", {"changed": ["name"]}),
        ("refused", {"code": "stale", "field": None}),
        ("done", {"changed": ["telephone"]}),
        ("done", {"changed": ["telephone"]}),
    ]


def test_the_telephone_is_shown_to_the_security_administrator_with_a_reason_and_audited(
    county, keeper, security
):
    keeper.post(reverse("person_enter"), said())
    made = Person.objects.get(username="cenxiaonuan")
    assert PHONE not in security.get(reverse("person", args=[made.pk])).content.decode()
    door = reverse("person_telephone", args=[made.pk])
    without = security.post(door, {"why": ""})
    assert (without.status_code, PHONE in without.content.decode()) == (422, False)
    assert audited(county, "person.show_telephone") == []
    shown = security.post(door, {"why": "first_password"})
    assert (shown.status_code, PHONE in text_of(shown)) == (200, True)
    assert audited(county, "person.show_telephone") == [("done", {"why": "first_password"})]
    for role, place in (
        (Role.SYSTEM_ADMINISTRATOR, "county"),
        (Role.DIRECTOR, "county"),
        (Role.SECURITY_ADMINISTRATOR, "other"),
    ):
        kept = at_the_desk(county, role, place).post(door, {"why": "urgent"})
        assert (kept.status_code, PHONE in kept.content.decode()) == (403, False)


def test_not_by_another_post_not_oneself_and_not_elsewhere(county, keeper):
    before = rows()
    for role in (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR, Role.DIRECTOR):
        assert at_the_desk(county, role).post(reverse("person_enter"), said()).status_code == 403
    myself, stranger = county.person(Role.SYSTEM_ADMINISTRATOR), county.person(Role.REGISTRAR, "other")
    for person in (myself, stranger):
        there = reverse("person_amend", args=[person.pk])
        assert keeper.post(there, {"name": "别人", "version": 0}).status_code == 403
    assert rows() == before
    actor = county.actor(Role.SECURITY_ADMINISTRATOR)
    with pytest.raises(NotAllowed), scope(actor):
        enrolments.enter(actor=actor, new=NewPerson(name="某人", login="mouren"))


def test_the_audit_holds_neither_name_nor_number(county, keeper):
    keeper.post(reverse("person_enter"), said())
    told = json.dumps(audited(county, "person.enter"), ensure_ascii=False)
    assert not any(secret in told for secret in ("岑小暖", PHONE, "cenxiaonuan"))


def test_ten_or_thirty_people_cost_the_same_statements(county, keeper):
    keeper.get(reverse("places_people"))
    counts = []
    for number in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            keeper.get(reverse("places_people"))
        counts.append(len(queries))
        for each in range(10):
            keeper.post(reverse("person_enter"), said(login=f"p{number}{each}", name=f"人{each}"))
    assert counts[0] == counts[1]
