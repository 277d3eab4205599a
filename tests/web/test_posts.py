"""The security administrator puts people into posts and ends posts; what is refused changed nothing."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries
from fengqiao.dispatch.domain import handling
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.mediation.queries.in_hand import InHand, in_hand_of
from fengqiao.places.models import Post, Stationing
from fengqiao.places.queries.acting import stationings
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SECURITY_ADMINISTRATOR)


def a_post(county: SmallCounty, **changes) -> dict[str, str]:
    values = {
        "role": str(Role.MEDIATOR),
        "place": f"centre:{county.centres['town'].pk}",
        "since": clock.today().isoformat(),
    }
    return values | changes


def rows() -> set[tuple]:
    held = set(
        Stationing.objects.values_list("id", "person", "post", "home_department", "valid_from", "valid_until")
    )
    return held | set(Post.objects.values_list("id", "role", "division", "centre", "department"))


def audited(county: SmallCounty, verb: str) -> list[tuple[str, dict]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb=verb).order_by("at", "seq")
        return [(entry.result, entries.details_of(entry)) for entry in found]


def opened(desk: Client, person: Person, data: dict):
    return desk.post(reverse("post_open", args=[person.pk]), data)


def ended(desk: Client, held: Stationing, until):
    return desk.post(reverse("post_end", args=[held.person_id, held.pk]), {"until": until})


def test_a_person_is_put_into_a_post_and_can_act_as_it(county, keeper):
    person, home = county.person(Role.REGISTRAR), county.department("labour")
    here = reverse("person", args=[person.pk])
    assert reverse("post_open", args=[person.pk]) in keeper.get(here).content.decode()
    last = clock.today() + timedelta(days=30)
    answer = opened(keeper, person, a_post(county, until=last.isoformat(), home=str(home.pk)))
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    made = Stationing.objects.get(person=person, post__role=Role.MEDIATOR)
    assert (made.post.centre, made.home_department) == (county.centres["town"], home)
    assert (made.valid_from, made.valid_until) == (clock.today(), last)
    assert made in stationings(person_id=person.pk, on=last)
    assert made not in stationings(person_id=person.pk, on=last + timedelta(days=1))
    [(result, details)] = audited(county, "person.open_post")
    assert result == "done"
    assert details == {
        "post": str(made.post_id),
        "role": "mediator",
        "place": f"centre:{county.centres['town'].pk}",
        "from": clock.today().isoformat(),
        "until": last.isoformat(),
    }
    assert "派任岗位" in text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.HANDLER, "department"), (Role.DISPATCHER, "centre")],
)
def test_each_kind_of_post_has_its_kind_of_place(county, keeper, role, place):
    where = {"centre": county.centres["county"].pk, "department": county.department("labour").pk}
    person = county.person(Role.MEDIATOR)
    before = rows()
    wrong = next(kind for kind in where if kind != place)
    page = opened(keeper, person, a_post(county, role=role, place=f"{wrong}:{where[wrong]}"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["place"])
    assert rows() == before
    assert (
        opened(keeper, person, a_post(county, role=role, place=f"{place}:{where[place]}")).status_code == 302
    )
    assert Stationing.objects.filter(person=person, post__role=role).count() == 1


WRONGS = [
    "nothing chosen",
    "a role that there is not",
    "a centre of another county",
    "no day",
    "a day gone by",
    "an end before the beginning",
    "sent by a department of another county",
    "an administrator beside other work",
    "a machine's post",
    "held already",
]


def wrongs(county: SmallCounty) -> dict[str, tuple[str, dict[str, str]]]:
    today = clock.today()
    elsewhere = county.centres["other"].pk
    return {
        "nothing chosen": ("role", {"role": ""}),
        "a role that there is not": ("role", {"role": "king"}),
        "a centre of another county": ("place", {"place": f"centre:{elsewhere}"}),
        "no day": ("since", {"since": "2026-13-45"}),
        "a day gone by": ("since", {"since": (today - timedelta(days=1)).isoformat()}),
        "an end before the beginning": ("until", {"until": (today - timedelta(days=1)).isoformat()}),
        "sent by a department of another county": ("home", {"home": str(county.department("other").pk)}),
        "an administrator beside other work": (
            "role",
            {"role": str(Role.AUDITOR), "place": "division:440785000000"},
        ),
        "a machine's post": ("role", {"role": str(Role.EXCHANGE)}),
        "held already": (
            "role",
            {"role": str(Role.REGISTRAR), "place": f"centre:{county.centres['county'].pk}"},
        ),
    }


@pytest.mark.parametrize("what", WRONGS)
def test_what_is_wrong_is_said_beside_its_field_and_changed_nothing(county, keeper, what):
    assert set(wrongs(county)) == set(WRONGS)
    field, changes = wrongs(county)[what]
    person = county.person(Role.REGISTRAR)
    before = rows()
    page = opened(keeper, person, a_post(county, **changes))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    # What was typed is still there.
    assert page.context["form"].data["since"] == a_post(county, **changes)["since"]
    assert rows() == before
    assert [result for result, _details in audited(county, "person.open_post") if result == "done"] == []


def test_a_post_ends_and_is_kept_and_can_be_held_again(county, keeper):
    held = county.stationings[(str(Role.REGISTRAR), "county")]
    at_work = at_the_desk(county, Role.REGISTRAR)
    assert at_work.get(reverse("ledger")).status_code == 200
    yesterday = clock.today() - timedelta(days=1)
    assert ended(keeper, held, yesterday).status_code == 302
    # At once: the open session acts no more.
    assert at_work.get(reverse("ledger")).headers["Location"] == reverse("choose_post")
    assert Stationing.objects.get(pk=held.pk).valid_until == yesterday
    assert audited(county, "person.end_post") == [
        (
            "done",
            {
                "post": str(held.post_id),
                "role": "registrar",
                "from": held.valid_from.isoformat(),
                "until": yesterday.isoformat(),
            },
        )
    ]
    assert "已结束" in text_of(keeper.get(reverse("person", args=[held.person_id])))
    again = a_post(county, role=str(Role.REGISTRAR), place=f"centre:{county.centres['county'].pk}")
    assert opened(keeper, held.person, again).status_code == 302
    spans = Stationing.objects.filter(person=held.person, post=held.post).order_by("valid_from")
    assert list(spans.values_list("valid_from", "valid_until")) == [
        (held.valid_from, yesterday),
        (clock.today(), None),
    ]


def test_an_end_that_cannot_be_changed_nothing(county, keeper):
    held = county.stationings[(str(Role.REGISTRAR), "county")]
    before = rows()
    page = ended(keeper, held, clock.today() - timedelta(days=2))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["until"])
    assert rows() == before
    ended(keeper, held, clock.today() - timedelta(days=1))
    before = rows()
    page = ended(keeper, held, clock.today())
    assert (page.status_code, "任职已经结束" in text_of(page)) == (422, True)
    assert rows() == before
    assert [d["code"] for r, d in audited(county, "person.end_post") if r == "refused"] == [
        "invalid",
        "post_over",
    ]


def test_the_post_of_another_person_is_not_ended_by_this_address(county, keeper):
    held = county.stationings[(str(Role.REGISTRAR), "county")]
    before = rows()
    other = county.person(Role.MEDIATOR)
    answer = keeper.post(reverse("post_end", args=[other.pk, held.pk]), {"until": clock.today()})
    assert answer.status_code == 403
    assert rows() == before


def test_not_on_oneself_not_elsewhere_and_by_no_other_post(county, keeper):
    oneself = county.stationings[(str(Role.SECURITY_ADMINISTRATOR), "county")]
    stranger = county.stationings[(str(Role.REGISTRAR), "other")]
    before = rows()
    for held in (oneself, stranger):
        assert ended(keeper, held, clock.today()).status_code == 403
        assert opened(keeper, held.person, a_post(county)).status_code == 403
    held = county.stationings[(str(Role.REGISTRAR), "county")]
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR, Role.DIRECTOR):
        desk = at_the_desk(county, role)
        assert ended(desk, held, clock.today()).status_code == 403
        assert opened(desk, held.person, a_post(county)).status_code == 403
    assert rows() == before


def test_the_audit_holds_no_name(county, keeper):
    person = county.person(Role.REGISTRAR)
    opened(keeper, person, a_post(county))
    [(_result, details)] = audited(county, "person.open_post")
    assert person.name not in json.dumps(details, ensure_ascii=False)


def test_who_ends_a_post_is_told_how_much_work_is_left_and_never_what(county, keeper):
    matter = small_county.brought_to(county, State.HANDLING)
    handler = county.actor(Role.HANDLER, "labour")
    with scope(handler):
        handling.check_in(actor=handler, assignment_id=Assignment.objects.get(matter=matter).pk)
    held = county.stationings[(str(Role.HANDLER), "labour")]
    page = keeper.get(reverse("post_end", args=[held.person_id, held.pk]))
    assert "还有 1 件交办在办" in text_of(page)
    assert "没有别的承办人" in text_of(page)
    assert matter.code not in page.content.decode()
    colleague = county.person(Role.HANDLER, "housing")
    Stationing.objects.create(person=colleague, post=held.post, valid_from=held.valid_from)
    assert "没有别的承办人" not in text_of(keeper.get(reverse("post_end", args=[held.person_id, held.pk])))
    # By raw SQL the count is told to the person's own security administrator alone.
    with scope(county.actor(Role.SECURITY_ADMINISTRATOR, "city")):
        assert in_hand_of(held.person_id) == InHand(handling=1, mediating=0)
    for role, place in ((Role.SECURITY_ADMINISTRATOR, "other"), (Role.SYSTEM_ADMINISTRATOR, "county")):
        with pytest.raises(DatabaseError, match="not the keeper"), scope(county.actor(role, place)):
            in_hand_of(held.person_id)
