"""The system administrator adds, amends, ends and reopens centres and departments; refusals changed nothing."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries
from fengqiao.dispatch.domain import dispatching, whistling
from fengqiao.dispatch.domain.whistling import NewWhistle
from fengqiao.dispatch.enums import WhistlePlace
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.enums import State
from fengqiao.places.domain import bodies
from fengqiao.places.enums import ResidenceMode
from fengqiao.places.models import Centre, Department, Stationing
from fengqiao.web.kit.choices import department_choices
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

COUNTY = "440785000000"


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)


def rows() -> tuple[list, list]:
    return list(Centre.objects.order_by("pk").values()), list(Department.objects.order_by("pk").values())


def audited(county: SmallCounty, verb: str) -> list[tuple[str, dict]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb=verb).order_by("at", "seq")
        return [(entry.result, entries.details_of(entry)) for entry in found]


def department(**changes) -> dict[str, str]:
    values = {
        "division": COUNTY,
        "name": "恩平市水利局",
        "short_name": "市水利局",
        "kind": "water",
        "upper": "",
        "telephone": "0750-7722000",
        "address": "恩城新平中路9号",
        "since": "2021-03-01",
    }
    return values | changes


def as_it_is(body: Centre | Department, **changes) -> dict[str, str]:
    names = ("version", "name", "short_name", "kind", "telephone", "address")
    values = {name: str(getattr(body, name)) for name in names if hasattr(body, name)}
    return values | {"upper": str(body.upper_id or "")} | changes


def end_the_posts_of(body: Centre | Department) -> None:
    where = {"post__centre": body} if isinstance(body, Centre) else {"post__department": body}
    Stationing.objects.filter(**where).update(valid_until=clock.today() - timedelta(days=1))


def offered(county: SmallCounty, **asked) -> list[str]:
    actor = county.actor(Role.DISPATCHER)
    groups = department_choices(actor, **asked)[1:]
    return [key for _label, group in groups for key, _name in group]


def test_a_department_is_added_amended_and_audited_with_before_and_after(county, keeper):
    answer = keeper.post(reverse("department_new"), department())
    made = Department.objects.get(name="恩平市水利局")
    assert answer.headers["Location"] == reverse("department", args=[made.pk])
    assert (made.valid_from, made.valid_until, made.version) == (date(2021, 3, 1), None, 1)
    assert [d.pk for d in made.serves.all()] == [COUNTY]
    assert str(made.pk) in offered(county)
    answer = keeper.post(
        reverse("department", args=[made.pk]),
        as_it_is(made, name="恩平市水务局", short_name="市水务局", telephone="0750-7722001"),
    )
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.name, made.short_name, made.telephone, made.version) == (
        "恩平市水务局",
        "市水务局",
        "0750-7722001",
        2,
    )
    [(_done, added)] = audited(county, "department.add")
    assert (added["name"], added["division"], added["from"]) == ("恩平市水利局", COUNTY, "2021-03-01")
    assert audited(county, "department.amend") == [
        (
            "done",
            {
                "before": {"name": "恩平市水利局", "short_name": "市水利局", "telephone": "0750-7722000"},
                "after": {"name": "恩平市水务局", "short_name": "市水务局", "telephone": "0750-7722001"},
            },
        )
    ]
    assert "恩平市水务局" in text_of(keeper.get(reverse("places_departments")))
    assert "修改部门" in text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))


WRONGS = {
    "no name": ({"name": " "}, "name"),
    "a name that there is": ({"name": "恩平市人社局"}, "name"),
    "a long name": ({"name": "局" * 65}, "name"),
    "no kind": ({"kind": ""}, "kind"),
    "a kind that there is not": ({"kind": "king"}, "kind"),
    "another county": ({"division": "440783000000"}, "division"),
    "no division": ({"division": ""}, "division"),
    "no day": ({"since": "2021-02-30"}, "since"),
    "a long telephone": ({"telephone": "1" * 33}, "telephone"),
    "an upper one that there is not": ({"upper": "00000000-0000-0000-0000-000000000001"}, "upper"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_wrong_department_is_said_beside_its_field_and_keeps_what_was_typed(county, keeper, wrong):
    changes, field = WRONGS[wrong]
    before = rows()
    page = keeper.post(reverse("department_new"), department(**changes))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["form"].data["address"] == "恩城新平中路9号"
    assert rows() == before


def test_two_administrators_at_once_do_not_overwrite_each_other(county, keeper):
    body = county.department("labour")
    here = reverse("department", args=[body.pk])
    assert keeper.post(here, as_it_is(body, telephone="0750-1")).status_code == 302
    before = rows()
    page = keeper.post(here, as_it_is(body, telephone="0750-2"))
    assert (page.status_code, "刚才有人改过" in text_of(page)) == (422, True)
    assert page.context["form"].data["telephone"] == "0750-2"
    assert rows() == before
    assert keeper.post(reverse("department_end", args=[body.pk]), {"version": 1, "until": clock.today()})
    assert rows() == before


def test_a_department_with_work_in_hand_is_not_ended_and_the_number_is_named(county, keeper):
    small_county.brought_to(county, State.HANDLING)
    restricted = small_county.brought_to(county, State.HANDLING)
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher), connection.cursor() as cursor:
        last = clock.today() + timedelta(days=9)
        cursor.execute(
            "SELECT matter_restrict(%s, %s, %s, '涉及未成年人')",
            [restricted.pk, [dispatcher.person_id], last],
        )
    body = county.department("labour")
    end_the_posts_of(body)
    with scope(county.actor(Role.DISPATCHER)):
        call = NewWhistle(
            departments=[body.pk], place_kind=WhistlePlace.WINDOW, place="3 号窗口", message="请来解释"
        )
        whistling.whistle(actor=county.actor(Role.DISPATCHER), new=call)
    before = rows()
    page = keeper.post(
        reverse("department_end", args=[body.pk]), {"version": body.version, "until": clock.today()}
    )
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["until"])
    assert "还有 2 件交办在办、1 次吹哨未处置" in text_of(page)
    assert restricted.code not in text_of(page)
    assert rows() == before
    # Nor may it become a court, which nobody hands anything to.
    page = keeper.post(reverse("department", args=[body.pk]), as_it_is(body, kind="court"))
    assert list(page.context["form"].errors) == ["kind"]
    assert rows() == before
    assert [d["code"] for r, d in audited(county, "department.end") if r == "refused"] == ["work_in_hand"]


def test_an_ended_department_gets_nothing_new_stays_readable_and_can_be_reopened(county, keeper):
    old = small_county.brought_to(county, State.SETTLED)
    body = county.department("labour")
    here, yesterday = reverse("department_end", args=[body.pk]), clock.today() - timedelta(days=1)
    before = rows()
    page = keeper.post(here, {"version": body.version, "until": yesterday})
    assert "还有 1 人在这里任职" in text_of(page)
    page = keeper.post(here, {"version": body.version, "until": yesterday - timedelta(days=1)})
    assert list(page.context["form"].errors) == ["until"]
    assert rows() == before
    end_the_posts_of(body)
    assert keeper.post(here, {"version": body.version, "until": yesterday}).status_code == 302
    body.refresh_from_db()
    assert (body.valid_until, body.version) == (yesterday, 2)
    assert str(body.pk) not in offered(county)
    # To find what it had, it is still there.
    assert str(body.pk) in offered(county, ended=True)
    matter = at_the_desk(county, Role.DISPATCHER).get(reverse("matter", args=[old.code]))
    assert body.short_name in text_of(matter)
    new = small_county.brought_to(county, State.DISPATCHING)
    dispatcher = county.actor(Role.DISPATCHER)
    with pytest.raises(Refusal) as refused, scope(dispatcher):
        dispatching.dispatch(
            actor=dispatcher,
            matter_id=new.pk,
            lead=body.pk,
            message="请依法处理",
            reason="由该部门主办更合适",
        )
    assert refused.value.code == "department_ended"
    with pytest.raises(Refusal) as refused, scope(dispatcher):
        call = NewWhistle(departments=[body.pk], place_kind=WhistlePlace.WINDOW, place="窗口", message="请来")
        whistling.whistle(actor=dispatcher, new=call)
    assert refused.value.code == "department_ended"
    with pytest.raises(Refusal) as refused, scope(dispatcher):
        whistling.inform(actor=dispatcher, matter_id=new.pk, department_id=body.pk, text="请知悉此事")
    assert refused.value.code == "department_ended"
    person = county.person(Role.MEDIATOR)
    post = {"role": "handler", "place": f"department:{body.pk}", "since": clock.today()}
    page = at_the_desk(county, Role.SECURITY_ADMINISTRATOR).post(reverse("post_open", args=[person.pk]), post)
    assert list(page.context["form"].errors) == ["place"]
    assert "已撤销" in text_of(keeper.get(reverse("department", args=[body.pk])))
    assert keeper.post(reverse("department_reopen", args=[body.pk]), {"version": 1}).status_code == 409
    assert keeper.post(reverse("department_reopen", args=[body.pk]), {"version": 2}).status_code == 302
    assert str(body.pk) in offered(county)
    assert [r for r, _d in audited(county, "department.reopen")] == ["refused", "done"]


def test_a_centre_is_added_amended_and_ended_only_when_it_is_empty(county, keeper):
    street = "440785001000"
    values = {"division": street, "name": "恩城街道综治中心", "upper": str(county.centres["county"].pk)}
    assert keeper.post(reverse("centre_new"), values).status_code == 302
    made = Centre.objects.get(division_id=street)
    assert (made.level, made.upper) == ("town", county.centres["county"])
    before = rows()
    page = keeper.post(reverse("centre_new"), values)
    assert list(page.context["form"].errors) == ["division"]
    page = keeper.post(
        reverse("centre", args=[county.centres["county"].pk]),
        as_it_is(county.centres["county"], upper=str(made.pk)),
    )
    assert list(page.context["form"].errors) == ["upper"]
    town = county.centres["town"]
    small_county.registered(county, "town")
    end = reverse("centre_end", args=[town.pk])
    page = keeper.post(end, {"version": 1, "until": clock.today()})
    assert "还有 1 件没有归档的事项" in text_of(page)
    page = keeper.post(
        reverse("centre_end", args=[county.centres["county"].pk]), {"version": 1, "until": clock.today()}
    )
    assert "还有 2 个下级中心" in text_of(page)
    assert rows() == before
    end_made = reverse("centre_end", args=[made.pk])
    assert keeper.post(end_made, {"version": 1, "until": clock.today()}).status_code == 302
    assert "后撤销" in text_of(keeper.get(reverse("places_centres")))


def test_who_is_present_at_a_centre_is_said_on_its_page_and_nothing_is_deleted(county, keeper):
    centre, labour, police = (
        county.centres["county"],
        county.department("labour"),
        county.department("police"),
    )
    door = reverse("centre_residents", args=[centre.pk])
    offered = keeper.get(door).context["form"]
    assert f"at_{labour.pk}" in offered.fields and f"at_{county.department('other').pk}" not in offered.fields
    said = {"version": 1, f"at_{labour.pk}": "resident", f"at_{police.pk}": "rotating"}
    assert keeper.post(door, said).status_code == 302
    page = text_of(keeper.get(reverse("centre", args=[centre.pk])))
    assert ("市人社" in page, "常驻七家还缺" in page) == (True, True)
    # Two administrators at once.
    page = keeper.post(door, {"version": 1, f"at_{police.pk}": "resident"})
    assert (page.status_code, "刚才有人改过" in text_of(page)) == (422, True)
    assert keeper.post(door, {"version": 2, f"at_{police.pk}": "resident"}).status_code == 302
    assert dict(centre.residences.values_list("department_id", "mode")) == {
        labour.pk: "left",
        police.pk: "resident",
    }
    assert [
        details["after"] for result, details in audited(county, "centre.residents") if result == "done"
    ] == [
        {"resident": [str(labour.pk)], "rotating": [str(police.pk)]},
        {"resident": [str(police.pk)], "rotating": []},
    ]
    # One that has ended can go on being named, and does not come back.
    end_the_posts_of(labour)
    keeper.post(reverse("department_end", args=[labour.pk]), {"version": 1, "until": clock.today()})
    before = list(centre.residences.order_by("pk").values())
    with pytest.raises(Refusal), scope(county.actor(Role.SYSTEM_ADMINISTRATOR)):
        bodies.set_residents(
            actor=county.actor(Role.SYSTEM_ADMINISTRATOR),
            centre_id=centre.pk,
            present={labour.pk: ResidenceMode.RESIDENT},
            version=3,
        )
    assert list(centre.residences.order_by("pk").values()) == before


def test_only_the_keeper_of_the_place_learns_how_much_a_body_has_in_hand(county):
    """By raw SQL too: the function that counts across the wall asks who acts."""
    small_county.brought_to(county, State.HANDLING)
    labour = county.department("labour").pk
    counted = {}
    for role, place in [
        (Role.SYSTEM_ADMINISTRATOR, "county"),
        (Role.SYSTEM_ADMINISTRATOR, "city"),
        (Role.SYSTEM_ADMINISTRATOR, "other"),
        (Role.SYSTEM_ADMINISTRATOR, "town"),
        (Role.AUDITOR, "county"),
        (Role.DISPATCHER, "county"),
    ]:
        try:
            with scope(county.actor(role, place)), connection.cursor() as cursor:
                cursor.execute("SELECT handed, called FROM department_in_hand(%s)", [labour])
                counted[role, place] = cursor.fetchone()
        except Exception as wrong:  # noqa: BLE001  the driver's class for a missing right
            assert "not the keeper" in str(wrong)
    assert counted == {
        (Role.SYSTEM_ADMINISTRATOR, "county"): (1, 0),
        (Role.SYSTEM_ADMINISTRATOR, "city"): (1, 0),
    }
