"""The calendar's page: a year is seen, a notice typed row by row, what is wrong stands beside its row."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.models import CalendarEntry
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel import clock
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)


def typed(*rows: tuple[str, str, str, str], **changes: str) -> dict[str, str]:
    values = {
        "seen": "0",
        "title": "国务院办公厅关于2027年部分节假日安排的通知",
        "document": "国办发明电〔2026〕9号",
        "issued_on": "2026-11-04",
        "spans-TOTAL_FORMS": str(len(rows)),
        "spans-INITIAL_FORMS": "0",
    }
    for place, row in enumerate(rows):
        for name, value in zip(("kind", "name", "first", "last"), row, strict=True):
            values[f"spans-{place}-{name}"] = value
    return values | changes


NEW_YEAR = ("holiday", "元旦", "2027-01-01", "2027-01-03")
LABOUR = ("holiday", "劳动节", "2027-05-01", "2027-05-05")
NATIONAL = ("holiday", "国庆节", "2027-10-01", "2027-10-07")
MADE_UP = ("make_up", "国庆节", "2027-10-09", "")
COUNT = 12
ROWS = (NEW_YEAR, LABOUR, NATIONAL, MADE_UP)


def test_a_year_shows_each_day_and_the_paper_behind_it(keeper: Client) -> None:
    page = keeper.get(reverse("calendar"), {"year": "2026"})
    text = text_of(page)
    assert "国务院办公厅关于2026年部分节假日安排的通知" in text
    assert "国办发明电〔2025〕7号" in text
    named = page.context["named"]
    assert [row["name"] for row in named if row["kind"] == "make_up"].count("国庆节") == 2
    assert {2004, 2022, 2025, 2026} <= set(page.context["years"])
    assert 2010 not in page.context["years"]
    assert page.context["weekdays"] == list("一二三四五六日")
    october = page.context["months"][9]["weeks"]
    assert [cell["kind"] for cell in october[0] if cell] == ["holiday"] * 4
    assert "还没有录入过" in text


def test_a_year_without_its_notice_says_so(keeper: Client) -> None:
    text = text_of(keeper.get(reverse("calendar"), {"year": "2028"}))
    assert "2028 年的放假通知还没有录入" in text
    assert "在录入以前，这一年只知道周末。" in text


@pytest.mark.parametrize("year", ["1999", "2999", "x"])
def test_a_year_that_nobody_knows_is_this_one(keeper: Client, year: str) -> None:
    assert keeper.get(reverse("calendar"), {"year": year}).context["year"] == clock.today().year


def test_a_notice_is_typed_and_corrected_and_taken_back(county: SmallCounty, keeper: Client) -> None:
    address = reverse("calendar_notice", args=[2027])
    page = keeper.get(address)
    assert page.context["form"]["title"].value() == "国务院办公厅关于2027年部分节假日安排的通知"
    # Each row once: in its place, and not among the errors.
    assert page.content.decode().count('name="spans-0-first"') == 1
    assert [row["name"].value() for row in page.context["typed"].spans] == [
        "元旦", "春节", "劳动节", "国庆节", "清明", "端午", "中秋",
    ]  # fmt: skip
    # A row that was taken off the screen says nothing, nor does one that was left empty.
    rows = (*ROWS, ("holiday", "清明", "", ""), ("holiday", "", "", ""))
    answer = keeper.post(address, typed(*rows, **{"spans-4-DELETE": "on"}))
    assert answer.headers["Location"] == f"{reverse('calendar')}?year=2027"
    keeper_of_it = county.actor(Role.SYSTEM_ADMINISTRATOR)
    with scope(keeper_of_it):
        assert county_calendar("440785").is_worked(date(2027, 10, 9))
        made = CalendarEntry.objects.get()
    page = keeper.get(address)
    assert page.context["typed"].spans.total_form_count() == 4
    assert keeper.post(address, typed(*ROWS, seen="1", reason="核对")).status_code == 302
    entry = reverse("calendar_entry", args=[made.pk])
    text = text_of(keeper.get(entry))
    assert "已改正" in text
    with scope(keeper_of_it):
        second = CalendarEntry.objects.get(number=2)
    page = keeper.get(reverse("calendar_entry", args=[second.pk]))
    assert "核对" in text_of(page)
    answer = keeper.post(reverse("calendar_entry", args=[second.pk]), {"seen": "2", "reason": ""})
    assert answer.status_code == 422
    answer = keeper.post(reverse("calendar_entry", args=[second.pk]), {"seen": "2", "reason": "试录"})
    assert answer.headers["Location"] == reverse("calendar")
    with scope(keeper_of_it):
        assert 2027 not in county_calendar("440785").years
    auditor = text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))
    assert "录入放假通知" in auditor
    assert "撤下日历条目" in auditor


def test_what_is_wrong_stands_beside_its_row_and_the_rest_is_kept(
    county: SmallCounty, keeper: Client
) -> None:
    address = reverse("calendar_notice", args=[2027])
    rows = (*ROWS, ("make_up", "春节", "2027-02-15", ""))
    answer = keeper.post(address, typed(*rows))
    assert answer.status_code == 422
    wrong = answer.context["typed"].spans.forms[4]
    assert wrong.errors == {"first": ["2027-02-15 本来就是工作日，调休上班的应是周六或周日。"]}
    assert 'value="2027-02-15"' in answer.content.decode()
    assert keeper.post(address, typed(*ROWS, document="")).context["form"].errors.keys() == {"document"}
    answer = keeper.post(address, typed(*ROWS, seen="7"))
    assert "刚才有人改过工作日历" in text_of(answer)
    with scope(county.actor(Role.SYSTEM_ADMINISTRATOR)):
        assert not CalendarEntry.objects.exists()


def test_a_closure_is_typed_and_corrected(county: SmallCounty, keeper: Client) -> None:
    said = {
        "seen": "0",
        "title": "台风停工",
        "first": "2026-09-03",
        "last": "2026-09-04",
        "document": "恩府办〔2026〕12号",
        "issued_on": "2026-09-02",
    }
    assert keeper.post(reverse("calendar_closure"), said).status_code == 302
    with scope(county.actor(Role.SYSTEM_ADMINISTRATOR)):
        made = CalendarEntry.objects.get()
    address = reverse("calendar_correct", args=[made.pk])
    assert keeper.get(address).context["form"]["first"].value() == date(2026, 9, 3)
    answer = keeper.post(address, said | {"seen": "1", "last": "2026-09-03"})
    assert answer.context["form"].errors == {"reason": ["请写明为什么改。"]}
    answer = keeper.post(address, said | {"seen": "1", "last": "2026-09-03", "reason": "只停一天"})
    assert answer.status_code == 302
    text = text_of(keeper.get(reverse("calendar"), {"year": "2026"}))
    assert "台风停工" in text
    assert "已改正" in text


def test_a_towns_administrator_reads_and_does_not_write(county: SmallCounty) -> None:
    client = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR, "town")
    page = client.get(reverse("calendar"))
    assert "录入停办" not in text_of(page)
    assert client.get(reverse("calendar_closure")).status_code == 403


def test_the_page_asks_the_same_however_many_entries_there_are(county: SmallCounty, keeper: Client) -> None:
    address = reverse("calendar_notice", args=[2027])
    keeper.post(address, typed(*ROWS))
    keeper.get(reverse("calendar"))
    with CaptureQueriesContext(connection) as few:
        keeper.get(reverse("calendar"), {"year": "2027"})
    for number in range(1, 4):
        keeper.post(address, typed(*ROWS, seen=str(number), reason="核对"))
    keeper.get(reverse("calendar"))
    with CaptureQueriesContext(connection) as many:
        keeper.get(reverse("calendar"), {"year": "2027"})
    assert (len(few), len(many)) == (COUNT, COUNT)
