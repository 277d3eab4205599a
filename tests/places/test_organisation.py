"""An organisation taken in from a file: repeatable, and each wrong place of the file named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from fengqiao import simulate
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.places.domain.divisions import (
    SHIPPED_SINCE,
    SHIPPED_SOURCE,
    shipped_files,
    take_divisions,
)
from fengqiao.places.domain.organisation import OrganisationTaken, read_organisation, take_organisation
from fengqiao.places.models import (
    Centre,
    Department,
    DepartmentService,
    Division,
    Grid,
    Post,
    Residence,
    Stationing,
)

pytestmark = pytest.mark.django_db

DIVISIONS = """code,name
4407,江门市
440785,恩平市
440783,开平市
440785102,沙湖镇
440785102201,黄泥坑村
440785102202,那吉村
"""
COUNTY = """
[[department]]
division = "440700000000"
name = "江门市信访局"
kind = "petition"

[[department]]
division = "440785000000"
name = "恩平市人力资源和社会保障局"
short_name = "市人社局"
kind = "labour"
serves = ["440785000000", "440785102000"]

[[department]]
division = "440785000000"
name = "恩平市信访局"
kind = "petition"
upper = "江门市信访局"

[[centre]]
division = "440700000000"
name = "江门市综治中心"

[[centre]]
division = "440785000000"
name = "恩平市综治中心"
upper = "440700000000"
rotating = ["恩平市人力资源和社会保障局"]

[[centre]]
division = "440785102000"
name = "沙湖镇综治中心"
upper = "440785000000"

[[grids]]
below = "440785102000"
each = 2

[[person]]
login = "lin"
name = "林登记"
home = "恩平市信访局"
posts = [
  { role = "registrar", centre = "440785000000" },
  { role = "mediator", centre = "440785000000", from = 2026-01-01, until = 2026-12-31 },
]

[[person]]
login = "huang"
name = "黄承办"
posts = [{ role = "handler", department = "恩平市人力资源和社会保障局" }]

[[person]]
login = "auditor"
name = "区审计"
posts = [{ role = "auditor", division = "440785000000" }]

