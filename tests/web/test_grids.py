"""The system administrator adds, amends, ends and reopens grids; refusals changed nothing."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.amending import amend
from fengqiao.places.models import Division, Grid
from fengqiao.places.queries.divisions import PAGE, grids_of
from fengqiao.web.kit.choices import grid_choices
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

VILLAGE = "440785102201"
GRID = f"{VILLAGE}001"


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)


def rows() -> list[dict]:
    return list(Grid.objects.order_by("pk").values())


def audited(county: SmallCounty, verb: str) -> list[tuple[str, str, dict]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb=verb).order_by("at", "seq")
        return [(entry.result, entry.subject, entries.details_of(entry)) for entry in found]


def new_grid(**changes) -> dict[str, str]:
    return {"number": "002", "name": "河东网格", "since": "2024-03-01"} | changes


def as_it_is(**changes) -> dict[str, str]:
    grid = Grid.objects.get(pk=GRID)
    return {"version": grid.version, "name": grid.name, "since": grid.valid_from.isoformat()} | changes


def test_a_grid_is_added_amended_and_audited_with_before_and_after(county, keeper):
    page = keeper.get(reverse("grid_new", args=[VILLAGE]))
    assert page.context["form"]["number"].value() == "002"
    answer = keeper.post(reverse("grid_new", args=[VILLAGE]), new_grid())
    assert answer.headers["Location"] == reverse("division", args=[VILLAGE])
    made = Grid.objects.get(pk=f"{VILLAGE}002")
    assert (made.name, made.valid_from, made.valid_until) == ("河东网格", date(2024, 3, 1), None)
    assert (made.pk, "河东网格") in grid_choices(VILLAGE)
    answer = keeper.post(reverse("grid", args=[GRID]), as_it_is(name="村委会网格"))
    assert answer.status_code == 302
    assert Grid.objects.values_list("name", "version").get(pk=GRID) == ("村委会网格", 2)
    assert audited(county, "grid.add") == [
        ("done", f"grid:{VILLAGE}002", {"name": "河东网格", "from": "2024-03-01"})
    ]
    assert audited(county, "grid.amend") == [
        ("done", f"grid:{GRID}", {"before": {"name": "第一网格"}, "after": {"name": "村委会网格"}})
    ]
    auditor = text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))
    assert "新增网格" in auditor
    assert "修改网格" in auditor


WRONGS = {
    "no name": ({"name": " "}, "name"),
    "a name that there is": ({"name": "第一网格"}, "name"),
    "a long name": ({"name": "格" * 65}, "name"),
    "a number that was given": ({"number": "001"}, "number"),
    "number 0": ({"number": "000"}, "number"),
    "four digits": ({"number": "1000"}, "number"),
    "no number": ({"number": "一"}, "number"),
    "no day": ({"since": "2024-02-30"}, "since"),
    "a day before the village": ({"since": "2019-12-31"}, "since"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_wrong_grid_is_said_beside_its_field_and_keeps_what_was_typed(county, keeper, wrong):
    changes, field = WRONGS[wrong]
    before = rows()
    typed = new_grid(**changes)
    page = keeper.post(reverse("grid_new", args=[VILLAGE]), typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["form"].data.dict() == typed
    assert rows() == before


def test_a_number_is_not_given_again_after_the_grid_ended_but_its_name_is(county, keeper):
    yesterday = clock.today() - timedelta(days=1)
    keeper.post(reverse("grid_end", args=[GRID]), {"version": 1, "until": yesterday})
    page = keeper.post(reverse("grid_new", args=[VILLAGE]), new_grid(number="001"))
    assert "序号也不再给别的网格" in text_of(page)
    assert keeper.post(reverse("grid_new", args=[VILLAGE]), new_grid(name="第一网格")).status_code == 302
    # Nor can the old one come back while another is called the same.
    before = rows()
    answer = keeper.post(reverse("grid_reopen", args=[GRID]), {"version": 2})
    assert (answer.status_code, "同名的网格" in text_of(answer)) == (409, True)
    assert rows() == before


@pytest.mark.parametrize("code", ["440785102000", "440785000000"])
def test_a_grid_lies_in_a_village_only(county, keeper, code):
    before = rows()
    page = keeper.post(reverse("grid_new", args=[code]), new_grid())
    assert (page.status_code, "网格要划在村居下面" in text_of(page)) == (422, True)
    assert rows() == before


def test_an_ended_grid_takes_no_new_matter_and_stays_in_those_it_had(county, keeper):
    old = small_county.registered(county)
    yesterday = clock.today() - timedelta(days=1)
    answer = keeper.post(reverse("grid_end", args=[GRID]), {"version": 1, "until": yesterday})
    assert answer.status_code == 302
    assert audited(county, "grid.end") == [("done", f"grid:{GRID}", {"until": yesterday.isoformat()})]
    assert GRID not in dict(grid_choices(VILLAGE))
    with pytest.raises(Invalid) as refused:
        small_county.registered(county)
    assert list(refused.value.errors) == ["grid"]
    # What happened there can still be put right, and still happened there.
    registrar = county.actor(Role.REGISTRAR)
    with scope(registrar):
        amend(actor=registrar, matter_id=old.pk, facts={"people": 13}, reason="清点后更正")
        with pytest.raises(Invalid):
            amend(actor=registrar, matter_id=old.pk, facts={"division": "440785001001"}, reason="写错了")
    assert "第一网格" in text_of(at_the_desk(county, Role.REGISTRAR).get(reverse("matter", args=[old.code])))
    assert "已撤销" in text_of(keeper.get(reverse("grid", args=[GRID])))
    assert keeper.post(reverse("grid_reopen", args=[GRID]), {"version": 2}).status_code == 302
    assert GRID in dict(grid_choices(VILLAGE))
    assert small_county.registered(county).grid_id == GRID


def test_a_last_day_that_cannot_be_and_a_second_one_are_refused(county, keeper):
    here, today = reverse("grid_end", args=[GRID]), clock.today()
    before = rows()
    page = keeper.post(here, {"version": 1, "until": "2019-12-31"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["until"])
    assert rows() == before
    # Until its last day it is what it was.
    keeper.post(here, {"version": 1, "until": today})
    assert GRID in dict(grid_choices(VILLAGE))
    before = rows()
    page = keeper.post(here, {"version": 2, "until": today})
    assert "已经写明撤销日期" in text_of(page)
    page = keeper.post(reverse("grid", args=[GRID]), as_it_is(since=today + timedelta(days=1)))
    assert list(page.context["form"].errors) == ["since"]
    assert rows() == before
    refused = [told["code"] for result, _subject, told in audited(county, "grid.end") if result == "refused"]
    assert refused == ["invalid", "ended_already"]


def test_two_administrators_at_once_do_not_overwrite_each_other(county, keeper):
    read = as_it_is(name="河西网格")
    assert keeper.post(reverse("grid", args=[GRID]), as_it_is(name="河东网格")).status_code == 302
    before = rows()
    page = keeper.post(reverse("grid", args=[GRID]), read)
    assert (page.status_code, "刚才有人改过" in text_of(page)) == (422, True)
    assert page.context["form"].data["name"] == "河西网格"
    assert keeper.post(reverse("grid_end", args=[GRID]), {"version": 1, "until": clock.today()})
    for version in ("1", "x", ""):
        assert keeper.post(reverse("grid_reopen", args=[GRID]), {"version": version}).status_code == 409
    assert rows() == before


def test_what_lies_in_another_county_is_not_there(county, keeper):
    other = Division.objects.create(
        code="440783001001",
        name="长沙社区",
        parent_id="440783000000",
        valid_from=small_county.SINCE,
        source="tests",
    )
    grid = Grid.objects.create(
        code=f"{other.pk}001", division=other, name="一", valid_from=small_county.SINCE
    )
    before = rows()
    for name, code in (
        ("division", other.pk),
        ("grid_new", other.pk),
        ("grid", grid.pk),
        ("grid_end", grid.pk),
    ):
        assert keeper.get(reverse(name, args=[code])).status_code == 403
    assert keeper.post(reverse("grid_new", args=[other.pk]), new_grid()).status_code == 403
    assert keeper.post(reverse("grid_reopen", args=[grid.pk]), {"version": 1}).status_code == 403
    assert rows() == before


def test_ten_thousand_grids_come_page_by_page_at_the_same_cost(county, keeper):
    here = reverse("division", args=["440785000000"])
    with CaptureQueriesContext(connection) as few:
        assert [grid.pk for grid in keeper.get(here).context["rows"]] == [GRID]
    villages = [
        Division(
            code=f"440785102{number}",
            name=f"村{number}",
            parent_id="440785102000",
            valid_from=small_county.SINCE,
            source="tests",
        )
        for number in range(300, 311)
    ]
    Division.objects.bulk_create(villages)
    Grid.objects.bulk_create(
        Grid(code=f"{v.code}{n:03d}", division=v, name=f"第{n}网格", valid_from=small_county.SINCE)
        for v in villages
        for n in range(1, 1000)
    )
    with CaptureQueriesContext(connection) as many:
        page = keeper.get(here)
    assert (len(page.context["rows"]), len(many), len(few)) == (PAGE, 11, 11)
    county_division = Division.objects.get(pk="440785000000")
    last = grids_of(county_division, after="440785102310990")
    assert [grid.code[12:] for grid in last.rows] == [f"{n}" for n in range(991, 1000)]
    assert (last.next_after, last.is_first) == ("", False)
    second = keeper.get(page.context["next_href"])
    assert second.context["rows"][0].code > page.context["rows"][-1].code
    assert second.context["first_href"] == here
    # Nothing after the last, or an address that somebody wrote: an empty page with the way back.
    assert "从头看" in text_of(keeper.get(here, {"after": "999999999999999"}))
    full = keeper.get(reverse("grid_new", args=["440785102300"]))
    assert full.context["form"]["number"].value() == ""
