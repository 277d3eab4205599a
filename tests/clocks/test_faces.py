"""A matter's clocks on its page, and each explained: basis, start, days that did not count, what moved it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import translation

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Clock
from fengqiao.kernel import clock
from fengqiao.matters.enums import Channel
from fengqiao.matters.models import Matter
from tests.matters.ground import EVERYWHERE
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
# Friday before National Day: the limit runs across the holiday.
START = datetime(2026, 9, 25, 1, tzinfo=UTC)


def petition(county: SmallCounty) -> Matter:
    with clock.at(START):
        return registered(county, channel=Channel.PETITION)


def transfer_of(matter: Matter) -> Clock:
    with scope(EVERYWHERE):
        return Clock.objects.get(matter_id=matter.pk, limit="petition.transfer")


def test_the_page_shows_each_clock_with_who_owes_and_until_when(county: SmallCounty):
    matter = petition(county)
    page = text_of(at_the_desk(county, Role.REGISTRAR).get(f"/matters/{matter.code}/"))
    assert "信访 · 登记后转送/交办/报请" in page
    assert "恩平市综治中心" in page
    # The fifteenth day is a Saturday that is worked: nothing rolls over it.
    assert "2026-10-10 24:00 届满" in page
    plain = f"/matters/{registered(county).code}/"
    assert "现在没有时限在走。" in text_of(at_the_desk(county, Role.REGISTRAR).get(plain))
    # Whoever neither has a limit to see nor a fact to write down is not shown an empty section.
    assert 'id="clocks"' not in at_the_desk(county, Role.DUTY_COMMANDER).get(plain).content.decode()


def test_a_clock_is_explained_from_its_statute_to_its_last_day(county: SmallCounty):
    matter = petition(county)
    actor = county.actor(Role.DISPATCHER)
    with scope(actor):
        for kind, days in ((FactKind.PAUSED, 3), (FactKind.RESUMED, 5)):
            new_fact(
                matter,
                actor,
                kind,
                START + timedelta(days=days),
                limit="petition.transfer",
                ground="等待鉴定" if kind == FactKind.PAUSED else "",
            ).save()
        keeping.recompute([matter.pk])
    way = f"/matters/{matter.code}/clocks/{transfer_of(matter).pk}"
    client = at_the_desk(county, Role.REGISTRAR)
    told = text_of(client.get(way))
    for words in (
        "信访工作条例(2022) 第22条",
        "2026-09-25 开始，当日不计入。",
        "中止（等待鉴定）",
        "24:00 届满。",
    ):
        assert words in told
    assert f"{actor.name} 记录" in told
    # In the section only the explanation is fetched.
    part = client.get(way, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "第22条" in part
    with translation.override("en"):
        client.cookies["django_language"] = "en"
        assert "that day does not count" in client.get(way).content.decode()


def test_only_who_sees_the_matter_is_told_of_its_clocks(county: SmallCounty):
    matter = petition(county)
    way = f"/matters/{matter.code}/clocks/{transfer_of(matter).pk}"
    assert at_the_desk(county, Role.REGISTRAR, "other").get(way).status_code == 403
    nothing = f"/matters/{matter.code}/clocks/{UUID(int=0)}"
    assert at_the_desk(county, Role.REGISTRAR).get(nothing).status_code == 403
