"""The ledger: filters, stable pages, and party look-up that leaves no number in an address."""

import re

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.matters.enums import Channel, State
from fengqiao.matters.intake import NewParty
from tests.small_county import RESIDENT_IDS, SmallCounty, brought_to, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def titles(response) -> list[str]:
    return re.findall(r'<a class="t" data-open[^>]*>([^<]+)</a>', response.content.decode())


def test_newest_first_and_only_what_one_may_see(county: SmallCounty):
    registered(county, title="甲")
    registered(county, title="乙")
    registered(county, "other", title="别县的", division="440783000000", grid="")
    assert titles(at_the_desk(county, Role.SUPERVISOR).get("/ledger/")) == ["乙", "甲"]
    assert titles(at_the_desk(county, Role.SUPERVISOR, "other").get("/ledger/")) == ["别县的"]
    assert titles(at_the_desk(county, Role.SUPERVISOR, "city").get("/ledger/")) == ["别县的", "乙", "甲"]
    assert titles(at_the_desk(county, Role.HANDLER, "labour").get("/ledger/")) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["群体", "来电", "普通"]),
        ({"channel": "phone"}, ["来电"]),
        ({"step": "assess"}, ["群体"]),
        ({"state": "registered"}, ["来电", "普通"]),
        ({"category": "07"}, ["群体", "普通"]),
        ({"category": "0101"}, ["来电"]),
        ({"division": "440785102000"}, ["群体", "普通"]),
        ({"division": "440785001000"}, ["来电"]),
        ({"flag": "incomplete"}, ["来电"]),
        ({"registered_from": "2099-01-01"}, []),
        ({"registered_until": "2020-01-01"}, []),
        ({"q": "陶瓷"}, ["群体", "普通"]),
        ({"q": "查无此事"}, []),
        ({"channel": "phone", "step": "assess"}, []),
    ],
)
def test_filters(county: SmallCounty, asked: dict[str, str], found: list[str]):
    words = "陶瓷厂的事"
    registered(county, title="普通", account=words)
    registered(
        county,
        title="来电",
        channel=Channel.PHONE,
        category="0101",
        account="",
        division="440785001001",
        grid="",
    )
    brought_to(county, State.ASSESSING, title="群体", account=words)
    assert titles(at_the_desk(county, Role.DISPATCHER).get("/ledger/", asked)) == found


def test_a_filter_that_is_not_offered_is_said_and_does_not_narrow(county: SmallCounty):
    registered(county, title="甲")
    response = at_the_desk(county, Role.DISPATCHER).get("/ledger/", {"step": "nonsense"})
    assert response.status_code == 200
    assert titles(response) == ["甲"]


def test_a_party_is_found_by_the_whole_number_and_the_number_stands_in_no_address(county: SmallCounty):
    registered(county, title="有他")
    registered(county, title="没有他", parties=(NewParty(name="别人", phones=("13900000009",)),))
    client = at_the_desk(county, Role.DISPATCHER)
    for number in (RESIDENT_IDS[0], "138 0000 0001", "+86-13800000001"):
        response = client.post("/ledger/party", {"party": number})
        assert (response.status_code, titles(response)) == (200, ["有他"])
    assert titles(client.post("/ledger/party", {"party": "1380000000"})) == []
    found = client.post("/ledger/find", {"q": "13800000001"})
    assert (found.status_code, titles(found)) == (200, ["有他"])
    assert not re.search(r'href="[^"]*13800000001', found.content.decode())


def test_the_search_of_every_page_opens_a_code_and_lists_words(county: SmallCounty):
    matter = registered(county)
    client = at_the_desk(county, Role.DISPATCHER)
    assert client.post("/ledger/find", {"q": matter.code}).headers["Location"] == f"/matters/{matter.code}/"
    assert client.post("/ledger/find", {"q": "工资"}).headers["Location"] == "/ledger/?q=%E5%B7%A5%E8%B5%84"
    # A matter of another county is not told of, not even by its code.
    other = at_the_desk(county, Role.DISPATCHER, "other")
    assert other.post("/ledger/find", {"q": matter.code}).headers["Location"] == f"/ledger/?q={matter.code}"


