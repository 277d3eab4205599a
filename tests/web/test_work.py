"""My work: what waits for whom, and that every number opens into its rows."""

import re

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import handling
from fengqiao.matters.domain import alarming
from fengqiao.matters.enums import Danger, State
from tests.small_county import SmallCounty, assignments, brought_to, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def titles(response) -> list[str]:
    return re.findall(r'<a class="t" data-open[^>]*>([^<]+)</a>', response.content.decode())


def numbers(response) -> dict[str, tuple[int, str]]:
    """Label → (number, address) of the row of numbers."""
    found = re.findall(
        r'<a href="([^"]+)"[^>]*><b>(\d+)</b><span>([^<]+)</span></a>', response.content.decode()
    )
    return {label: (int(value), href.replace("&amp;", "&")) for href, value, label in found}


def test_an_empty_desk_says_what_would_fill_it(county: SmallCounty):
    read = text_of(at_the_desk(county, Role.DISPATCHER).get("/"))
    assert "0 件等您处理" in read
    assert "没有等您处理的事项" in read


def test_each_post_sees_what_waits_for_it(county: SmallCounty):
    for state in (State.ACCEPTED, State.ASSESSING, State.SETTLED):
        brought_to(county, state, title=f"等着：{state}")
    assert titles(at_the_desk(county, Role.REGISTRAR).get("/")) == ["等着：accepted", "等着：settled"]
    assert titles(at_the_desk(county, Role.DISPATCHER).get("/")) == ["等着：assessing"]
    assert titles(at_the_desk(county, Role.MEDIATOR).get("/")) == []
    assert titles(at_the_desk(county, Role.REGISTRAR, "other").get("/")) == []


def test_every_number_opens_into_its_rows(county: SmallCounty):
    for state, times in ((State.ASSESSING, 3), (State.ROUTING, 2), (State.VISITED, 1)):
        for _ in range(times):
            brought_to(county, state)
    client = at_the_desk(county, Role.DISPATCHER)
    shown = numbers(client.get("/"))
    assert {label: value for label, (value, _) in shown.items()} == {
        "待研判": 3,
        "待分类": 2,
        "待交办": 0,
        "待评价": 1,
        "待结案": 0,
    }
    for value, href in shown.values():
        assert len(titles(client.get(href.split("#")[0]))) == value


def test_danger_comes_first(county: SmallCounty):
    brought_to(county, State.ASSESSING, title="先来的")
    second = brought_to(county, State.ASSESSING, title="要出事的")
    registrar = county.actor(Role.REGISTRAR)
    with scope(registrar):
        alarming.danger(actor=registrar, matter_id=second.pk, kind=Danger.VIOLENCE, summary="已经拿了铁锹")
    assert titles(at_the_desk(county, Role.DISPATCHER).get("/")) == ["要出事的", "先来的"]


def test_a_department_checks_in_from_its_desk_and_then_writes(county: SmallCounty):
    matter = brought_to(county, State.HANDLING)
    client = at_the_desk(county, Role.HANDLER, "labour")
    assert "报到" in text_of(client.get("/"))
    part = assignments(county, matter)[0]
    client.post(f"/matters/{matter.code}/act/check_in:{part.pk}")
    assert "写办理结果" in text_of(client.get("/"))
    assert titles(at_the_desk(county, Role.HANDLER, "police").get("/")) == []


def test_returns_and_extensions_wait_at_the_centre_that_holds(county: SmallCounty):
    matter = brought_to(county, State.HANDLING, title="不归我们管")
    part = assignments(county, matter)[0]
    handler = county.actor(Role.HANDLER, "labour")
    with scope(handler):
        handling.ask_return(actor=handler, assignment_id=part.pk, reason="不属本单位职责", basis="职责清单")
    assert titles(at_the_desk(county, Role.DISPATCHER).get("/")) == ["不归我们管"]
    assert numbers(at_the_desk(county, Role.DIRECTOR).get("/"))["退回待裁定"] == (1, "#returns")
    assert titles(at_the_desk(county, Role.DISPATCHER, "other").get("/")) == []


def test_pages_follow_without_gap_or_repeat(county: SmallCounty):
    client = at_the_desk(county, Role.REGISTRAR)
    for n in range(33):
        registered(county, title=f"第{n:02d}件")
    first = client.get("/")
    way = re.search(r'href="(/\?cursor=[^"]+)" rel="next"', first.content.decode())
    assert way
    second = client.get(way[1])
    assert titles(first) + titles(second) == [f"第{n:02d}件" for n in range(33)]
    # Another post's cursor begins anew.
    assert titles(at_the_desk(county, Role.PETITION_OFFICER).get(way[1]))[0] == "第00件"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_statements_of_the_desk_do_not_grow_with_the_rows(
    county: SmallCounty, rows: int, django_assert_num_queries
):
    for _ in range(rows):
        registered(county)
    client = at_the_desk(county, Role.REGISTRAR)
    with django_assert_num_queries(STATEMENTS):
        assert len(titles(client.get("/"))) == rows


STATEMENTS = 15


def test_posts_without_a_turn_go_where_their_work_is(county: SmallCounty):
    def home(role: Role) -> str:
        client: Client = at_the_desk(county, role)
        return client.get("/").headers.get("Location", "")

    assert [home(r) for r in (Role.SUPERVISOR, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR)] == [
        "/ledger/",
        "/administration/audit/",
        "/administration/places/",
    ]
