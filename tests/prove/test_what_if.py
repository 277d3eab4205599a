"""The demo county's quarter under a draft that sends labour matters to another department, from draft to follow-up."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.config import demo_county
from fengqiao.dispatch.domain import dispatching
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter, Ruling
from fengqiao.matters.queries.ruled import facts_of_many
from fengqiao.places.models import Department, Stationing
from fengqiao.places.queries.acting import exchange_of
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped
from fengqiao.simulate import county as played
from tests.matters.ground import act
from tests.rules.drafts import APPROVER, submitted, with_row
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk, text_of

pytestmark = [pytest.mark.prove, pytest.mark.siege]

PER_DAY = 0.4
TRACK = TableKind.TRACK


@pytest.fixture
def quarter(committed_db: None) -> SmallCounty:
    """The demo's ninety days up to yesterday, with few matters a day; who works at its county's centre, by name."""
    played.take_in()
    until = clock.today() - timedelta(days=1)
    first = until - timedelta(days=demo_county.DAYS - 1)
    played.play(played.Plan(demo_county.SEED, first, until, PER_DAY))
    made = SmallCounty()
    for login in ("registrar", "dispatcher", "director"):
        each = Stationing.objects.select_related("post").filter(person__username=login).earliest("id")
        made.stationings[(each.post.role, "county")] = each
    for body in Department.objects.filter(division_id=f"{played.COUNTY}000000"):
        made.departments.setdefault(body.kind, body)
    return made


def to_housing(rows: list[Any]) -> list[Any]:
    return with_row(rows, "T21", then={"track": "departmental", "departments": "housing"})


def opened(desk: Any, address: str) -> tuple[str, dict[str, str]]:
    """What a page says, and its numbers by where they open."""
    page = desk.get(address)
    assert page.status_code == 200
    found = re.findall(
        r'href="(/rules/replays/[^"]+/matters[^"]*)"[^>]*>(.*?)</a>', page.content.decode(), re.S
    )
    return text_of(page), {
        unescape(href): re.search(r"\d+", re.sub(r"<[^>]+>", " ", said)).group()  # type: ignore[union-attr]
        for href, said in found
    }


def test_labour_matters_of_the_quarter_go_elsewhere_once_a_second_person_has_approved(quarter: SmallCounty):
    until = clock.today() - timedelta(days=1)
    with clock.at(clock.now() - timedelta(days=1)):
        yesterdays = brought_to(quarter, State.HANDLING, grid="")
    draft = submitted(quarter, TRACK, to_housing)
    first = until - timedelta(days=demo_county.DAYS - 1)
    # The command sees with the county's exchange post: what is restricted is not replayed by it. What lies long before
    # the quarter stands in the archive.
    with scope(exchange_of(played.COUNTY)) as exchange:
        seen = list(
            Matter.objects.visible_to(exchange).filter(county=played.COUNTY, registered_at__date__gte=first)
        )
        facts = facts_of_many(exchange, seen)
        labour = {m.pk for m in seen if getattr(shipped(TRACK).ask(facts[m.pk]).row, "id", "") == "T21"}
    with scope(quarter.actor(Role.DIRECTOR)):
        before = list(Matter.objects.order_by("pk").values())
    assert yesterdays.pk in labour

    out = StringIO()
    days = ["--from", str(first), "--to", str(until)]
    asked = ["rules", "replay", "--table", TRACK.value, "--draft", "1", *days]
    call_command(*asked, "--county", played.COUNTY, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["matters"], told["moved"]) == (len(seen), len(labour))
    with scope(quarter.actor(Role.DIRECTOR)):
        assert list(Matter.objects.order_by("pk").values()) == before

    desk = at_the_desk(quarter, APPROVER)
    said, numbers = opened(desk, reverse("rule_replay", args=[told["replay"]]))
    assert "行业部门 · 住建" in said
    assert len(numbers) >= 5
    for address, number in numbers.items():
        page = desk.get(address)
        assert page.context["total"] == int(number), address
    moved = next(address for address in numbers if address.endswith("matters?moved=1"))
    assert {each["matter"].pk for each in desk.get(moved).context["rows"]} == labour

    form = {"version": draft.version, "effective_from": clock.today().isoformat()}
    assert desk.post(reverse("rule_act", args=[draft.pk, "approve"]), form).status_code == 302
    todays = brought_to(quarter, State.DISPATCHING, title="另一家厂也拖欠工资", grid="")
    housing = quarter.department("housing").id
    act(quarter, Role.DISPATCHER, dispatching.dispatch, todays, lead=housing, message="请依法处理并答复")
    with scope(quarter.actor(Role.DIRECTOR)):
        ruled = Ruling.objects.filter(action="dispatch", matter__in=[yesterdays, todays])
        assert set(ruled.values_list("matter_id", "table_version", "row", "proposed", "overridden")) == {
            (yesterdays.pk, shipped(TRACK).version, "T21", "labour", False),
            (todays.pk, "1", "T21", "housing", False),
        }
    history = text_of(desk.get(reverse("matter", args=[yesterdays.code])))
    assert "同规则 T21" in history
    assert "第 1 版" not in history
