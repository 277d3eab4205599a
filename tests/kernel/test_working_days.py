"""Working days, with their make-up weekends, against two other tellings of the same notices."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.clocks.queries.calendar import notices, shipped
from fengqiao.kernel.working_days import Calendar, Day, DayKind, calendar_of

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "chinese-days.json"
days = st.dates(date(2003, 1, 1), date(2028, 12, 31))


def every_day():
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_every_day_of_23_years_is_what_chinesecalendar_says():
    calendar = shipped()
    assert [d for d in every_day() if calendar.is_worked(d) != chinese_calendar.is_workday(d)] == []


def test_every_day_of_23_years_is_what_chinese_days_says():
    if not SHARED.exists():
        pytest.skip("the shared folder with chinese-days.json is not beside the project")
    told = json.loads(SHARED.read_text(encoding="utf-8"))
    calendar = shipped()
    wrong = [
        d
        for d in every_day()
        if calendar.is_worked(d)
        != (str(d) in told["workdays"] or (d.weekday() < 5 and str(d) not in told["holidays"]))
    ]
    assert wrong == []


def test_each_year_has_its_notice_as_source():
    assert list(notices()) == list(range(2004, 2027))
    assert all(
        notice.title == f"国务院办公厅关于{year}年部分节假日安排的通知" for year, notice in notices().items()
    )
    assert notices()[2026].number == "国办发明电〔2025〕7号"


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 2, 14), DayKind.MAKE_UP, "春节"),
        (date(2026, 2, 16), DayKind.HOLIDAY, "春节"),
        (date(2026, 9, 20), DayKind.MAKE_UP, "国庆节"),
        (date(2026, 10, 10), DayKind.MAKE_UP, "国庆节"),
        (date(2026, 11, 21), DayKind.WEEKEND, ""),
        (date(2026, 11, 24), DayKind.WORKDAY, ""),
        (date(2015, 9, 3), DayKind.HOLIDAY, "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
    ],
)
def test_a_day_says_what_it_is(day, kind, name):
    assert shipped().day(day) == Day(day, kind, name)


def test_a_closure_of_the_county_is_no_working_day():
    storm = Day(date(2026, 9, 8), DayKind.CLOSURE, "台风停工")
    calendar = calendar_of(shipped().years, [*shipped().named.values(), storm])
    assert not calendar.is_worked(storm.on)
    assert calendar.worked_between(date(2026, 9, 7), date(2026, 9, 9)) == 1
    assert shipped().worked_between(date(2026, 9, 7), date(2026, 9, 9)) == 2


@given(days, st.integers(1, 300))
def test_the_nth_working_day_is_worked_and_has_so_many_behind_it(after, n):
    calendar = shipped()
    found = calendar.nth_worked(after, n)
    assert calendar.is_worked(found)
    assert sum(calendar.is_worked(after + timedelta(days=d)) for d in range(1, (found - after).days + 1)) == n


@given(days, st.integers(1, 300))
def test_the_nth_working_day_back_is_worked_and_has_so_many_left(until, n):
    calendar = shipped()
    found = calendar.nth_worked_back(until, n)
    assert found <= until
    assert calendar.is_worked(found)
    assert sum(calendar.is_worked(found + timedelta(days=d)) for d in range((until - found).days + 1)) == n


@given(days, st.integers(0, 400))
def test_what_is_worked_between_is_what_one_counts_by_hand(after, length):
    until = after + timedelta(days=length)
    by_hand = sum(shipped().is_worked(after + timedelta(days=d)) for d in range(1, length + 1))
    assert shipped().worked_between(after, until) == by_hand
    assert shipped().worked_between(until, after) == 0


def test_a_year_without_notice_is_named():
    assert shipped().unknown_years(date(2026, 12, 1), date(2027, 1, 4)) == (2027,)
    assert shipped().unknown_years(date(2026, 1, 1), date(2026, 12, 31)) == ()
    assert Calendar(frozenset()).unknown_years(date(2026, 1, 1), date(2027, 1, 1)) == (2026, 2027)


def test_nobody_asks_for_the_day_before_the_first():
    with pytest.raises(ValueError, match="first worked day"):
        shipped().nth_worked(date(2026, 1, 1), 0)
    with pytest.raises(ValueError, match="last worked day"):
        shipped().nth_worked_back(date(2026, 1, 1), 0)
