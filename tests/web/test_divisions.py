"""Towns and villages are added, renamed, ended and reopened as a notice says; refusals changed nothing."""

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
from fengqiao.places.models import Centre, Department, Division, DivisionChange, Grid, Stationing
from fengqiao.web.kit.choices import division_choices, offers
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

COUNTY, TOWN, VILLAGE = "440785000000", "440785102000", "440785102201"
NOTICE = "恩府函〔2026〕18号"


@pytest.fixture
def county() -> SmallCounty:
    made = small_county.build()
    Division.objects.create(
        code="440785102202", name="那吉村", parent_id=TOWN, valid_from=small_county.SINCE, source="tests"
    )
    return made


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)


def rows() -> list[list[dict]]:
    return [list(model.objects.order_by("pk").values()) for model in (Division, Grid, DivisionChange)]


def audited(county: SmallCounty, verb: str) -> list[tuple[str, str, dict]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb=verb).order_by("at", "seq")
        return [(entry.result, entry.subject, entries.details_of(entry)) for entry in found]


def added(**changes) -> dict[str, str]:
    return {"code": "440785102203", "name": "新圩社区", "source": NOTICE, "day": "2026-07-01"} | changes


def ended(**changes) -> dict[str, str]:
    version = Division.objects.values_list("version", flat=True).get(pk=VILLAGE)
    said = {"version": version, "into": "440785102202", "source": NOTICE, "day": clock.today()}
    return said | changes


def test_a_village_that_came_into_being_is_added_and_matters_are_registered_there(county, keeper):
    answer = keeper.post(reverse("division_new", args=[TOWN]), added())
    assert answer.headers["Location"] == reverse("division", args=["440785102203"])
    made = Division.objects.get(pk="440785102203")
    assert (made.name, made.parent_id, made.valid_from, made.valid_until, made.source) == (
        "新圩社区",
        TOWN,
        date(2026, 7, 1),
        None,
        NOTICE,
    )
    assert audited(county, "division.add") == [
        (
            "done",
            "division:440785102203",
            {"name": "新圩社区", "source": NOTICE, "day": "2026-07-01"},
        )
    ]
    assert small_county.registered(county, division="440785102203", grid="").division_id == made.pk
    page = text_of(keeper.get(reverse("division", args=["440785102203"])))
    assert "变更记录 2026-07-01 新设" in page
    assert "新增区划" in text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))


def test_a_town_is_added_by_nine_digits_and_a_village_to_come_is_not_in_force_yet(county, keeper):
    answer = keeper.post(reverse("division_new", args=[COUNTY]), added(code="440785103", name="新镇"))
    assert answer.headers["Location"] == reverse("division", args=["440785103000"])
    tomorrow = clock.today() + timedelta(days=1)
    keeper.post(reverse("division_new", args=[TOWN]), added(day=tomorrow))
    with pytest.raises(Invalid):
        small_county.registered(county, division="440785102203", grid="")
    assert f"{tomorrow} 起生效" in text_of(keeper.get(reverse("division", args=["440785102203"])))


WRONG_NEW = {
    "a code that there is": ({"code": VILLAGE}, "code"),
    "a code of another town": ({"code": "440785001009"}, "code"),
    "the town itself": ({"code": TOWN}, "code"),
    "eleven digits": ({"code": "44078510220"}, "code"),
    "letters": ({"code": "44078510220x"}, "code"),
    "full-width digits": ({"code": "４４０７８５１０２２０３"}, "code"),
    "no name": ({"name": " "}, "name"),
    "a name that there is": ({"name": "那吉村"}, "name"),
    "a long name": ({"name": "村" * 65}, "name"),
    "no notice": ({"source": " "}, "source"),
    "a long notice": ({"source": "号" * 129}, "source"),
    "no day": ({"day": "2026-02-30"}, "day"),
    "a day before the town": ({"day": "2019-12-31"}, "day"),
}


