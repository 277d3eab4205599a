"""通知: the bell with the unread number, the inbox, and where a notice leads."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain.handling import ask_return
from fengqiao.notices.enums import Kind
from fengqiao.notices.models import Notice
from fengqiao.places.models import Post, Stationing
from tests.dispatch.hands import LABOUR, NOT_OURS, dispatched, part_of
from tests.dispatch.test_whistling import blown
from tests.matters.ground import act
from tests.notices.inbox import inbox
from tests.notices.test_telling import told
from tests.small_county import SINCE, SmallCounty, build
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
BELL = re.compile(r'id="bell".*?</a>', re.S)


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def bell(page) -> str:
    """The number on the bell; empty without one."""
    found = BELL.search(page.content.decode())
    assert found
    number = re.search(r'class="n">([^<]+)<', found[0])
    return number[1] if number else ""


def test_the_bell_counts_and_a_notice_leads_to_its_matter(county: SmallCounty):
    matter = dispatched(county)
    blown(county)
    browser = at_the_desk(county, *LABOUR)
    assert bell(browser.get("/")) == "2"
    page = browser.get("/notices/")
    shown = text_of(page)
    assert matter.code in shown and matter.title in shown
    assert shown.index("中心吹哨，请马上应哨") < shown.index("有事项交办给本单位")
    assert "通知：2 条未读" in page.content.decode()
    whistle, arrived = inbox(county, *LABOUR)
    answer = browser.get(f"/notices/{arrived.pk}")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("matter", args=[matter.code]))
    assert browser.get(f"/notices/{whistle.pk}").headers["Location"] == reverse("whistles")
    assert bell(browser.get("/notices/")) == ""
    assert "没有未读的通知" in text_of(browser.get("/notices/"))
    # Whoever dispatched it was not told of it.
    assert bell(at_the_desk(county, Role.DISPATCHER).get("/")) == ""


def test_marked_as_read_without_opening_and_all_that_were_shown(county: SmallCounty):
    told(county, number=3)
    browser = at_the_desk(county, *LABOUR)
    newest = inbox(county, *LABOUR)[0]
    assert browser.post(f"/notices/{newest.pk}/read").status_code == 302
    page = browser.get("/notices/")
    assert bell(page) == "2"
    shown = re.search(r'name="newest" value="([^"]+)"', page.content.decode())
    assert shown
    told(county)
    assert browser.post("/notices/read", {"newest": shown[1]}).status_code == 302
    assert bell(browser.get("/")) == "1"
    # What is no key changes nothing.
    assert browser.post("/notices/read", {"newest": "all"}).status_code == 302
    assert bell(browser.get("/")) == "1"


def test_what_the_post_may_not_see_any_more_is_told_without_its_code(county: SmallCounty):
    matter = dispatched(county)
    lead = part_of(matter)
    act(county, LABOUR, ask_return, assignment_id=lead.id, **NOT_OURS)
    browser = at_the_desk(county, Role.DISPATCHER)
    assert "市人社" in text_of(browser.get("/notices/"))
    (notice,) = inbox(county, Role.DISPATCHER)
    with scope(county.actor(Role.DISPATCHER)) as actor:
        matter.recusals.create(
            county=matter.county,
            restriction=matter.restriction,
            person_id=actor.person_id,
            reason="亲属",
            recorded_by=actor.person_id,
            recorded_at=matter.registered_at,
        )
    page = text_of(browser.get("/notices/"))
    assert "您现在的岗位看不到这件事项" in page
    assert matter.code not in page and matter.title not in page
    assert browser.get(f"/notices/{notice.pk}").headers["Location"] == "/notices/"


def test_nobody_opens_anothers_and_another_post_is_named(county: SmallCounty):
    told(county)
    (notice,) = inbox(county, *LABOUR)
    assert at_the_desk(county, Role.DIRECTOR).get(f"/notices/{notice.pk}").status_code == 403
    post = Post.objects.get(pk=county.stationings[(str(Role.REGISTRAR), "county")].post_id)
    second = Stationing.objects.create(person=county.person(*LABOUR), post=post, valid_from=SINCE)
    browser = at_the_desk(county, *LABOUR)
    session = browser.session
    session["acting_post"] = str(second.pk)
    session.save()
    assert bell(browser.get("/")) == ""
    assert browser.get(f"/notices/{notice.pk}").headers["Location"] == reverse("choose_post")
    assert browser.post(f"/notices/{notice.pk}/read").status_code == 403
    assert inbox(county, *LABOUR)[0].read_at is None


def test_pages_of_what_was_read_follow_without_gap_or_repeat(county: SmallCounty):
    told(county, kind=Kind.WHISTLED, number=35)
    browser = at_the_desk(county, *LABOUR)
    with scope(county.actor(*LABOUR)):
        Notice.objects.update(read_at=inbox(county, *LABOUR)[0].created_at)
    seen = []
    address = "/notices/"
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r'href="/notices/([0-9a-f-]{36})"', page)
        way = re.search(r'href="(\?before=[^"]+)" rel="next"', page)
        address = f"/notices/{way[1]}" if way else ""
    assert seen == [str(n.pk) for n in inbox(county, *LABOUR)]


@pytest.mark.parametrize("number", [1, 30])
def test_the_statements_of_the_inbox_do_not_grow(county: SmallCounty, number: int, django_assert_num_queries):
    dispatched(county)
    told(county, number=number)
    browser = at_the_desk(county, *LABOUR)
    # Session, person, posts; four for the scope; unread, read, their matters. The bell asks nothing here.
    with django_assert_num_queries(10):
        browser.get("/notices/")
