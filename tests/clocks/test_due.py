"""What is late and whose, and the calendar of what falls due: each number opens into its rows, nothing is by person."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.enums import FactKind, OwedBy, Whose
from fengqiao.clocks.models import Clock
from fengqiao.clocks.policies import whose_offered
from fengqiao.clocks.queries import due
from fengqiao.clocks.queries.due import DueFilter, OfDay
from fengqiao.clocks.queries.telling import Shown
from fengqiao.dispatch.domain import handling
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain import sight
from fengqiao.matters.enums import Channel
from fengqiao.matters.models import Matter
from fengqiao.places.models import Centre
from tests.clocks.test_keeping import given_to, routed
from tests.matters.ground import act
from tests.small_county import SmallCounty, assignments, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
# Thursday. What came by petition has fifteen days to be sent on, and the last three working days are yellow.
BEGAN = datetime(2026, 9, 3, 4, tzinfo=UTC)
LAST_DAY = date(2026, 9, 18)
LATE = datetime(2026, 9, 21, 1, tzinfo=UTC)
NEARLY = datetime(2026, 9, 17, 1, tzinfo=UTC)


def petition(county: SmallCounty, place: str = "county", **changes) -> Matter:
    """Registered and acknowledged in writing: that it be sent on is all that is owed."""
    with clock.at(BEGAN):
        matter = registered(county, place, channel=Channel.PETITION, **changes)
        said(county, matter, FactKind.ACKNOWLEDGED, place=place)
    return matter


def said(county: SmallCounty, matter: Matter, *kinds: FactKind, place: str = "county") -> None:
    """What an officer of the window writes down of a matter."""
    actor = county.actor(Role.REGISTRAR, place)
    with scope(actor):
        for kind in kinds:
            new_fact(matter, actor, kind, BEGAN).save()
        keeping.recompute([matter.pk])


def handed(county: SmallCounty, **changes) -> Matter:
    """Sent to the labour bureau, which has five working days to say that it is not theirs."""
    matter = petition(county, **changes)
    with clock.at(BEGAN):
        routed(county, matter)
        given_to(county, matter)
    return matter


def titles(client: Client, address: str) -> list[str]:
    found = re.findall(r'class="t" data-open href="[^"]+">([^<]+)</a>', client.get(address).content.decode())
    return sorted(set(found))


def owing(county: SmallCounty, role: Role = Role.DIRECTOR, place: str = "county", whose: Whose = Whose.ALL):
    actor = county.actor(role, place)
    with scope(actor):
        return {each.name: (each.red, each.yellow) for each in due.by_who_owes(actor, whose)}


def test_what_is_late_stands_under_who_owes_it(county: SmallCounty):
    petition(county, title="没有转送")
    handed(county, title="没有报到")
    with clock.at(LATE):
        assert owing(county) == {"恩平市综治中心": (1, 0), "市人社": (1, 0)}
    with clock.at(NEARLY):
        assert owing(county) == {"市人社": (1, 0), "恩平市综治中心": (0, 1)}
    with clock.at(BEGAN):
        assert owing(county) == {}


def test_a_party_and_a_court_are_late_for_nobody(county: SmallCounty):
    matter = petition(county)
    with clock.at(BEGAN):
        said(county, matter, FactKind.OPINION_SERVED, FactKind.COURT_DOCKETED)
    with clock.at(BEGAN + timedelta(days=400)):
        assert owing(county) == {"恩平市综治中心": (1, 0)}


def test_whoever_mediates_is_named_with_the_centre_in_the_rows_too():
    mediating = Clock(owed_by=OwedBy.MEDIATION, centre=Centre(name="恩平市综治中心"))
    assert Shown(clock=mediating, limit=None, light=None).owes == "恩平市综治中心 · 调解组织"


def test_each_number_opens_into_its_rows(county: SmallCounty):
    petition(county, title="没有转送")
    handed(county, title="没有报到")
    director = at_the_desk(county, Role.DIRECTOR)
    with clock.at(LATE):
        page = director.get("/late/")
        assert "没有转送" in text_of(page) and "没有报到" in text_of(page)
        assert "信访 · 登记后转送/交办/报请" in text_of(page)
        assert "信访工作条例(2022) 第22条" in text_of(page)
        assert "2026-09-18 24:00" in text_of(page) and "超期 2 天" in text_of(page)
        ways = dict(
            re.findall(
                r'<a class="t" href="([^"]+)">([^<]+)</a>', page.content.decode().replace("&amp;", "&")
            )
        )
        opened = {name: titles(director, way.removesuffix("#rows")) for way, name in ways.items()}
        assert opened == {"恩平市综治中心": ["没有转送"], "市人社": ["没有报到"]}
        assert titles(director, "/late/?light=red") == ["没有报到", "没有转送"]
        assert titles(director, "/late/?light=yellow") == []
        # What an address makes up asks for nothing else.
        assert titles(director, "/late/?department=x&by=y&whose=z&light=blue") == ["没有报到", "没有转送"]


def test_a_department_is_told_of_itself_alone(county: SmallCounty):
    handed(county, title="没有报到")
    petition(county, title="没有转送")
    with clock.at(LATE):
        page = at_the_desk(county, Role.HANDLER, "labour").get("/late/")
        assert "没有报到" in text_of(page) and "没有转送" not in text_of(page)
        assert owing(county, Role.HANDLER, "labour", Whose.MINE) == {"市人社": (1, 0)}
        # The whole is the centre's: asked for, nothing comes.
        assert owing(county, Role.HANDLER, "labour", Whose.ALL) == {}
        assert owing(county, Role.HANDLER, "housing", Whose.MINE) == {}


def test_centre_and_county_are_two_questions(county: SmallCounty):
    petition(county, title="县里的", division="440785001001", grid="")
    petition(county, "town", title="镇里的", division="440785102201", grid="")
    with clock.at(LATE):
        director = at_the_desk(county, Role.DIRECTOR)
        assert titles(director, "/late/") == ["县里的"]
        assert titles(director, "/late/?whose=all") == ["县里的", "镇里的"]
        assert titles(at_the_desk(county, Role.DIRECTOR, "town"), "/late/?whose=all") == ["镇里的"]
        assert titles(at_the_desk(county, Role.SUPERVISOR), "/late/") == ["县里的", "镇里的"]
        assert owing(county, Role.DIRECTOR, "other") == {}


def test_who_may_not_ask_is_refused(county: SmallCounty):
    asks = LEADERS | {Role.SUPERVISOR, Role.HANDLER, Role.EXCHANGE}
    for role in Role:
        place = "labour" if role is Role.HANDLER else "county"
        desk = at_the_desk(county, role, place)
        assert desk.get("/late/").status_code == (200 if role in asks else 403), role
        may = bool(whose_offered(county.actor(role, place)))
        assert desk.get("/due/").status_code == (200 if may else 403), role


def test_a_sealed_matter_leaves_the_numbers(county: SmallCounty):
    matter = petition(county)
    act(county, Role.DIRECTOR, sight.seal, matter, basis="治安管理处罚法第一百三十六条")
    with clock.at(LATE):
        assert owing(county) == {}


def test_what_was_done_is_late_no_more(county: SmallCounty):
    matter = handed(county)
    lead = assignments(county, matter)[0]
    with clock.at(BEGAN + timedelta(days=1)):
        act(county, (Role.HANDLER, "labour"), handling.check_in, assignment_id=lead.id)
    with clock.at(LATE):
        assert owing(county) == {}


def test_the_calendar_has_a_number_a_day_and_marks_days_off(county: SmallCounty):
    petition(county, title="没有转送")
    officer = at_the_desk(county, Role.DISPATCHER)
    director = at_the_desk(county, Role.DIRECTOR)
    with clock.at(NEARLY):
        page = director.get("/due/?day=2026-09-01")
        text = page.content.decode()
        assert "9月18日到期 1 个" in text_of(page)
        assert "1 个时限" in text_of(page)
        # The Mid-Autumn Festival of 2026 is a holiday.
        assert 'class="holiday is-free" title="2026-09-25' in text
        assert titles(director, "/due/?on=2026-09-18") == ["没有转送"]
        assert titles(director, "/due/?on=2026-09-17") == []
        assert titles(director, "/due/?view=week&day=2026-09-16") == ["没有转送"]
        assert titles(director, "/due/?view=week&day=2026-09-23") == []
        # The dispatcher sends nothing on before somebody has routed it: it waits for the windows.
        assert titles(officer, "/due/?on=2026-09-18") == []
        assert titles(at_the_desk(county, Role.REGISTRAR), "/due/?on=2026-09-18") == ["没有转送"]


def test_the_calendar_says_which_year_has_no_notice(county: SmallCounty):
    director = at_the_desk(county, Role.DIRECTOR)
    with clock.at(BEGAN):
        assert "2031年的放假通知还没有录入" in text_of(director.get("/due/?day=2031-05-01"))
        for made_up in ("day=x", "day=0001-01-01", "on=9999-12-31", "view=year", "cursor=x&on=2026-09-18"):
            assert director.get(f"/due/?{made_up}").status_code == 200


def test_days_are_counted_by_the_last_day_of_each_limit(county: SmallCounty):
    petition(county)
    handed(county)
    actor = county.actor(Role.DIRECTOR)
    with clock.at(LATE), scope(actor):
        found = due.by_day(actor, DueFilter(Whose.ALL, first=date(2026, 9, 1), last=date(2026, 9, 30)))
        # Five working days from the third of September, and fifteen days.
        assert found == {date(2026, 9, 10): OfDay(1, 1), LAST_DAY: OfDay(1, 1)}
        for day, of in found.items():
            rows = due.page(actor, DueFilter(Whose.ALL, first=day, last=day)).rows
            assert len(rows) == of.number


def test_pages_follow_without_gap_or_repeat_and_a_cursor_fits_one_question(county: SmallCounty):
    for number in range(5):
        petition(county, title=f"第{number}件")
    actor = county.actor(Role.DIRECTOR)
    wanted = DueFilter(Whose.ALL, pressing=True)
    with clock.at(LATE), scope(actor):
        seen, cursor = [], ""
        while True:
            page = due.page(actor, wanted, cursor=cursor, size=2)
            seen += [each.clock.matter.title for each in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
        assert sorted(seen) == [f"第{n}件" for n in range(5)]
        foreign = due.page(actor, wanted, size=2).next_cursor
        other = DueFilter(Whose.CENTRE, pressing=True)
        assert due.page(actor, other, cursor=foreign).is_first
        with pytest.raises(Invalid):
            due.page(actor, other, cursor=foreign, strict=True)


def test_what_it_costs(county: SmallCounty, django_assert_num_queries):
    handed(county)
    for number in range(3):
        petition(county, title=f"第{number}件")
    actor = county.actor(Role.DIRECTOR)
    with clock.at(LATE), scope(actor):
        with django_assert_num_queries(1):
            due.by_who_owes(actor, Whose.ALL)
        with django_assert_num_queries(1):
            rows = due.page(actor, DueFilter(Whose.ALL, pressing=True)).rows
            assert [each.owes for each in rows].count("恩平市综治中心") == 3
            assert {each.clock.matter.get_state_display() for each in rows}
        with django_assert_num_queries(1):
            due.by_day(actor, DueFilter(Whose.CENTRE, first=LAST_DAY, last=LAST_DAY))


def test_english_pages(county: SmallCounty):
    petition(county)
    director = at_the_desk(county, Role.DIRECTOR)
    director.cookies["django_language"] = "en"
    with clock.at(LATE):
        assert "Late and nearly late" in text_of(director.get("/late/"))
        assert "Due calendar" in text_of(director.get("/due/?on=2026-09-18"))