def test_pages_follow_without_gap_or_repeat_while_new_ones_come(county: SmallCounty):
    for n in range(32):
        registered(county, title=f"第{n:02d}件")
    client = at_the_desk(county, Role.DISPATCHER)
    first = client.get("/ledger/")
    way = re.search(r'href="(/ledger/\?cursor=[^"]+)" rel="next"', first.content.decode())
    assert way
    registered(county, title="新来的")
    second = client.get(way[1])
    assert titles(first) + titles(second) == [f"第{n:02d}件" for n in reversed(range(32))]
    changed = way[1].replace("cursor=", "channel=visit&cursor=")
    assert titles(client.get(changed))[0] == "新来的"


def test_the_count_is_capped_and_says_so(county: SmallCounty, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fengqiao.matters.queries.ledger.MOST_COUNTED", 3)
    for _ in range(3):
        registered(county)
    client = at_the_desk(county, Role.DISPATCHER)
    assert "台账 3 件" in text_of(client.get("/ledger/"))
    registered(county)
    assert "台账 3+ 件" in text_of(client.get("/ledger/"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_statements_of_a_page_do_not_grow_with_the_rows(
    county: SmallCounty, rows: int, django_assert_num_queries
):
    for _ in range(rows):
        registered(county)
    client = at_the_desk(county, Role.DISPATCHER)
    with django_assert_num_queries(STATEMENTS):
        assert len(titles(client.get("/ledger/"))) == rows


STATEMENTS = 11


def test_the_filters_are_fetched_when_they_are_opened(county: SmallCounty, django_assert_num_queries):
    client = at_the_desk(county, Role.DISPATCHER)
    closed = client.get("/ledger/?channel=phone")
    assert b"<select" not in closed.content
    assert b'hx-get="/ledger/filters?channel=phone"' in closed.content
    with django_assert_num_queries(10):
        opened = client.get("/ledger/filters?channel=phone")
    assert opened.content.count(b"<select") == 14
    assert b'<option value="phone" selected>' in opened.content
    # Without a script the same filters stand on a page of their own.
    whole = client.get("/ledger/?channel=phone&filters=open")
    assert whole.content.count(b"<select") == 14
    assert titles(whole) == titles(closed)


def test_words_are_searched_once_for_page_and_number(county: SmallCounty, django_assert_num_queries):
    registered(county, title="陶瓷厂")
    client = at_the_desk(county, Role.DISPATCHER)
    with django_assert_num_queries(STATEMENTS + 2):
        assert titles(client.get("/ledger/?q=陶瓷")) == ["陶瓷厂"]


def test_filters_with_an_error_are_open_beside_it(county: SmallCounty):
    client = at_the_desk(county, Role.DISPATCHER)
    answer = client.get("/ledger/?registered_from=2026-02-01&registered_until=2026-01-01")
    assert "结束日期早于开始日期。" in text_of(answer)
    assert answer.content.count(b"<select") == 14


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR])
def test_no_administrator_opens_the_ledger(county: SmallCounty, role: Role):
    matter = registered(county)
    client = at_the_desk(county, role)
    for response in (
        client.get("/ledger/"),
        client.post("/ledger/find", {"q": matter.code}),
        client.post("/ledger/party", {"party": RESIDENT_IDS[0]}),
        client.get(f"/matters/{matter.code}/"),
    ):
        assert response.status_code == 403
        assert matter.title not in response.content.decode()


def test_the_end_of_a_code_is_what_people_say_of_it(county: SmallCounty):
    matter = registered(county, title="第一件")
    client = at_the_desk(county, Role.DISPATCHER)
    number = matter.code.rpartition("-")[2]
    for said in (number, number.lstrip("0")):
        found = client.post("/ledger/find", {"q": said}, follow=True)
        assert titles(found) == ["第一件"]
