"""Lights on lists: colour, words, filter and order; what only reminds or is shown lights nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters.enums import Channel
from fengqiao.matters.queries.lights import Colour, light_of
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk, text_of

# 24:00 of Friday, 18 September 2026.
DUE = datetime(2026, 9, 18, 16, tzinfo=UTC)
HOURS = datetime(2026, 9, 18, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "colour", "words"),
    [
        (timedelta(days=10), Colour.GREEN, "还剩 9 天"),
        (timedelta(days=3), Colour.YELLOW, "还剩 2 天"),
        (timedelta(hours=1), Colour.YELLOW, "今天到期"),
        (timedelta(microseconds=1), Colour.YELLOW, "今天到期"),
        (timedelta(), Colour.RED, "超期 1 小时"),
        (-timedelta(hours=5), Colour.RED, "超期 5 小时"),
        (-timedelta(days=2, hours=23), Colour.RED, "超期 2 天"),
    ],
)
def test_a_light_is_a_function_of_now(before: timedelta, colour: Colour, words: str):
    shown = light_of(DUE - timedelta(days=3), DUE, DUE - before)
    assert shown is not None
    assert (shown.colour, shown.words) == (colour, words)


def test_a_limit_in_hours_is_told_in_hours():
    assert light_of(None, HOURS, HOURS - timedelta(hours=3)).words == "还剩 3 小时"
    assert light_of(None, HOURS, HOURS - timedelta(minutes=20)).words == "不到一小时"
    assert light_of(None, HOURS, HOURS - timedelta(hours=3)).colour == Colour.GREEN
    assert light_of(None, None, HOURS) is None


def titles(client, address: str) -> list[str]:
    return re.findall(r'class="t" data-open href="[^"]+">([^<]+)</a>', client.get(address).content.decode())


@pytest.mark.django_db
def test_the_ledger_shows_filters_and_orders_by_the_light(county: SmallCounty):
    now = clock.now()
    for title, ago in (("黄", 13), ("红", 30), ("绿", 0)):
        with clock.at(now - timedelta(days=ago)):
            registered(county, title=title, channel=Channel.PETITION)
    registered(county, title="无")
    client = at_the_desk(county, Role.REGISTRAR)
    assert titles(client, "/ledger/?order=due") == ["红", "黄", "绿"]
    for light, title in (("red", "红"), ("yellow", "黄"), ("green", "绿")):
        assert titles(client, f"/ledger/?light={light}") == [title]
    page = client.get("/ledger/?light=red")
    assert "超期" in text_of(page)
    assert 'class="light marked red"' in page.content.decode()
    # What is due first stands first at the desk; what has no limit, last.
    assert titles(client, "/") == ["红", "黄", "绿", "无"]


@pytest.mark.django_db
def test_pages_in_the_order_of_what_is_due_follow_without_gap_or_repeat(county: SmallCounty):
    now = clock.now()
    for number in range(33):
        with clock.at(now - timedelta(days=40 - number)):
            registered(county, title=f"第{number:02d}件", channel=Channel.PETITION)
    for number in range(33, 36):
        registered(county, title=f"第{number:02d}件")
    client = at_the_desk(county, Role.REGISTRAR)
    for address, wanted in (("/ledger/?order=due", 33), ("/", 36)):
        first = client.get(address).content.decode()
        way = re.search(r'href="([^"]*cursor=[^"]+)" rel="next"', first)
        assert way
        following = way[1].replace("&amp;", "&")
        assert titles(client, address) + titles(client, following) == [f"第{n:02d}件" for n in range(wanted)]
