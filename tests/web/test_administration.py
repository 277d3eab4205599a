"""Three administrators, three screens: none opens another's, none reads a matter."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import fengqiao
from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries as entries_query
from fengqiao.dispatch.enums import AssignmentAction, CallState
from fengqiao.flows.people import Care
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Matter
from fengqiao.places.domain.divisions import SHIPPED_SINCE, SHIPPED_SOURCE, shipped_files, take_divisions
from fengqiao.places.enums import DepartmentKind, ResidenceMode
from fengqiao.places.models import DepartmentService, Division, Grid, Post, Residence, Stationing
from fengqiao.places.queries import overview
from fengqiao.rules.queries.limits import all_limits
from fengqiao.web.desk.administration.verbs import FAMILIES, in_words
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

OWN_SCREENS = {
    Role.AUDITOR: ["audit"],
    Role.SYSTEM_ADMINISTRATOR: ["places", "places_centres", "places_departments"],
    Role.SECURITY_ADMINISTRATOR: ["people", "committee", "machines", "webhooks"],
}
IN_MENU = {
    Role.AUDITOR: ["audit"],
    Role.SYSTEM_ADMINISTRATOR: ["places", "calendar"],
    Role.SECURITY_ADMINISTRATOR: ["people", "committee", "machines", "webhooks"],
}


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


def audited(county: SmallCounty, place: str = "county") -> list[Entry]:
    with scope(county.actor(Role.AUDITOR, place)):
        return list(Entry.objects.order_by("at", "chain", "seq"))


def refusals(county: SmallCounty) -> list[tuple[str, str, str]]:
    return [
        (entry.verb, entry.subject, entries_query.details_of(entry)["code"])
        for entry in audited(county)
        if entry.result == "refused"
    ]


def place_of(role: Role) -> str:
    return DepartmentKind.LABOUR if role is Role.HANDLER else "county"


# --- who may open what ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_each_screen_opens_for_its_own_administrator_alone(county, role):
    desk = at_the_desk(county, role, place_of(role))
    screens = [name for names in OWN_SCREENS.values() for name in names]
    opened = {name: desk.get(reverse(name)).status_code for name in screens}
    assert opened == {name: 200 if name in OWN_SCREENS.get(role, []) else 403 for name in screens}
    refused_for = {
        "audit": "post_may_not_read_audit",
        "people": "post_may_not_keep_people",
        "committee": "post_may_not_name_members",
        "machines": "post_may_not_keep_people",
        "webhooks": "post_may_not_keep_people",
    }
    assert refusals(county) == [
        ("page.get", reverse(name), refused_for.get(name, "post_may_not_keep_places"))
        for name in screens
        if name not in OWN_SCREENS.get(role, [])
    ]


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_opens_a_matter_or_anything_of_it(county, role):
    matter = small_county.registered(county)
    desk = at_the_desk(county, role)
    doors = [
        reverse("register"),
        reverse("ledger"),
        reverse("whistles"),
        reverse("matter", args=[matter.code]),
        reverse("papers", args=[matter.code]),
    ]
    pages = {door: desk.get(door) for door in doors}
    assert {door: page.status_code for door, page in pages.items()} == dict.fromkeys(doors, 403)
    for page in pages.values():
        assert matter.title not in page.content.decode()
    assert [verb for verb, _subject, _code in refusals(county)] == ["page.get"] * len(doors)
    assert [subject for _verb, subject, _code in refusals(county)] == doors


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_does_anything_to_a_matter(county, role):
    matter = small_county.registered(county)
    desk = at_the_desk(county, role)
    answers = [
        desk.post(reverse("matter_act", args=[matter.code, "accept"]), {"version": matter.version}),
        desk.post(reverse("register"), {"title": "管理员登记"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    with scope(county.actor(Role.DISPATCHER)):
        found = Matter.objects.get()
    assert (found.state, found.version, found.history_count) == (State.REGISTERED, matter.version, 1)
    assert len(refusals(county)) == 2


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_comes_home_to_their_own_screen(county, role):
    home = at_the_desk(county, role).get("/", follow=True)
    assert (home.status_code, home.request["PATH_INFO"]) == (200, reverse(OWN_SCREENS[Role(role)][0]))
    links = re.findall(r'<nav aria-label="主菜单">(.*?)</nav>', home.content.decode(), re.DOTALL)[0]
    assert re.findall(r'<a href="([^"]+)"', links) == [reverse(name) for name in IN_MENU[Role(role)]]


# --- audit ---------------------------------------------------------------------------------------------------


def shown(page) -> list[str]:
    return [row["entry"].verb for row in page.context["rows"]]


def test_the_auditor_reads_who_did_what_when_and_no_matter(county):
    matter = small_county.registered(county)
    at_the_desk(county, Role.SECURITY_ADMINISTRATOR).get(reverse("audit"))
    page = at_the_desk(county, Role.AUDITOR).get(reverse("audit"))
    rows = page.context["rows"]
    assert [
        (r["who"], r["role"], r["what"], r["code"]) for r in rows if r["entry"].verb != "person.signed_in"
    ] == [
        ("安全管理员county", "安全管理员", "打开页面", "post_may_not_read_audit"),
        ("登记岗county", "登记岗", "登记事项", ""),
    ]
    registered = next(r for r in rows if r["entry"].verb == "matter.registered")
    assert (registered["kind"], registered["reference"]) == ("事项", str(matter.pk))
    text = text_of(page)
    for secret in (matter.title, matter.code, matter.account, "黄某某", "13800000001"):
        assert secret not in text
    assert f"{registered['entry'].chain} 第 1 环" in text
    assert [r["entry"].seq for r in rows] == [4, 3, 2, 1]


def test_what_has_no_words_yet_is_shown_as_its_code(county):
    with scope(county.actor(Role.REGISTRAR)):
        record(actor=county.actor(Role.REGISTRAR), verb="kettle.boiled", subject="kettle:1")
    page = at_the_desk(county, Role.AUDITOR).get(reverse("audit") + "?family=kettle")
    # A family that is not offered is an error of the filter, and finds nothing.
    assert shown(page) == []
    page = at_the_desk(county, Role.AUDITOR).get(reverse("audit"))
    assert [r["what"] for r in page.context["rows"] if r["entry"].verb == "kettle.boiled"] == [
        "kettle.boiled"
    ]


def test_every_verb_that_the_program_writes_has_words():
    """Verbs written out are found in the sources; those made from a word of the trade are built here."""
    source = Path(fengqiao.__file__).parent
    writing = [*source.glob("*/domain/**/*.py"), *source.glob("flows/*.py"), *source.glob("web/kit/*.py")]
    constants = {
        node.value
        for path in writing
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    written = {text for text in constants if re.fullmatch(rf"({'|'.join(FAMILIES)})\.[a-z_]+", text)}
    # A limit is named in the same way, and is no verb.
    written -= set(all_limits())
    assert {"matter.registered", "paper.served", "import.finished", "person.signed_in"} <= written
    written |= {f"matter.{action}" for action in Action}
    written |= {f"dispatch.{action}" for action in AssignmentAction}
    written |= {f"person.{what}" for what in Care} | {f"whistle.{state}" for state in CallState}
    assert sorted(verb for verb in written if in_words(verb, {}) == verb) == []


def test_an_auditor_reads_the_counties_in_reach(county):
    small_county.registered(county)
    small_county.registered(county, "other", division="440783000000", grid="")

    def counties(place: str) -> set[str]:
        page = at_the_desk(county, Role.AUDITOR, place).get(reverse("audit") + "?family=matter")
        return {row["entry"].county for row in page.context["rows"]}

    assert {place: counties(place) for place in ("county", "other", "city")} == {
        "county": {"440785"},
        "other": {"440783"},
        "city": {"440783", "440785"},
    }


def test_the_filters_of_the_audit(county):
    matter = small_county.registered(county)
    director = at_the_desk(county, Role.DIRECTOR)
    director.get(reverse("audit"))
    Client().post("/accounts/login/", {"login": "county-director", "password": "guessed"})
    auditor = at_the_desk(county, Role.AUDITOR)
    today = clock.today()

    def found(**asked) -> list[str]:
        return shown(auditor.get(reverse("audit"), asked))

    everything = found()
    assert sorted(everything) == sorted(
        ["matter.registered", "page.get", "person.sign_in_failed", "person.signed_in", "person.signed_in"]
    )
    assert found(family="matter") == ["matter.registered"]
    assert found(result="refused") == ["person.sign_in_failed", "page.get"]
    assert found(result="done", family="person") == ["person.signed_in"] * 2
    # Of a person: what they did, and what was tried in their name; by login name or by a part of the name.
    assert found(person="county-director") == ["person.sign_in_failed", "page.get", "person.signed_in"]
    assert found(person="中心主任") == found(person="COUNTY-DIRECTOR")
    assert found(person="nobody-here") == []
    assert found(subject=f"matter:{matter.pk}") == ["matter.registered"]
    assert found(since=today, until=today) == everything
    assert found(since=today + timedelta(days=1)) == found(until=today - timedelta(days=1)) == []


def test_days_of_the_audit_are_days_in_shanghai(county):
    actor = county.actor(Role.REGISTRAR)
    late = small_county.AN_EVENING.replace(hour=15, minute=59)
    for moment in (late, late + timedelta(minutes=1)):
        with clock.at(moment), scope(actor):
            record(actor=actor, verb="matter.accept")
    auditor = at_the_desk(county, Role.AUDITOR)

    def found(day: str) -> int:
        return len(shown(auditor.get(reverse("audit"), {"since": day, "until": day, "family": "matter"})))

    assert [found(day) for day in ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22")] == [0, 1, 1, 0]


def test_a_period_that_ends_before_it_begins_is_said_beside_the_field(county):
    page = at_the_desk(county, Role.AUDITOR).get(
        reverse("audit"), {"since": "2026-11-03", "until": "2026-11-01"}
    )
    assert page.context["form"].errors == {"until": ["结束日期早于开始日期。"]}
    assert (page.context["rows"], page.context["number"]) == ([], "0")
    assert 'value="2026-11-03"' in page.content.decode()


def fill(county: SmallCounty, number: int, place: str = "county") -> None:
    actor = county.actor(Role.REGISTRAR, place)
    with scope(actor):
        for _each in range(number):
            record(actor=actor, verb="matter.accept", subject=f"matter:{actor.post_id}")


@pytest.mark.parametrize("place", ["county", "city"])
def test_pages_of_the_audit_follow_each_other_without_gap_or_repeat(county, place):
    with clock.at(small_county.AN_EVENING):
        # All at one moment: only the place in the chain tells them apart.
        fill(county, 40)
        fill(county, 30, "other" if place == "city" else "county")
    auditor = at_the_desk(county, Role.AUDITOR, place)
    address, sizes, seen = reverse("audit") + "?family=matter", [], []
    while address:
        page = auditor.get(address)
        sizes.append(len(page.context["rows"]))
        seen += [(row["entry"].chain, row["entry"].seq) for row in page.context["rows"]]
        assert page.context["number"] == "70"
        address = page.context["next_href"]
        # What comes in while somebody reads moves nothing.
        fill(county, 0)
    assert sizes == [30, 30, 10]
    assert seen == sorted(set(seen), reverse=True)
    assert page.context["first_href"] == reverse("audit") + "?family=matter"


def test_a_cursor_of_another_filter_or_changed_by_hand_begins_anew(county):
    fill(county, 31)
    auditor = at_the_desk(county, Role.AUDITOR)
    first = auditor.get(reverse("audit"), {"family": "matter"})
    cursor = re.search(r"cursor=([^&]+)", first.context["next_href"])[1]
    for asked in (
        {"family": "matter", "cursor": cursor[:-1] + ("A" if cursor[-1] != "A" else "B")},
        {"family": "matter", "cursor": "x"},
        {"result": "done", "cursor": cursor.replace("%3A", ":")},
    ):
        page = auditor.get(reverse("audit"), asked)
        assert page.context["first_href"] == ""
        assert len(page.context["rows"]) == 30


def test_a_large_number_of_entries_is_not_counted_to_the_end(county, monkeypatch):
    monkeypatch.setattr(entries_query, "MOST_COUNTED", 5)
    fill(county, 6)
    auditor = at_the_desk(county, Role.AUDITOR)
    assert auditor.get(reverse("audit"), {"family": "matter"}).context["number"] == "5+"


def test_an_empty_filter_says_so_and_leads_back(county):
    page = at_the_desk(county, Role.AUDITOR).get(reverse("audit"), {"family": "import"})
    assert "没有符合条件的记录。" in text_of(page)


def statements(desk: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert desk.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("place", ["county", "city"])
def test_thirty_entries_cost_as_many_statements_as_one(county, place):
    auditor = at_the_desk(county, Role.AUDITOR, place)
    address = reverse("audit") + "?family=matter"
    fill(county, 1)
    one = statements(auditor, address)
    fill(county, 35)
    assert statements(auditor, address) == one
    # savepoint, scope, session, person, posts, page, count, names, the bell; a city asks for its counties too.
    assert one == {"county": 11, "city": 12}[place]


# --- places --------------------------------------------------------------------------------------------------


def test_the_tree_of_divisions_with_what_lies_below(county):
    Grid.objects.create(
        code="440785102201002", division_id="440785102201", name="第二网格", valid_from=small_county.SINCE
    )
    page = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR).get(reverse("places"))
    [node] = page.context["tree"]
    assert (node.division.name, node.villages, node.grids) == ("恩平市", 2, 2)
    assert [(n.division.code, n.villages, n.grids) for n in node.below] == [
        ("440785001000", 1, 0),
        ("440785102000", 1, 2),
    ]
    text = text_of(page)
    assert "fengqiao places divisions" in text
    # Villages come when a town is opened.
    assert "黄泥坑村" not in text


def test_a_city_sees_its_counties_a_town_sees_itself(county):
    city = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "city").get(reverse("places"))
    assert [n.division.name for n in city.context["tree"]] == ["开平市", "恩平市"]
    town = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "town").get(reverse("places"))
    assert [(n.division.name, n.villages) for n in town.context["tree"]] == [("沙湖镇", 1)]


def test_a_town_opens_into_its_villages(county):
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)
    address = reverse("places_town", args=["440785102000"])
    part = desk.get(address, headers={"HX-Request": "true"})
    assert [(n.division.name, n.grids) for n in part.context["rows"]] == [("黄泥坑村", 1)]
    assert "<html" not in part.content.decode()
    assert "<html" in desk.get(address).content.decode()


@pytest.mark.parametrize("code", ["440783000000", "440785000000", "440785102201", "nothing"])
def test_what_is_no_town_inside_the_division_is_not_there(county, code):
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)
    assert desk.get(reverse("places_town", args=[code])).status_code == 404


def test_a_division_that_is_over_is_shown_with_its_day_and_not_counted(county):
    last = clock.today() - timedelta(days=1)
    Division.objects.filter(code="440785102201").update(valid_until=last)
    Division.objects.filter(code="440785001000").update(valid_until=last)
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)
    page = desk.get(reverse("places"))
    assert [(n.division.name, n.villages) for n in page.context["tree"][0].below] == [
        ("恩城街道", 1),
        ("沙湖镇", 0),
    ]
    assert [each["value"] for each in page.context["numbers"]] == [1, 1, 1, 2, 7]
    assert f"{last:%Y-%m-%d} 后失效" in text_of(page)
    village = desk.get(reverse("places_town", args=["440785102000"]))
    assert f"{last:%Y-%m-%d} 后失效" in text_of(village)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("沙湖", ["沙湖镇"]),
        ("4407851022", ["黄泥坑村"]),
        ("440785102201001", ["黄泥坑村"]),
        ("440785", ["恩平市", "恩城街道", "东门社区", "沙湖镇", "黄泥坑村"]),
        ("开平", []),
        ("440783", []),
        ("%", []),
    ],
)
def test_divisions_are_found_by_name_or_code_inside_the_division(county, text, names):
    page = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR).get(reverse("places"), {"q": text})
    assert [hit.division.name for hit in page.context["hits"]] == names


def test_a_found_village_says_where_it_lies(county):
    page = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR).get(reverse("places"), {"q": "黄泥坑"})
    [hit] = page.context["hits"]
    assert (hit.within, hit.grids) == (["恩平市", "沙湖镇"], 1)


def test_a_whole_city_stays_usable(county):
    """江门市 as it is shipped: seven counties, more than 1,300 villages."""
    with scope(county.actor(Role.SYSTEM_ADMINISTRATOR, "city")):
        take_divisions(shipped_files(), source=SHIPPED_SOURCE, since=SHIPPED_SINCE)
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "city")
    page = desk.get(reverse("places"))
    tree = page.context["tree"]
    assert len(tree) == 7
    assert sum(node.villages for node in tree) > 1300
    assert len(page.content) < 200_000
    found = desk.get(reverse("places"), {"q": "村"})
    assert (len(found.context["hits"]), found.context["more"]) == (overview.MOST, True)
    assert f"只列出前 {overview.MOST} 个" in text_of(found)


def test_centres_with_the_seven_and_those_in_rotation(county):
    centre = county.centres["county"]
    for kind in (DepartmentKind.LABOUR, DepartmentKind.COURT, DepartmentKind.POLICE):
        Residence.objects.create(
            centre=centre, department=county.department(kind), mode=ResidenceMode.RESIDENT
        )
    for kind in (DepartmentKind.HOUSING, DepartmentKind.NATURAL_RESOURCES):
        Residence.objects.create(
            centre=centre, department=county.department(kind), mode=ResidenceMode.ROTATING
        )
    page = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR).get(reverse("places_centres"))
    rows = page.context["rows"]
    assert [(r["centre"].name, r["centre"].level, str(r["centre"].upper)) for r in rows] == [
        ("恩平市综治中心", "county", "江门市综治中心"),
        ("沙湖镇综治中心", "town", "恩平市综治中心"),
    ]
    present = rows[0]["present"]
    assert [d.kind for d in present.resident] == ["court", "police", "labour"]
    assert [d.kind for d in present.rotating] == ["housing", "natural_resources"]
    assert present.lacking == ["politics_law", "procuratorate", "justice", "petition"]
    text = text_of(page)
    assert "3 + 2" in text
    assert (
        "常驻七家还缺： 政法委 、 检察院 、 司法行政 、 信访" in text
        or "政法委、检察院、司法行政、信访" in text
    )


def test_departments_with_their_kind_and_whom_they_serve(county):
    labour = county.department(DepartmentKind.LABOUR)
    for code in ("440785001000", "440785102000"):
        DepartmentService.objects.create(department=labour, division_id=code)
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)
    page = desk.get(reverse("places_departments"))
    assert {d.name for d in page.context["rows"]} == {
        d.name for key, d in county.departments.items() if "other" not in key
    }
    only = desk.get(reverse("places_departments"), {"kind": "labour"})
    assert [[d.name for d in each.serves.all()] for each in only.context["rows"]] == [["恩城街道", "沙湖镇"]]
    assert desk.get(reverse("places_departments"), {"q": "开平"}).context["rows"] == []
    assert [d.kind for d in desk.get(reverse("places_departments"), {"q": "法院"}).context["rows"]] == [
        "court"
    ]


@pytest.mark.parametrize("screen", ["places", "places_centres", "places_departments"])
def test_more_places_cost_no_more_statements(county, screen):
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "city")
    centre = county.centres["county"]

    def reside(kinds) -> None:
        for kind in kinds:
            department = county.department(kind)
            Residence.objects.create(centre=centre, department=department, mode=ResidenceMode.RESIDENT)
            DepartmentService.objects.create(department=department, division_id="440785001000")

    kinds = list(small_county.HANDLERS)
    reside(kinds[:1])
    few = statements(desk, reverse(screen))
    reside(kinds[1:])
    with scope(county.actor(Role.SYSTEM_ADMINISTRATOR, "city")):
        take_divisions(shipped_files(), source=SHIPPED_SOURCE, since=SHIPPED_SINCE)
    assert statements(desk, reverse(screen)) == few


def test_places_cannot_be_written_here(county):
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)
    before = Division.objects.count()
    for name in OWN_SCREENS[Role.SYSTEM_ADMINISTRATOR]:
        assert desk.post(reverse(name), {"code": "440785999000", "name": "新镇"}).status_code == 405
    assert Division.objects.count() == before


# --- people --------------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(county) -> Client:
    return at_the_desk(county, Role.SECURITY_ADMINISTRATOR)


def care(desk: Client, person: Person, what: Care):
    return desk.post(reverse("person_care", args=[person.pk, what]), follow=True)


def everybody(desk: Client, **asked) -> list[str]:
    address, found = reverse("people"), []
    page = desk.get(address, asked)
    found += [row["person"].username for row in page.context["rows"]]
    while page.context["next_href"]:
        page = desk.get(page.context["next_href"])
        found += [row["person"].username for row in page.context["rows"]]
    return found


def test_the_security_administrator_sees_the_people_of_the_division(county, keeper):
    inside = {
        s.person.username for (role, place), s in county.stationings.items() if place not in ("other", "city")
    }
    assert set(everybody(keeper)) == inside
    assert everybody(keeper) == sorted(inside)
    city = at_the_desk(county, Role.SECURITY_ADMINISTRATOR, "city")
    assert set(everybody(city)) == {s.person.username for s in county.stationings.values()}


def test_a_person_is_shown_with_posts_factor_and_last_sign_in(county, keeper):
    person = county.person(Role.DIRECTOR)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    [row] = keeper.get(reverse("people"), {"name": person.username}).context["rows"]
    assert [(p["role"], p["place"], p["since"], p["until"]) for p in row["posts"]] == [
        ("中心主任", "恩平市综治中心", small_county.SINCE, None)
    ]
    assert (row["has_second_factor"], row["needs_second_factor"], row["is_locked"]) == (True, True, False)
    assert "从未登录" in text_of(keeper.get(reverse("person", args=[person.pk])))


def test_the_filters_of_the_people(county, keeper):
    Person.objects.filter(username="county-mediator").update(is_active=False)
    town, labour = county.centres["town"], county.department(DepartmentKind.LABOUR)
    assert everybody(keeper, role="mediator") == ["county-mediator", "town-mediator"]
    assert everybody(keeper, role="mediator", place=f"centre:{town.pk}") == ["town-mediator"]
    assert everybody(keeper, place=f"department:{labour.pk}") == ["labour-handler"]
    assert everybody(keeper, place="division:440785000000") == [
        "county-auditor", "county-security_administrator", "county-system_administrator",
    ]  # fmt: skip
    assert everybody(keeper, name="调解员town") == ["town-mediator"]
    assert everybody(keeper, access="inactive") == ["county-mediator"]
    assert everybody(keeper, access="active", role="mediator") == ["town-mediator"]
    Authenticator.objects.create(user=county.person(Role.DIRECTOR), type=Authenticator.Type.TOTP, data={})
    assert everybody(keeper, access="one_factor", role="director") == ["town-director"]
    assert everybody(keeper, name="nobody") == []


def test_who_has_left_is_found_but_not_by_the_post_they_had(county, keeper):
    Stationing.objects.filter(person__username="county-mediator").update(
        valid_until=clock.today() - timedelta(days=1)
    )
    [row] = keeper.get(reverse("people"), {"name": "county-mediator"}).context["rows"]
    assert row["has_no_post"] is True
    assert everybody(keeper, role="mediator") == ["town-mediator"]
    page = keeper.get(reverse("person", args=[row["person"].pk]))
    assert "已结束" in text_of(page)


def test_a_deactivated_person_is_out_at_once_and_stays_out_when_reactivated(county, keeper):
    person = county.person(Role.REGISTRAR)
    at_work = at_the_desk(county, Role.REGISTRAR)
    assert at_work.get("/").status_code == 200
    done = care(keeper, person, Care.DEACTIVATE)
    assert "已办：停用账号。" in text_of(done)
    assert at_work.get("/").headers["Location"] == "/accounts/login/?next=%2F"
    care(keeper, person, Care.REACTIVATE)
    person.refresh_from_db()
    assert person.is_active is True
    assert at_work.get("/").headers["Location"] == "/accounts/login/?next=%2F"
    again = Client()
    again.post("/accounts/login/", {"login": person.username, "password": f"pass-{person.username}"})
    assert again.get("/").status_code == 200
    done = [(e.verb, e.subject, e.result, e.person_id) for e in audited(county) if "activate" in e.verb]
    by = county.person(Role.SECURITY_ADMINISTRATOR).pk
    assert done == [
        ("person.deactivate", f"person:{person.pk}", "done", by),
        ("person.reactivate", f"person:{person.pk}", "done", by),
    ]


def test_a_reset_second_factor_is_set_up_anew(county, keeper):
    person = county.person(Role.DIRECTOR)
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=person, type=kind, data={})
    at_work = at_the_desk(county, Role.DIRECTOR)
    care(keeper, person, Care.RESET_SECOND_FACTOR)
    assert Authenticator.objects.filter(user=person).count() == 0
    assert at_work.get("/").headers["Location"] == "/accounts/login/?next=%2F"
    again = Client()
    again.post("/accounts/login/", {"login": person.username, "password": f"pass-{person.username}"})
    assert again.get("/").headers["Location"] == "/accounts/2fa/totp/activate/"


def test_a_new_first_password_is_shown_once_and_must_be_changed(county, keeper):
    person = county.person(Role.REGISTRAR)
    at_work = at_the_desk(county, Role.REGISTRAR)
    page = care(keeper, person, Care.SET_FIRST_PASSWORD)
    told = page.context["password"]
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", told)
    assert told in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert told not in text_of(keeper.get(reverse("person", args=[person.pk])))
    assert told not in str(dict(keeper.session))
    assert [e for e in audited(county) if told.encode() in bytes(e.content)] == []
    assert at_work.get("/").headers["Location"] == "/accounts/login/?next=%2F"

    old, new = Client(), Client()
    old.post("/accounts/login/", {"login": person.username, "password": f"pass-{person.username}"})
    assert "_auth_user_id" not in old.session
    new.post("/accounts/login/", {"login": person.username, "password": told})
    assert new.get("/").headers["Location"] == "/accounts/password/change/"
    own = "five-quiet-rivers-9"
    new.post("/accounts/password/change/", {"oldpassword": told, "password1": own, "password2": own})
    person.refresh_from_db()
    assert (person.must_change_password, person.check_password(own)) == (False, True)


def test_reloading_after_a_new_first_password_sets_no_other(county, keeper):
    person, other = county.person(Role.REGISTRAR), county.person(Role.MEDIATOR)
    here = reverse("person", args=[person.pk])
    answer = keeper.post(reverse("person_care", args=[person.pk, Care.SET_FIRST_PASSWORD]))
    # What stands in the browser afterwards was fetched, not posted: reloading does nothing.
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    set_to = state_of(person)
    told = keeper.get(here).context["password"]
    assert Person.objects.get(pk=person.pk).check_password(told)
    again = keeper.get(here)
    assert (again.context["password"], again.context["done"]) == (None, None)
    assert told not in text_of(again)
    assert state_of(person) == set_to
    # Whoever opens another person first does not see it there, nor afterwards.
    keeper.post(reverse("person_care", args=[person.pk, Care.SET_FIRST_PASSWORD]))
    assert keeper.get(reverse("person", args=[other.pk])).context["password"] is None
    assert keeper.get(here).context["password"] is None


def test_a_first_password_on_its_way_lies_sealed(county, keeper):
    person = county.person(Role.REGISTRAR)
    keeper.post(reverse("person_care", args=[person.pk, Care.SET_FIRST_PASSWORD]))
    waiting = str(dict(keeper.session))
    told = keeper.get(reverse("person", args=[person.pk])).context["password"]
    assert "told_once" in waiting
    assert told not in waiting


def test_a_locked_person_is_shown_and_let_in_again(county, keeper):
    person = county.person(Role.REGISTRAR)
    browser = Client()
    for _time in range(5):
        browser.post("/accounts/login/", {"login": person.username, "password": "guessed"})
    assert "已锁定" in text_of(keeper.get(reverse("people"), {"name": person.username}))
    care(keeper, person, Care.UNLOCK)
    assert "已锁定" not in text_of(keeper.get(reverse("people"), {"name": person.username}))
    browser.post("/accounts/login/", {"login": person.username, "password": f"pass-{person.username}"})
    assert "_auth_user_id" in browser.session


def state_of(person: Person) -> tuple:
    found = Person.objects.get(pk=person.pk)
    factors = Authenticator.objects.filter(user=person).count()
    return (found.password, found.is_active, found.session_epoch, found.must_change_password, factors)


@pytest.mark.parametrize("what", list(Care))
def test_nobody_does_it_to_themselves(county, keeper, what):
    oneself = county.person(Role.SECURITY_ADMINISTRATOR)
    Authenticator.objects.create(user=oneself, type=Authenticator.Type.TOTP, data={})
    before = state_of(oneself)
    page = care(keeper, oneself, what)
    assert page.status_code == 403
    assert "不能对自己的账号这样做" in text_of(page)
    assert page.context["acts"] == []
    assert state_of(oneself) == before
    assert refusals(county) == [(f"person.{what}", f"person:{oneself.pk}", "not_on_oneself")]


@pytest.mark.parametrize("what", list(Care))
def test_no_other_post_does_it(county, what):
    person = county.person(Role.MEDIATOR)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    before, expected = state_of(person), []
    for role in sorted(set(Role) - {Role.SECURITY_ADMINISTRATOR}):
        page = care(at_the_desk(county, role, place_of(Role(role))), person, what)
        assert page.status_code == 403
        assert state_of(person) == before
        expected.append((f"person.{what}", f"person:{person.pk}", "post_may_not_keep_people"))
    assert refusals(county) == expected


@pytest.mark.parametrize("what", list(Care))
def test_people_of_another_division_are_out_of_reach(county, keeper, what):
    for place in ("other", "city"):
        stranger = county.person(Role.REGISTRAR, place)
        Authenticator.objects.create(user=stranger, type=Authenticator.Type.TOTP, data={})
        before = state_of(stranger)
        page = care(keeper, stranger, what)
        assert page.status_code == 403
        assert stranger.name not in text_of(page)
        assert keeper.get(reverse("person", args=[stranger.pk])).status_code == 403
        assert state_of(stranger) == before
    assert {code for _verb, _subject, code in refusals(county)} == {"person_not_found"}


@pytest.mark.parametrize("what", list(Care))
def test_who_works_elsewhere_too_is_kept_from_above(county, keeper, what):
    person = county.person(Role.REGISTRAR)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    post = Post.objects.get(role=Role.REGISTRAR, centre=county.centres["city"])
    Stationing.objects.create(person=person, post=post, valid_from=small_county.SINCE)
    before = state_of(person)
    page = care(keeper, person, what)
    assert page.status_code == 403
    assert page.context["acts"] == []
    assert state_of(person) == before
    assert [code for _verb, _subject, code in refusals(county)] == ["posts_elsewhere_too"]
    # From above it can be done.
    if what is Care.DEACTIVATE:
        city = at_the_desk(county, Role.SECURITY_ADMINISTRATOR, "city")
        assert care(city, person, what).status_code == 200
        assert Person.objects.get(pk=person.pk).is_active is False


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (Care.REACTIVATE, "already_active"),
        (Care.RESET_SECOND_FACTOR, "no_second_factor"),
        (Care.UNLOCK, "not_locked"),
    ],
)
def test_what_there_is_no_need_for_is_refused(county, keeper, what, code):
    person = county.person(Role.REGISTRAR)
    before = state_of(person)
    page = care(keeper, person, what)
    assert page.status_code == 409
    assert state_of(person) == before
    assert refusals(county) == [(f"person.{what}", f"person:{person.pk}", code)]


def test_a_machine_gets_no_password(county, keeper):
    machine = county.person(Role.EXCHANGE)
    Person.objects.filter(pk=machine.pk).update(is_machine=True)
    before = state_of(machine)
    page = care(keeper, machine, Care.SET_FIRST_PASSWORD)
    assert page.status_code == 409
    assert state_of(machine) == before
    assert Care.SET_FIRST_PASSWORD not in [act["what"] for act in page.context["acts"]]


def test_what_is_offered_fits_the_person(county, keeper):
    person = county.person(Role.DIRECTOR)

    def offered() -> list[str]:
        return [act["what"] for act in keeper.get(reverse("person", args=[person.pk])).context["acts"]]

    assert offered() == [Care.SET_FIRST_PASSWORD, Care.DEACTIVATE]
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert offered() == [Care.SET_FIRST_PASSWORD, Care.RESET_SECOND_FACTOR, Care.REACTIVATE]


def test_an_act_that_there_is_not_is_not_there(county, keeper):
    person = county.person(Role.REGISTRAR)
    assert keeper.post(reverse("person_care", args=[person.pk, "promote"])).status_code == 404
    assert keeper.get(reverse("person_care", args=[person.pk, "deactivate"])).status_code == 405
    assert Person.objects.get(pk=person.pk).is_active is True


def test_thirty_people_cost_as_many_statements_as_one(county, keeper):
    one = statements(keeper, reverse("people") + "?name=county-registrar")
    assert len(keeper.get(reverse("people")).context["rows"]) == 30
    assert statements(keeper, reverse("people")) == one
