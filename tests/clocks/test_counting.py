"""A limit is counted as the statutes say, explained day by day, and both come to the same instant."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.clocks.counting import (
    Deadline,
    Extension,
    Facts,
    Length,
    Pause,
    Restart,
    SpanKind,
    Terms,
    Unit,
    deadline,
    explained,
    midnight_after,
)
from fengqiao.clocks.queries.calendar import shipped
from fengqiao.clocks.wording import sentences, unit_in_words, yellow_in_words
from fengqiao.clocks.yellow import share_of
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.rules.queries.limits import all_limits
from tests.clocks.golden import CASES, Case, at, paused


def terms_of(name: str) -> Terms:
    limit = all_limits()[name]
    return Terms(Length(limit.n, Unit(limit.unit)), limit.rolls_over)


# --- worked by hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_worked_by_hand(case: Case):
    found = deadline(terms_of(case.limit), case.facts, shipped())
    assert found == Deadline(midnight_after(case.expected), case.expected, case.unknown), case.how


def test_there_are_sixty_and_every_row_of_the_table_is_among_them():
    assert len(CASES) >= 60
    # What is counted in hours ends within a day, and has its own cases.
    assert {case.limit for case in CASES} == {
        each.id for each in all_limits().values() if each.unit != "hour"
    }


def test_24_00_in_shanghai_is_four_in_the_afternoon_in_utc():
    assert midnight_after(date(2026, 10, 8)).isoformat() == "2026-10-08T16:00:00+00:00"


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-24T09:20", 2, "2026-11-24T12:00"),
        ("2026-11-24T10:00", 2, "2026-11-24T13:00"),
        ("2026-09-30T16:45", 24, "2026-10-01T17:00"),
        ("2026-11-24T23:10", 1, "2026-11-25T01:00"),
    ],
    ids=["the next full hour", "the hour in which it starts", "no holiday stops it", "over midnight"],
)
def test_hours_begin_with_the_next_hour(start, hours, due):
    terms = Terms(Length(hours, Unit.HOUR))
    assert deadline(terms, Facts(at(start)), shipped()).due == at(due)
    assert explained(terms, Facts(at(start)), shipped()).deadline.due == at(due)


@pytest.mark.parametrize("name", ["report.direct", "report.read"])
def test_a_direct_report_is_counted_in_hours(name):
    assert deadline(terms_of(name), Facts(at("2026-11-28T22:10")), shipped()).due == at("2026-11-29T01:00")


def test_a_pause_stops_hours():
    waiting = Pause(at("2026-11-24T11:00"), at("2026-11-24T11:30"), "等待")
    facts = Facts(at("2026-11-24T09:20"), (waiting,))
    assert deadline(Terms(Length(2, Unit.HOUR)), facts, shipped()).due == at("2026-11-24T12:30")


def test_while_a_pause_lasts_nobody_can_say():
    facts = Facts(
        at("2026-09-01"), (paused("2026-09-14", None),), extensions=(Extension(Length(10, Unit.WORKING_DAY)),)
    )
    terms = terms_of("medical.mediate")
    assert deadline(terms, facts, shipped()) == Deadline(None, None)
    assert explained(terms, facts, shipped()).deadline == Deadline(None, None)


def test_a_pause_after_the_end_changes_nothing():
    facts = Facts(at("2026-11-10"), (paused("2026-11-18", None),))
    assert deadline(terms_of("centre.ordinary"), facts, shipped()).last_day == date(2026, 11, 17)


def test_a_pause_on_the_last_day_gives_that_day_back():
    facts = Facts(at("2026-11-10"), (paused("2026-11-17", "2026-11-19"),))
    assert deadline(terms_of("centre.ordinary"), facts, shipped()).last_day == date(2026, 11, 19)


def test_a_pause_cannot_end_before_it_begins():
    facts = Facts(at("2026-11-10"), (paused("2026-11-14", "2026-11-12"),))
    with pytest.raises(ValueError, match="cannot end before"):
        deadline(terms_of("centre.ordinary"), facts, shipped())


def test_pauses_that_overlap_count_once():
    both = (paused("2026-11-11", "2026-11-14"), paused("2026-11-12", "2026-11-16"))
    found = deadline(terms_of("centre.ordinary"), Facts(at("2026-11-10"), both), shipped())
    assert found.last_day == date(2026, 11, 23)  # five days out: Sun 22 Nov, then Monday


# --- properties ---------------------------------------------------------------------------------------------

starts = st.datetimes(datetime(2005, 1, 1), datetime(2025, 6, 1)).map(lambda d: d.replace(tzinfo=SHANGHAI))
units = st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR])


@st.composite
def counted(draw: st.DrawFn) -> tuple[Terms, Facts]:
    start, unit = draw(starts), draw(units)
    most = {Unit.MONTH: 7, Unit.YEAR: 2}.get(unit, 70)
    days = st.integers(-10, 120)
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        since = start + timedelta(days=draw(days), minutes=draw(st.integers(0, 1400)))
        length = draw(st.none() | st.integers(0, 40))
        pauses.append(Pause(since, None if length is None else since + timedelta(days=length), "鉴定"))
    restarts = [Restart(start + timedelta(days=draw(days))) for _ in range(draw(st.integers(0, 2)))]
    more = [
        Extension(Length(draw(st.integers(1, 30)), draw(st.sampled_from([Unit.DAY, Unit.WORKING_DAY]))))
        for _ in range(draw(st.integers(0, 2)))
    ]
    terms = Terms(Length(draw(st.integers(1, most)), unit), draw(st.booleans()))
    return terms, Facts(start, tuple(pauses), tuple(restarts), tuple(more))


@given(counted())
def test_the_explanation_comes_to_the_same_instant_and_its_days_add_up(drawn):
    terms, facts = drawn
    found, told = deadline(terms, facts, shipped()), explained(terms, facts, shipped())
    assert told.deadline == found
    if found.last_day is None:
        return
    assert sum(span.days for span in told.spans if span.kind is SpanKind.COUNTED) == told.wanted
    # Without a gap, from the day after the start to the last one.
    first = told.start_day
    for span in told.spans:
        assert span.first == first + timedelta(days=1)
        first = span.last
    assert first == found.last_day


@given(counted(), st.integers(1, 30))
def test_a_longer_limit_never_ends_earlier(drawn, more):
    terms, facts = drawn
    facts = Facts(facts.start, facts.pauses)
    longer = Terms(Length(terms.length.n + more, terms.length.unit), terms.rolls_over)
    shorter_end = deadline(terms, facts, shipped()).due
    longer_end = deadline(longer, facts, shipped()).due
    # A pause that lasts may lie behind the shorter one's end alone.
    assert longer_end is None or (shorter_end is not None and shorter_end <= longer_end)


@given(counted())
def test_what_rolls_over_ends_on_a_working_day(drawn):
    terms, facts = drawn
    found = deadline(Terms(terms.length, rolls_over=True), facts, shipped())
    assert found.last_day is None or shipped().is_worked(found.last_day)


# --- in words -----------------------------------------------------------------------------------------------


def test_each_stretch_is_told_with_its_reason():
    told = explained(terms_of("petition.return"), Facts(at("2026-09-30")), shipped())
    assert sentences(told) == [
        "2026-09-30 开始，当日不计入。",
        "2026-10-01 – 2026-10-07：国庆节放假，不计入。",
        "2026-10-08 – 2026-10-09：计入 2 天。",
        "2026-10-10：国庆节调休上班，计入 1 天。",
        "2026-10-11：周末，不计入。",
        "2026-10-12 – 2026-10-13：计入 2 天。",
        "2026-10-13 24:00 届满。",
    ]


def test_what_is_paused_rolled_and_not_known_is_told_too():
    facts = Facts(at("2026-08-31"), (paused("2026-09-14", "2026-09-15"),))
    assert sentences(explained(terms_of("land.decide"), facts, shipped())) == [
        "2026-08-31 开始，当日不计入。",
        "对应日是 2027-02-28。",
        "2026-09-01 – 2026-09-13：计入 13 天。",
        "2026-09-14：中止（鉴定），1 天不计入。",
        "2026-09-15 – 2027-03-01：计入 168 天。",
        "2027-03-01 24:00 届满。2027年的放假安排还没有录入，届满日可能变动。",
    ]
    rolled = sentences(explained(terms_of("mediation.people"), Facts(at("2026-09-03")), shipped()))
    assert rolled[-3:] == [
        "2026-10-04 – 2026-10-07：国庆节放假，期限顺延。",
        "2026-10-08：休息日后的第一天，期限在这一天届满。",
        "2026-10-08 24:00 届满。",
    ]
    open_end = explained(
        terms_of("centre.ordinary"), Facts(at("2026-11-10"), (paused("2026-11-12", None),)), shipped()
    )
    assert sentences(open_end)[-1] == "中止还没有结束，届满日现在说不出来。"
    hours = explained(Terms(Length(2, Unit.HOUR)), Facts(at("2026-11-24T09:20")), shipped())
    assert sentences(hours) == [
        "从 2026-11-24 10:00 起计时，开始的那个小时不计入。",
        "2026-11-24 12:00 届满。",
    ]


def test_in_english_too():
    with translation.override("en"):
        told = sentences(explained(terms_of("petition.return"), Facts(at("2026-09-30")), shipped()))
        assert told[0] == "Starts on 2026-09-30; that day does not count."
        assert told[1] == "2026-10-01 – 2026-10-07: holiday (National Day), not counted."
        assert told[-1] == "Ends on 2026-10-13 at 24:00."
        assert [unit_in_words(n, Unit.WORKING_DAY) for n in (1, 5)] == ["1 working day", "5 working days"]


def test_the_command_tells_the_days_and_its_document_adds_up(capsys):
    call_command(
        "clocks",
        "explain",
        limit="medical.mediate",
        start="2026-09-01",
        pause=["2026-09-14..2026-09-28"],
        json=True,
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["last_day"], told["due"], told["wanted"]) == ("2026-11-02", "2026-11-02T16:00:00+00:00", 30)
    assert sum(span["days"] for span in told["spans"] if span["kind"] == "counted") == 30
    assert "2026-09-14 – 2026-09-27：中止，14 天不计入。" in told["sentences"]
    assert {
        "kind": "paused",
        "first": "2026-09-14",
        "last": "2026-09-27",
        "days": 14,
        "day_kind": None,
        "name": "",
    } in told["spans"]
    call_command("clocks", "explain", limit="petition.return", start="2026-09-30")
    assert capsys.readouterr().out.splitlines()[0] == "不属职权提出退回异议（信访工作条例(2022) 第23条）"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"limit": "petition.none", "start": "2026-09-01"}, "没有“petition.none”这条时限"),
        ({"limit": "petition.return", "start": "2026-13-05"}, "“2026-13-05”不是日期"),
        ({"limit": "petition.return", "start": "2026-09-01", "pause": ["2026-09-04"]}, "不是一段中止"),
        (
            {"limit": "petition.return", "start": "2026-09-01", "pause": ["2026-09-04..2026-09-02"]},
            "不能在开始之前结束",
        ),
    ],
    ids=["limit", "day", "no stretch", "turned round"],
)
def test_what_the_command_cannot_use_it_says(asked, said):
    with pytest.raises(CommandError, match=said):
        call_command("clocks", "explain", **asked)


@pytest.mark.parametrize(
    ("n", "unit", "granted", "share", "left", "said"),
    [
        (15, Unit.DAY, [], "1/3", (5, Unit.DAY), "还剩全部时限的 1/3（5 日）时转黄。"),
        (7, Unit.WORKING_DAY, [], "1/3", (3, Unit.WORKING_DAY), "还剩全部时限的 1/3（3 个工作日）时转黄。"),
        (1, Unit.WORKING_DAY, [], "1/3", (8, Unit.HOUR), "还剩全部时限的 1/3（8 小时）时转黄。"),
        (24, Unit.HOUR, [], "1/4", (6, Unit.HOUR), "还剩全部时限的 1/4（6 小时）时转黄。"),
        # From 31 January a month has 28 days.
        (1, Unit.MONTH, [], "1/4", (7, Unit.DAY), "还剩全部时限的 1/4（7 日）时转黄。"),
        (60, Unit.DAY, [(30, Unit.DAY)], "1/3", (30, Unit.DAY), "还剩全部时限的 1/3（30 日）时转黄。"),
        (5, Unit.WORKING_DAY, [(30, Unit.DAY)], "1/5", (1, Unit.WORKING_DAY), "（1 个工作日）"),
    ],
    ids=["days", "rounded up", "less than a day", "hours", "month", "extended", "other days"],
)
def test_a_share_of_the_whole_limit_is_left(n, unit, granted, share, left, said):
    facts = Facts(at("2026-01-31"), extensions=tuple(Extension(Length(*each)) for each in granted))
    found = share_of(Fraction(share), Terms(Length(n, unit)), facts)
    assert found == Length(*left)
    assert said in yellow_in_words(found, Fraction(share), lights=True)