@pytest.mark.parametrize("wrong", WRONG_NEW)
def test_a_wrong_new_village_is_said_beside_its_field_and_keeps_what_was_typed(county, keeper, wrong):
    changes, field = WRONG_NEW[wrong]
    before = rows()
    typed = added(**changes)
    page = keeper.post(reverse("division_new", args=[TOWN]), typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["form"].data.dict() == typed
    assert rows() == before


def test_a_code_below_a_county_belongs_to_its_town_where_there_is_one(county, keeper):
    page = keeper.post(reverse("division_new", args=[COUNTY]), added())
    assert "这个代码属于沙湖镇" in text_of(page)
    # A forest farm or a development zone lies right below the county.
    answer = keeper.post(reverse("division_new", args=[COUNTY]), added(code="440785400200", name="林场"))
    assert answer.status_code == 302
    assert Division.objects.get(pk="440785400200").parent_id == COUNTY
    before = rows()
    page = keeper.post(reverse("division_new", args=[VILLAGE]), added())
    assert (page.status_code, "设在县或镇街下面" in text_of(page)) == (422, True)
    assert rows() == before


def test_a_village_is_renamed_and_its_old_name_stays_written_down(county, keeper):
    old = small_county.registered(county)
    said = {"version": 1, "name": "黄泥坑社区", "source": NOTICE, "day": "2026-07-01"}
    assert keeper.post(reverse("division_rename", args=[VILLAGE]), said).status_code == 302
    assert Division.objects.values_list("name", "version").get(pk=VILLAGE) == ("黄泥坑社区", 2)
    assert "更名 原名黄泥坑村" in text_of(keeper.get(reverse("division", args=[VILLAGE])))
    assert audited(county, "division.rename") == [
        (
            "done",
            f"division:{VILLAGE}",
            {"before": "黄泥坑村", "after": "黄泥坑社区", "source": NOTICE, "day": "2026-07-01"},
        )
    ]
    page = at_the_desk(county, Role.REGISTRAR).get(reverse("matter", args=[old.code]))
    assert "黄泥坑社区" in text_of(page)
    # Whoever had the page open from before is told, and keeps what they typed.
    before = rows()
    page = keeper.post(reverse("division_rename", args=[VILLAGE]), said | {"name": "别的名称"})
    assert (page.status_code, "刚才有人改过" in text_of(page)) == (422, True)
    assert page.context["form"].data["name"] == "别的名称"
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "黄泥坑村"}, "name"),
        ({"name": "那吉村"}, "name"),
        ({"name": ""}, "name"),
        ({"source": ""}, "source"),
        ({"day": "2019-12-31"}, "day"),
        ({"day": "tomorrow"}, "day"),
    ],
)
def test_a_wrong_new_name_changes_nothing(county, keeper, changes, field):
    said = {"version": 1, "name": "黄泥坑社区", "source": NOTICE, "day": "2026-07-01"} | changes
    if said["day"] == "tomorrow":
        said["day"] = clock.today() + timedelta(days=1)
    before = rows()
    page = keeper.post(reverse("division_rename", args=[VILLAGE]), said)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert rows() == before


def test_a_merged_village_takes_nothing_new_and_what_happened_there_stays_readable(county, keeper):
    old = small_county.registered(county)
    Grid.objects.create(
        code=f"{VILLAGE}009",
        division_id=VILLAGE,
        name="早撤的",
        valid_from=small_county.SINCE,
        valid_until=date(2022, 5, 1),
    )
    yesterday = clock.today() - timedelta(days=1)
    assert keeper.post(reverse("division_end", args=[VILLAGE]), ended()).status_code == 302
    assert Division.objects.values_list("valid_until", "version").get(pk=VILLAGE) == (yesterday, 2)
    assert list(Grid.objects.order_by("pk").values_list("valid_until", "version")) == [
        (yesterday, 2),
        (date(2022, 5, 1), 1),
    ]
    assert audited(county, "division.end") == [
        (
            "done",
            f"division:{VILLAGE}",
            {"into": "440785102202", "grids": 1, "source": NOTICE, "day": f"{clock.today()}"},
        )
    ]
    with pytest.raises(Invalid) as refused:
        small_county.registered(county)
    assert list(refused.value.errors) == ["division"]
    registrar, desk = county.actor(Role.REGISTRAR), at_the_desk(county, Role.REGISTRAR)
    assert not offers(division_choices(registrar), VILLAGE)
    # In the ledger it can still be asked for, and both pages tell of the merger.
    page = desk.get(reverse("ledger"), {"division": VILLAGE})
    assert old.title in text_of(page)
    assert "黄泥坑村（已撤销）" in text_of(page)
    assert "黄泥坑村" in text_of(desk.get(reverse("matter", args=[old.code])))
    with scope(registrar):
        amend(actor=registrar, matter_id=old.pk, facts={"people": 13}, reason="清点后更正")
    assert "已撤销 并入那吉村" in text_of(keeper.get(reverse("division", args=[VILLAGE])))
    assert "黄泥坑村并入" in text_of(keeper.get(reverse("division", args=["440785102202"])))
    # A grid is not brought back alone; with its village those come back that ended with it.
    answer = keeper.post(reverse("grid_reopen", args=[f"{VILLAGE}001"]), {"version": 2})
    assert (answer.status_code, "请先恢复它" in text_of(answer)) == (409, True)
    assert keeper.post(reverse("division_reopen", args=[VILLAGE]), {"version": 2}).status_code == 302
    assert list(Grid.objects.order_by("pk").values_list("valid_until", flat=True)) == [
        None,
        date(2022, 5, 1),
    ]
    assert small_county.registered(county).division_id == VILLAGE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"day": small_county.SINCE}, "day"),
        ({"day": ""}, "day"),
        ({"into": VILLAGE}, "into"),
        ({"into": TOWN}, "into"),
        ({"into": "440783000000"}, "into"),
    ],
)
def test_a_wrong_end_changes_nothing(county, keeper, changes, field):
    before = rows()
    page = keeper.post(reverse("division_end", args=[VILLAGE]), ended(**changes))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert rows() == before


