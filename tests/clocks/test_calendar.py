"""A county's own calendar: entered, corrected, withdrawn; refusals changed nothing; another county's is untouched."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.clocks.domain.calendar import SaidClosure, SaidNotice, SaidSpan
from fengqiao.clocks.events import CalendarChanged
from fengqiao.clocks.models import CalendarEntry, CalendarSpan
from fengqiao.clocks.queries.calendar import (
    county_calendar,
    entries_that_hold,
    expected_years,
    laid_over,
    missing_years,
    of_county,
    shipped,
)
from fengqiao.config import doctor
from fengqiao.config.doctor import Level
from fengqiao.flows import calendar as flow
from fengqiao.kernel import events
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.kernel.working_days import DayKind
from tests import small_county
from tests.small_county import SmallCounty

OFF, WORKED = DayKind.HOLIDAY, DayKind.MAKE_UP
NEW_YEAR = SaidSpan(OFF, "元旦", date(2027, 1, 1), date(2027, 1, 3))
LABOUR = SaidSpan(OFF, "劳动节", date(2027, 5, 1), date(2027, 5, 5))
NATIONAL = SaidSpan(OFF, "国庆节", date(2027, 10, 1), date(2027, 10, 7))
# Saturday the ninth of October 2027.
MADE_UP = SaidSpan(WORKED, "国庆节", date(2027, 10, 9), date(2027, 10, 9))
SPANS = (NEW_YEAR, LABOUR, NATIONAL, MADE_UP)

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def keeper(county):
    return county.actor(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def changes():
    heard: list[CalendarChanged] = []
    events.connect(CalendarChanged, heard.append)
    yield heard
    events._handlers[CalendarChanged].remove(heard.append)


def notice(*spans: SaidSpan, **changes) -> SaidNotice:
    values = {
        "year": 2027,
        "title": "国务院办公厅关于2027年部分节假日安排的通知",
        "document": "国办发明电〔2026〕9号",
        "issued_on": date(2026, 11, 4),
        "spans": spans or SPANS,
    }
    return SaidNotice(**values | changes)


def closure(first: str = "2026-09-03", last: str = "2026-09-04", **changes) -> SaidClosure:
    values = {
        "title": "台风停工",
        "document": "恩府办〔2026〕12号",
        "issued_on": date(2026, 9, 2),
        "first": date.fromisoformat(first),
        "last": date.fromisoformat(last),
    }
    return SaidClosure(**values | changes)


def written() -> tuple[list, list]:
    return list(CalendarEntry.objects.values()), list(CalendarSpan.objects.values())


def test_a_years_notice_is_entered_and_holds_in_this_county_alone(county, keeper, changes):
    made = flow.enter_notice(actor=keeper, said=notice(), seen=0)
    with scope(keeper):
        found = county_calendar("440785")
    assert 2027 in found.years
    assert found.day(date(2027, 10, 7)).kind is OFF
    assert found.day(date(2027, 10, 9)).kind is WORKED
    assert found.is_worked(date(2027, 10, 9))
    assert found.named.keys() - shipped().named.keys() == {
        date(2027, month, day)
        for month, days in ((1, range(1, 4)), (5, range(1, 6)), (10, (*range(1, 8), 9)))
        for day in days
    }
    assert changes == [CalendarChanged("440785", date(2027, 1, 1), date(2027, 12, 31))]
    other = county.actor(Role.SYSTEM_ADMINISTRATOR, "other")
    with scope(other):
        assert not CalendarEntry.objects.exists()
        assert not CalendarSpan.objects.exists()
        assert county_calendar("440783") == shipped()
    with scope(county.actor(Role.AUDITOR)):
        entry = Entry.objects.get(verb="calendar.notice")
    assert (entry.result, entry.subject) == ("done", f"calendar_entry:{made.pk}")


def test_whoever_counts_in_the_county_reads_it_by_one_statement(county, keeper):
    flow.enter_closure(actor=keeper, said=closure(), seen=0)
    with scope(county.actor(Role.REGISTRAR)):
        first = county_calendar("440785")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert county_calendar("440785") is first
    assert len(asked) == 1
    assert first.day(date(2026, 9, 3)).kind is DayKind.CLOSURE
    assert first.day(date(2026, 9, 3)).name == "台风停工"
    assert not first.is_worked(date(2026, 9, 4))


def test_what_a_taken_back_transaction_said_is_not_kept(county, keeper):
    with pytest.raises(RuntimeError), transaction.atomic():
        flow.enter_closure(actor=keeper, said=closure(), seen=0)
        with scope(keeper):
            assert not county_calendar("440785").is_worked(date(2026, 9, 3))
        raise RuntimeError
    with scope(keeper):
        assert county_calendar("440785").is_worked(date(2026, 9, 3))
    # The same number again, and other days.
    flow.enter_closure(actor=keeper, said=closure("2026-09-08", "2026-09-08"), seen=0)
    with scope(keeper):
        found = county_calendar("440785")
    assert found.is_worked(date(2026, 9, 3))
    assert not found.is_worked(date(2026, 9, 8))


def test_a_correction_takes_the_place_of_what_was_and_leaves_it_to_be_read(keeper, changes):
    first = flow.enter_notice(actor=keeper, said=notice(), seen=0)
    with pytest.raises(Invalid) as refused:
        flow.enter_notice(actor=keeper, said=notice(), seen=1)
    assert set(refused.value.errors) == {"reason"}
    other = SaidSpan(OFF, "国庆节", date(2027, 10, 1), date(2027, 10, 8))
    second = flow.enter_notice(actor=keeper, said=notice(NEW_YEAR, LABOUR, other, reason="漏了一天"), seen=1)
    with scope(keeper):
        found = of_county("440785")
        assert [each.pk for each in found.entries] == [second.pk]
        assert found.calendar.day(date(2027, 10, 8)).kind is OFF
        assert found.calendar.day(date(2027, 10, 9)).kind is DayKind.WEEKEND
        assert second.replaces_id == first.pk
        assert CalendarSpan.objects.filter(entry=first).count() == 4
    flow.withdraw(actor=keeper, entry_id=second.pk, reason="年份录错", seen=2)
    with scope(keeper):
        assert county_calendar("440785") == shipped()
    with pytest.raises(Refusal, match="不再有效"):
        flow.withdraw(actor=keeper, entry_id=first.pk, reason="再撤", seen=3)
    assert [(each.first, each.last) for each in changes] == [(date(2027, 1, 1), date(2027, 12, 31))] * 3


def test_a_shipped_year_is_corrected_as_when_the_holiday_was_made_longer(keeper):
    spans = (
        SaidSpan(OFF, "元旦", date(2020, 1, 1), date(2020, 1, 1)),
        SaidSpan(OFF, "春节", date(2020, 1, 24), date(2020, 2, 3)),
        SaidSpan(OFF, "劳动节", date(2020, 5, 1), date(2020, 5, 5)),
        SaidSpan(OFF, "国庆节", date(2020, 10, 1), date(2020, 10, 8)),
    )
    flow.enter_notice(actor=keeper, said=notice(*spans, year=2020, reason="延长"), seen=0)
    with scope(keeper):
        assert county_calendar("440785").day(date(2020, 2, 3)).name == "春节"


def test_a_closure_is_corrected_and_withdrawn(keeper, changes):
    made = flow.enter_closure(actor=keeper, said=closure(), seen=0)
    # Only one of the days that it had, though by now nothing there is worked.
    second = flow.enter_closure(
        actor=keeper, said=closure("2026-09-04", "2026-09-06", reason="三号照常"), seen=1, replaces=made.pk
    )
    with scope(keeper):
        found = county_calendar("440785")
    assert found.is_worked(date(2026, 9, 3))
    assert found.day(date(2026, 9, 4)).kind is DayKind.CLOSURE
    # A weekend inside a closure stays one.
    assert found.day(date(2026, 9, 5)).kind is DayKind.WEEKEND
    flow.withdraw(actor=keeper, entry_id=second.pk, reason="文件撤销", seen=2)
    with scope(keeper):
        assert county_calendar("440785") == shipped()
        assert entries_that_hold("440785") == []
    assert [(each.first.day, each.last.day) for each in changes] == [(3, 4), (3, 6), (4, 6)]


@pytest.mark.parametrize(
    ("spans", "field", "words"),
    [
        ((*SPANS, SaidSpan(OFF, "中秋", date(2027, 10, 3), date(2027, 10, 3))), "spans.4.first", "第 3 行已经写过"),
        ((*SPANS, SaidSpan(OFF, "元旦", date(2028, 1, 1), date(2028, 1, 1))), "spans.4.first", "不在2027年"),
        ((*SPANS, SaidSpan(OFF, "元旦", date(2026, 12, 24), date(2026, 12, 24))), "spans.4.first", "不在2027年"),
        ((*SPANS, SaidSpan(WORKED, "春节", date(2027, 2, 15), date(2027, 2, 15))), "spans.4.first", "本来就是工作日"),
        ((*SPANS, SaidSpan(WORKED, "春节", date(2027, 2, 21), date(2027, 2, 20))), "spans.4.last", "早于第一天"),
        ((*SPANS, SaidSpan(OFF, "春节", date(2027, 2, 1), date(2027, 3, 9))), "spans.4.last", "最多 31 天"),
        ((*SPANS, SaidSpan(OFF, " ", date(2027, 2, 6), date(2027, 2, 6))), "spans.4.name", "哪个假日"),
        ((NEW_YEAR, LABOUR), "spans", "2027-10-01 依法放假"),
        ((NEW_YEAR,) * 41, "spans", "最多 40 行"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_refused_beside_their_row(keeper, changes, spans, field, words):
    with pytest.raises(Invalid) as refused:
        flow.enter_notice(actor=keeper, said=notice(*spans), seen=0)
    assert list(refused.value.errors) == [field]
    assert words in refused.value.errors[field]
    with scope(keeper):
        assert written() == ([], [])
    assert changes == []


def test_a_day_of_the_next_years_notice_is_not_stated_twice(keeper):
    flow.enter_notice(
        actor=keeper,
        said=notice(SaidSpan(OFF, "元旦", date(2026, 12, 31), date(2027, 1, 2)), LABOUR, NATIONAL),
        seen=0,
    )
    with scope(keeper):
        assert county_calendar("440785").day(date(2026, 12, 31)).kind is OFF
    year = [
        SaidSpan(OFF, "元旦", date(2026, 1, 1), date(2026, 1, 1)),
        SaidSpan(OFF, "劳动节", date(2026, 5, 1), date(2026, 5, 1)),
        SaidSpan(OFF, "国庆节", date(2026, 10, 1), date(2026, 10, 1)),
        SaidSpan(OFF, "元旦", date(2026, 12, 31), date(2026, 12, 31)),
    ]
    with pytest.raises(Invalid) as refused:
        flow.enter_notice(actor=keeper, said=notice(*year, year=2026, reason="试"), seen=1)
    assert refused.value.errors == {"spans.3.first": "2026-12-31 已写在2027年的通知里。"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (closure("2026-09-05", "2026-09-06"), "first"),
        (closure("2026-09-04", "2026-09-03"), "last"),
        (closure("2026-09-01", "2026-10-20"), "last"),
        (closure(document=" "), "document"),
        (closure(title=""), "title"),
        (closure(issued_on=date(2099, 1, 1)), "issued_on"),
    ],
)
def test_a_closure_that_cannot_be_is_refused(keeper, said, field):
    with pytest.raises(Invalid) as refused:
        flow.enter_closure(actor=keeper, said=said, seen=0)
    assert list(refused.value.errors) == [field]
    with scope(keeper):
        assert written() == ([], [])


def test_days_that_are_closed_already_are_not_closed_again(keeper):
    flow.enter_closure(actor=keeper, said=closure(), seen=0)
    with pytest.raises(Invalid) as refused:
        flow.enter_closure(actor=keeper, said=closure("2026-09-04", "2026-09-08"), seen=1)
    assert refused.value.errors == {"first": "2026-09-04 已写明停办。"}


def test_who_read_an_older_state_and_who_may_not_are_refused(county, keeper):
    flow.enter_closure(actor=keeper, said=closure(), seen=0)
    with scope(keeper):
        before = written()
    with pytest.raises(Stale):
        flow.enter_notice(actor=keeper, said=notice(), seen=0)
    for role, place in (
        (Role.DIRECTOR, "county"),
        (Role.SECURITY_ADMINISTRATOR, "county"),
        (Role.SYSTEM_ADMINISTRATOR, "town"),
    ):
        with pytest.raises(NotAllowed):
            flow.enter_notice(actor=county.actor(role, place), said=notice(), seen=1)
    with pytest.raises(NotAllowed, match="没有这一条"):
        flow.withdraw(
            actor=county.actor(Role.SYSTEM_ADMINISTRATOR, "other"),
            entry_id=before[0][0]["id"],
            reason="x",
            seen=0,
        )
    with scope(keeper):
        assert written() == before


def test_a_year_whose_notice_is_late_is_named():
    assert expected_years(date(2026, 11, 14)) == (2026,)
    assert expected_years(date(2026, 11, 15)) == (2026, 2027)
    assert missing_years(shipped(), date(2026, 12, 1)) == (2027,)
    assert missing_years(laid_over([]).calendar, date(2027, 3, 1)) == (2027,)


def test_the_doctor_warns_of_a_county_without_the_notice(county, keeper):
    asked = date(2026, 12, 1)
    found = doctor._calendar(connection.connection, asked)
    assert found.level is Level.WARN
    assert "2027 in 440783, 2027 in 440785" in found.text
    flow.enter_notice(actor=keeper, said=notice(), seen=0)
    assert "2027 in 440783:" in doctor._calendar(connection.connection, asked).text
    assert doctor._calendar(connection.connection, date(2026, 11, 1)).level is Level.OK


def test_the_command_counts_by_the_countys_calendar_and_names_the_year_it_lacks(county, keeper, capsys):
    asked = ("clocks", "explain", "--limit", "petition.return", "--start", "2026-12-30")
    call_command(*asked)
    assert "2027年的放假安排还没有录入" in capsys.readouterr().out
    flow.enter_notice(actor=keeper, said=notice(), seen=0)
    call_command(*asked, "--county", "440785")
    told = capsys.readouterr().out
    assert "2027-01-01 – 2027-01-03：元旦放假，不计入。" in told
    assert "还没有录入" not in told
    with pytest.raises(CommandError):
        call_command(*asked, "--county", "440799")