[[person]]
login = "platform"
name = "省平台"
machine = true
posts = [{ role = "exchange", centre = "440785000000" }]
"""


@pytest.fixture(autouse=True)
def divisions(tmp_path):
    path = tmp_path / "divisions.csv"
    path.write_text(DIVISIONS, encoding="utf-8")
    take_divisions([path], source="tests", since=date(2020, 1, 1))


@pytest.fixture
def take(tmp_path):
    def taking(text: str) -> OrganisationTaken:
        path: Path = tmp_path / "county.toml"
        path.write_text(text, encoding="utf-8")
        return take_organisation(read_organisation(path), password=lambda login: f"first-{login}")

    return taking


def sums() -> tuple[int, ...]:
    tables = (Centre, Department, DepartmentService, Residence, Grid, Person, Post, Stationing)
    return tuple(table.objects.count() for table in tables)


def wrong(take, text: str) -> dict[str, str]:
    """What the file is told about; whoever takes it in takes everything back."""
    before = sums()
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        take(text)
    assert sums() == before
    return {where: str(sentence) for where, sentence in refusal.value.errors.items()}


def test_a_county_from_a_file(take):
    taken = take(COUNTY)
    assert (taken.centres, taken.departments, taken.grids, taken.people, taken.posts, taken.ended) == (
        (3, 3, 4, 4, 5, 0)
    )
    assert taken.counties == {"440700", "440785"}
    # A machine signs in by other means and gets no password.
    assert taken.passwords == {"lin": "first-lin", "huang": "first-huang", "auditor": "first-auditor"}
    assert sums() == (3, 3, 4, 1, 4, 4, 5, 5)
    county = Centre.objects.get(division_id="440785000000")
    assert (county.level, county.upper.name) == ("county", "江门市综治中心")
    assert [(r.department.name, r.mode) for r in county.residences.all()] == [
        ("恩平市人力资源和社会保障局", "rotating")
    ]
    petition = Department.objects.get(name="恩平市信访局")
    assert (petition.upper.name, petition.short_name) == ("江门市信访局", "恩平市信访局")
    labour = Department.objects.get(name="恩平市人力资源和社会保障局")
    assert labour.short_name == "市人社局"
    assert sorted(labour.serves.values_list("code", flat=True)) == ["440785000000", "440785102000"]
    assert list(Grid.objects.values_list("code", "name")) == [
        ("440785102201001", "第1网格"),
        ("440785102201002", "第2网格"),
        ("440785102202001", "第1网格"),
        ("440785102202002", "第2网格"),
    ]


def test_who_holds_which_post_since_when(take):
    take(COUNTY)
    today = clock.today()
    held = Stationing.objects.order_by("person__username", "post__role").values_list(
        "person__username",
        "post__role",
        "post__centre__division_id",
        "post__department__name",
        "home_department__name",
        "valid_from",
        "valid_until",
    )
    assert list(held) == [
        ("auditor", "auditor", None, None, None, today, None),
        ("huang", "handler", None, "恩平市人力资源和社会保障局", None, today, None),
        ("lin", "mediator", "440785000000", None, "恩平市信访局", date(2026, 1, 1), date(2026, 12, 31)),
        ("lin", "registrar", "440785000000", None, "恩平市信访局", today, None),
        ("platform", "exchange", "440785000000", None, None, today, None),
    ]
    assert Person.objects.get(username="lin").check_password("first-lin")
    assert not Person.objects.get(username="platform").has_usable_password()


def test_a_second_time_makes_nothing_new(take):
    take(COUNTY)
    before = sums()
    taken = take(COUNTY)
    assert (taken.centres, taken.departments, taken.grids, taken.people, taken.posts, taken.ended) == (
        (0, 0, 0, 0, 0, 0)
    )
    assert taken.passwords == {}
    assert sums() == before
    assert Person.objects.get(username="lin").check_password("first-lin")


def test_changed_names_are_put_right_and_a_post_no_longer_listed_ends(take):
    take(COUNTY)
    changed = COUNTY.replace("林登记", "林调解").replace(
        '  { role = "registrar", centre = "440785000000" },\n', ""
    )
    taken = take(changed.replace("沙湖镇综治中心", "沙湖镇综治分中心"))
    assert (taken.people, taken.posts, taken.ended) == (0, 0, 1)
    assert Person.objects.get(username="lin").name == "林调解"
    assert Centre.objects.get(division_id="440785102000").name == "沙湖镇综治分中心"
    ended = Stationing.objects.get(person__username="lin", post__role=Role.REGISTRAR)
    assert ended.valid_until == clock.today() - timedelta(days=1)


def test_a_post_listed_again_is_held_again(take):
    take(COUNTY)
    take(COUNTY.replace('  { role = "registrar", centre = "440785000000" },\n', ""))
    taken = take(COUNTY)
    again = Stationing.objects.get(person__username="lin", post__role=Role.REGISTRAR)
    assert again.valid_until is None
    assert (taken.posts, taken.ended) == (0, 0)


WRONG = [
    ('[[department]]\ndivision = "440785000000"\nname = "某局"\nkind = "magic"', "department[0].kind"),
    ('[[department]]\ndivision = "440799000000"\nname = "某局"\nkind = "labour"', "department[0].division"),
    ('[[department]]\ndivision = "440785000000"\nkind = "labour"', "department[0].name"),
    (
        f'[[department]]\ndivision = "440785000000"\nname = "{"长" * 65}"\nkind = "labour"',
        "department[0].name",
    ),
    (
        f'[[department]]\ndivision = "440785000000"\nname = "某局"\nshort_name = "{"长" * 33}"\n'
        'kind = "labour"',
        "department[0].short_name",
    ),
    (
        '[[department]]\ndivision = "440785000000"\nname = "某局"\nkind = "labour"\nupper = "没有的局"',
        "department[0].upper",
    ),
    (
        '[[department]]\ndivision = "440785000000"\nname = "某局"\nkind = "labour"\nserves = ["4407"]',
        "department[0].serves[0]",
    ),
    ('[[centre]]\ndivision = "440785000000"\nname = "县"\nupper = "440700000000"', "centre[0].upper"),
    ('[[centre]]\ndivision = "440785000000"\nname = "县"\nrotating = ["没有"]', "centre[0].rotating[0]"),
    ('[[grids]]\nbelow = "440785102000"\neach = 100', "grids[0].each"),
    ('[[grids]]\nbelow = "440785102000"\neach = "2"', "grids[0].each"),
    ('[[person]]\nlogin = "li"\nname = "李"\nposts = [{ role = "king" }]', "person[0].posts[0].role"),
    (
        '[[person]]\nlogin = "li"\nname = "李"\nposts = [{ role = "registrar", centre = "440785000000" }]',
        "person[0].posts[0].centre",
    ),
    (
        '[[person]]\nlogin = "li"\nname = "李"\nposts = [{ role = "handler", department = "没有" }]',
        "person[0].posts[0].department",
    ),
    (
        '[[person]]\nlogin = "li"\nname = "李"\n'
        'posts = [{ role = "auditor", division = "440785000000", from = "2026-01-01" }]',
        "person[0].posts[0].from",
    ),
    ('[[person]]\nlogin = "li"\nname = "李"\nhome = "没有"', "person[0].home"),
    ('[[person]]\nname = "李"', "person[0].login"),
    ('[[person]]\nlogin = "li"\nname = "李"\n[[person]]\nlogin = "LI"\nname = "黎"', "person[1].login"),
    ('[[person]]\nlogin = "li"\nname = "李"\nsalary = 1', "person[0].salary"),
    (
        '[[person]]\nlogin = "li"\nname = "李"\nposts = [{ role = "auditor", colour = 1 }]',
        "person[0].posts[0].colour",
    ),
    ('[[secret]]\nname = "x"', "secret"),
    ('department = "x"', "department"),
    ("[[department", "county.toml"),
]


@pytest.mark.parametrize(
    ("text", "where"), WRONG, ids=[f"{n}-{where}" for n, (_t, where) in enumerate(WRONG)]
)
def test_each_wrong_place_is_named(take, text, where):
    assert list(wrong(take, text)) == [where]


def test_a_name_that_two_divisions_have_wants_its_division(take):
    two = "".join(
        f'[[department]]\ndivision = "{code}"\nname = "信访局"\nkind = "petition"\n'
        for code in ("440785000000", "440783000000")
    )
    person = '[[person]]\nlogin = "li"\nname = "李"\nhome = "{}"\n'
    assert list(wrong(take, two + person.format("信访局"))) == ["person[0].home"]
    take(two + person.format("440783000000/信访局"))
    assert Person.objects.get(username="li").name == "李"


def test_nothing_new_comes_to_stand_in_a_division_that_ended_and_what_stood_there_stays_listed(take):
    there = '[[department]]\ndivision = "440785102000"\nname = "镇政府"\nkind = "territory"\n'
    take(there)
    Division.objects.filter(pk="440785102000").update(valid_until=date(2026, 6, 30))
    before = sums()
    take(there)
    assert sums() == before
    new = there.replace("镇政府", "派出所")
    assert list(wrong(take, new)) == ["department[0].division"]
    centre = '[[centre]]\ndivision = "440785102000"\nname = "镇中心"\n'
    assert list(wrong(take, centre)) == ["centre[0].division"]


def test_the_resident_seven_must_be_complete(take):
    text = """
[[department]]
division = "440785000000"
name = "恩平市人民法院"
kind = "court"
[[centre]]
division = "440785000000"
name = "恩平市综治中心"
resident = ["恩平市人民法院"]
"""
    said = wrong(take, text)
    assert said == {"centre[0].resident": "常驻单位还缺：政法委、检察院、公安、司法行政、信访、人社。"}


def test_the_demo_countys_organisation_is_whole():
    """The file that the demo county is made from fits the divisions that come with the program."""
    take_divisions(shipped_files(), source=SHIPPED_SOURCE, since=SHIPPED_SINCE)
    path = Path(simulate.__file__).parent / "organisation" / "enping.toml"
    taken = take_organisation(read_organisation(path), password=lambda login: None)
    assert taken.centres == Centre.objects.count() > 3
    assert taken.passwords == {}
    roles = set(Post.objects.values_list("role", flat=True))
    assert roles >= {role.value for role in Role} - {Role.EXCHANGE}