def test_a_division_is_not_ended_while_something_that_stands_lies_in_it(county, keeper):
    here, yesterday = reverse("division_end", args=[TOWN]), clock.today() - timedelta(days=1)

    def refused() -> str:
        before = rows()
        page = keeper.post(here, ended(into="", version=1))
        assert (page.status_code, list(page.context["form"].errors)) == (422, ["day"])
        assert rows() == before
        return text_of(page)

    assert "还有 2 个没有撤销的区划" in refused()
    Division.objects.filter(parent_id=TOWN).update(valid_until=yesterday)
    Department.objects.create(name="沙湖镇政府", short_name="沙湖镇", kind="territory", division_id=TOWN)
    assert "还有 1 个综治中心、1 个部门" in refused()
    Centre.objects.filter(division_id=TOWN).update(valid_until=yesterday)
    Department.objects.filter(division_id=TOWN).update(valid_until=yesterday)
    assert "人在这里任职" in refused()
    Stationing.objects.filter(post__division_id=TOWN).update(valid_until=yesterday)
    assert keeper.post(here, ended(into="", version=1)).status_code == 302
    # What hangs on it stays readable, and below it nothing comes into being or back.
    centre = Centre.objects.get(division_id=TOWN)
    assert "沙湖镇" in text_of(keeper.get(reverse("centre", args=[centre.pk])))
    before = rows()
    answer = keeper.post(reverse("centre_reopen", args=[centre.pk]), {"version": centre.version})
    assert (answer.status_code, "请先恢复它" in text_of(answer)) == (409, True)
    said = {"division": TOWN, "name": "新部门", "kind": "water"}
    page = keeper.post(reverse("department_new"), said)
    assert list(page.context["form"].errors) == ["division"]
    assert not Department.objects.filter(name="新部门").exists()
    page = keeper.post(reverse("division_new", args=[TOWN]), added())
    assert "已写明最后一天" in text_of(page)
    assert keeper.post(reverse("division_reopen", args=[VILLAGE]), {"version": 1}).status_code == 409
    assert rows() == before
    codes = [
        told["code"] for result, _subject, told in audited(county, "division.end") if result == "refused"
    ]
    assert codes == ["divisions_below", "bodies_there", "people_stationed"]


def test_counties_other_counties_and_ones_own_division_are_not_changed_here(county, keeper):
    town = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "town")
    city = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "city")
    said = {"version": 1, "name": "新名称", "source": NOTICE, "day": "2026-07-01", "into": ""}
    before = rows()
    for desk, code in ((keeper, COUNTY), (keeper, "440783000000"), (city, COUNTY), (town, TOWN)):
        for verb in ("division_rename", "division_end", "division_reopen"):
            assert desk.post(reverse(verb, args=[code]), said).status_code == 403
    assert keeper.post(reverse("division_new", args=["440783000000"]), added()).status_code == 403
    assert rows() == before
    assert town.post(reverse("division_new", args=[TOWN]), added()).status_code == 302


def test_a_town_of_many_villages_costs_no_more_statements(county, keeper):
    here = reverse("division", args=[TOWN])
    with CaptureQueriesContext(connection) as few:
        assert len(keeper.get(here).context["villages"]) == 2
    Division.objects.bulk_create(
        Division(
            code=f"440785102{number}",
            name=f"村{number}",
            parent_id=TOWN,
            valid_from=small_county.SINCE,
            source="tests",
        )
        for number in range(300, 900)
    )
    DivisionChange.objects.bulk_create(
        DivisionChange(
            division_id=f"440785102{number}",
            kind="ended",
            day=clock.today(),
            name="村",
            into_id=TOWN,
            entered_by=county.person(Role.SYSTEM_ADMINISTRATOR).pk,
            entered_at=clock.now(),
        )
        for number in range(300, 310)
    )
    with CaptureQueriesContext(connection) as many:
        page = keeper.get(here)
    assert (len(page.context["villages"]), len(page.context["changes"])) == (602, 10)
    assert (len(few), len(many)) == (12, 12)
