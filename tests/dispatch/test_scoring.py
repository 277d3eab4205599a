"""The caller scores how a department answered one call: once, amended with its history, never a court."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain.scoring import AMENDED_WITHIN, SCORED_WITHIN
from fengqiao.dispatch.domain.whistling import answer
from fengqiao.dispatch.enums import CallState
from fengqiao.dispatch.models import Call, CallScore
from fengqiao.dispatch.queries.scores import Tally, by_department, calls_to_score, months_between, scored
from fengqiao.flows import procedure
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.settling import archive
from fengqiao.matters.enums import State
from tests.dispatch.hands import HOUSING, LABOUR
from tests.dispatch.test_whistling import LATER, answers, blown, call_of
from tests.matters.ground import EVERYWHERE, act, last_audited, told, words
from tests.small_county import SmallCounty, brought_to, registered
from tests.web.desk import at_the_desk, text_of

CAME = (CallState.THERE, CallState.DONE)
REASON = "十分钟就到，把人劝住了"


def called(county: SmallCounty, *kinds: str, **more) -> Call:
    """A call that has been answered to its end."""
    whistle = blown(county, *kinds, **more)
    answers(county, whistle, *CAME)
    return call_of(whistle)


def gives(
    county: SmallCounty,
    call: Call,
    score: int = 5,
    reason: str = REASON,
    *,
    role=Role.REGISTRAR,
    place="county",
):
    actor = county.actor(role, place)
    return procedure.score(actor=actor, call_id=call.pk, score=score, reason=reason)


def kept(call: Call) -> list[tuple[int, bool]]:
    with scope(EVERYWHERE):
        found = CallScore.objects.filter(call=call).order_by("at", "id")
        return [(each.score, each.replaced_at is None) for each in found]


def test_the_score_stands_in_the_matters_history(county: SmallCounty):
    matter = registered(county)
    call = called(county, matter=matter)
    given = gives(county, call, 4)
    assert (given.county, given.matter_id, given.score, given.by_id) == (
        "440785",
        matter.pk,
        4,
        county.person(Role.REGISTRAR).id,
    )
    assert told(matter)[-1] == "whistle.scored"
    assert words(matter) == {"reason": REASON}


def test_without_a_matter_it_stands_in_the_audit(county: SmallCounty):
    call = called(county)
    gives(county, call)
    audited = last_audited()
    assert (audited.verb, audited.subject) == ("whistle.scored", f"whistle:{call.whistle_id}")


def test_in_an_archived_matter_it_is_told_by_the_audit(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    call = called(county, matter=matter)
    act(county, Role.DIRECTOR, archive, matter_id=matter.pk)
    before = told(matter)
    gives(county, call)
    assert told(matter) == before
    assert last_audited().verb == "whistle.scored"


def test_amended_within_the_week_with_its_history(county: SmallCounty):
    with clock.at(LATER):
        call = called(county)
        gives(county, call, 2, "到得很晚，来了也没办")
        with pytest.raises(Refusal) as same:
            gives(county, call, 2, "到得很晚，来了也没办")
        assert same.value.code == "same_score"
    with clock.at(LATER + AMENDED_WITHIN):
        gives(county, call, 3, "后来补办了手续")
    with clock.at(LATER + AMENDED_WITHIN + timedelta(seconds=1)), pytest.raises(Refusal) as late:
        gives(county, call, 5)
    assert late.value.code == "score_stands"
    assert kept(call) == [(2, False), (3, True)]


def test_a_call_that_ended_long_ago_is_not_scored(county: SmallCounty):
    with clock.at(LATER):
        call = called(county)
    with clock.at(LATER + SCORED_WITHIN + timedelta(seconds=1)), pytest.raises(Refusal) as late:
        gives(county, call)
    assert late.value.code == "score_too_late"
    with clock.at(LATER + SCORED_WITHIN):
        gives(county, call)
    assert kept(call) == [(5, True)]


@pytest.mark.parametrize("until", [(), (CallState.ON_THE_WAY,), (CallState.THERE,)])
def test_what_has_not_ended_is_not_scored(county: SmallCounty, until):
    whistle = blown(county)
    answers(county, whistle, *until)
    with pytest.raises(Refusal) as early:
        gives(county, call_of(whistle))
    assert early.value.code == "not_ended"
    assert kept(call_of(whistle)) == []


def test_who_never_came_and_was_stood_down_is_scored(county: SmallCounty):
    whistle = blown(county)
    act(
        county,
        Role.REGISTRAR,
        answer,
        call_id=call_of(whistle).pk,
        to=CallState.STOOD_DOWN,
        result="等了两小时没有来",
    )
    gives(county, call_of(whistle), 1, "等了两小时没有来")
    assert kept(call_of(whistle)) == [(1, True)]


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.DIRECTOR, "county"),
        (Role.DISPATCHER, "county"),
        (Role.REGISTRAR, "town"),
        (Role.REGISTRAR, "other"),
        (Role.SUPERVISOR, "county"),
        (Role.HANDLER, "labour"),
        (Role.AUDITOR, "county"),
    ],
)
def test_nobody_scores_but_who_called(county: SmallCounty, role: Role, place: str):
    call = called(county)
    with pytest.raises(NotAllowed):
        gives(county, call, role=role, place=place)
    assert kept(call) == []
    with scope(county.actor(role, place)):
        assert list(calls_to_score(county.actor(role, place))) == []


def test_a_court_is_never_scored(county: SmallCounty):
    whistle = blown(county, "court")
    answers(county, whistle, *CAME, who=(Role.HANDLER, "court"))
    call = call_of(whistle, "court")
    with pytest.raises(Refusal) as refusal:
        gives(county, call)
    assert refusal.value.code == "not_scored"
    assert at_the_desk(county, Role.REGISTRAR).get(reverse("score_call", args=[call.pk])).status_code == 403
    with scope(county.actor(Role.REGISTRAR)):
        assert list(calls_to_score(county.actor(Role.REGISTRAR))) == []


@pytest.mark.parametrize(("score", "reason"), [(0, REASON), (6, REASON), (3, " "), (3, "好" * 5001)])
def test_bad_input_is_named_and_leaves_nothing(county: SmallCounty, score: int, reason: str):
    call = called(county)
    with pytest.raises(Invalid):
        gives(county, call, score, reason)
    assert kept(call) == []


def test_the_words_of_a_score_cannot_be_changed(county: SmallCounty):
    call = called(county)
    gives(county, call, 2)
    for changes in ({"score": 5}, {"reason": "改了"}):
        with pytest.raises(ProgrammingError, match="permission denied"), scope(county.actor(Role.REGISTRAR)):
            CallScore.objects.filter(call=call).update(**changes)
    with pytest.raises(ProgrammingError, match="permission denied"), scope(county.actor(Role.REGISTRAR)):
        CallScore.objects.filter(call=call).delete()


def test_the_page_says_when_it_is_too_late(county: SmallCounty):
    with clock.at(LATER):
        call = called(county)
        browser = at_the_desk(county, Role.REGISTRAR)
        address = reverse("score_call", args=[call.pk])
        assert "理由" in text_of(browser.get(address))
        gives(county, call)
    with clock.at(LATER + AMENDED_WITHIN + timedelta(seconds=1)):
        page = text_of(at_the_desk(county, Role.REGISTRAR).get(address))
    assert "评分已经超过 7 天，不能再改" in page
    assert ("理由" in page, REASON in page) == (False, True)


def test_summed_by_department_and_month(county: SmallCounty):
    november, december = LATER.replace(month=11, day=20), LATER.replace(month=12, day=2)
    for moment, score in ((november, 5), (november, 2), (december, 4)):
        with clock.at(moment):
            gives(county, called(county), score)
    with clock.at(december):
        whistle = blown(county, "housing")
        answers(county, whistle, *CAME, who=HOUSING)
        gives(county, call_of(whistle, "housing"), 1, "推说不归他们管")
    since, until = date(november.year, 11, 1), date(december.year, 12, 31)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        housing, labour = sorted(
            by_department(director, since=since, until=until), key=lambda d: d.all.number
        )
        assert (labour.all, labour.of_each) == (Tally(3, 11), {5: 1, 4: 1, 3: 0, 2: 1, 1: 0})
        assert labour.by_month == {since: Tally(2, 7), date(december.year, 12, 1): Tally(1, 4)}
        assert (housing.all, housing.all.mean) == (Tally(1, 1), 1.0)
        # Every number opens into as many rows.
        for each in (housing, labour):
            asked = {"since": since, "until": until, "department": each.department_id}
            assert scored(director, **asked).count() == each.all.number
            for score, number in each.of_each.items():
                assert scored(director, score=score, **asked).count() == number
    for who in (HOUSING, LABOUR):
        with scope(county.actor(*who)):
            own = by_department(county.actor(*who), since=since, until=until)
            assert [each.department_id for each in own] == [county.department(who[1]).id]


def test_months():
    assert list(months_between(date(2026, 11, 20), date(2027, 2, 1))) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]


def test_at_the_desk_from_the_list_to_the_figures(county: SmallCounty):
    call = called(county, matter=registered(county))
    browser = at_the_desk(county, Role.REGISTRAR)
    address = reverse("score_call", args=[call.pk])
    page = browser.get(reverse("whistles"))
    assert "了结了，等您评分" in text_of(page)
    assert f'href="{address}"' in page.content.decode()
    assert "不评个人" in text_of(browser.get(address))
    wrong = browser.post(address, {"score": "3", "reason": ""})
    assert (wrong.status_code, kept(call)) == (422, [])
    page = text_of(browser.post(address, {"score": "3", "reason": REASON}, follow=True))
    assert "了结了，等您评分" not in page
    assert f"登记岗county评 3 分 {REASON}" in page
    browser.post(address, {"score": "5", "reason": "后来才知道帮了大忙"})
    assert "评过的分" in text_of(browser.get(address))
    figures = browser.get(reverse("call_scores"))
    assert "市人社" in text_of(figures)
    ways = {
        part.partition('"')[0].replace("&amp;", "&")
        for part in figures.content.decode().split('href="')[1:]
        if "department=" in part.partition('"')[0]
    }
    assert len(ways) == 3
    for way in ways:
        assert "后来才知道帮了大忙" in text_of(browser.get(way))
    labour = at_the_desk(county, *LABOUR)
    assert "评 5 分" in text_of(labour.get(reverse("whistles")))
    assert "后来才知道帮了大忙" in text_of(labour.get(way))
    assert "后来才知道帮了大忙" not in text_of(at_the_desk(county, *HOUSING).get(way))


@pytest.mark.parametrize("number", [1, 12])
def test_the_statements_of_the_figures_do_not_grow_with_the_scores(
    county: SmallCounty, number: int, django_assert_num_queries
):
    for _each in range(number):
        gives(county, called(county, matter=registered(county)))
    browser = at_the_desk(county, Role.DIRECTOR)
    department = str(county.department("labour").pk)
    with django_assert_num_queries(STATEMENTS):
        page = browser.get(reverse("call_scores"), {"department": department})
    assert text_of(page).count(REASON) == number


STATEMENTS = 13


@pytest.mark.parametrize("number", [1, 12])
def test_the_statements_of_the_list_do_not_grow_with_the_whistles(
    county: SmallCounty, number: int, django_assert_num_queries
):
    for _each in range(number):
        gives(county, called(county, matter=registered(county)))
    browser = at_the_desk(county, Role.REGISTRAR)
    with django_assert_num_queries(LISTED):
        page = browser.get(reverse("whistles"))
    assert text_of(page).count(REASON) == number


LISTED = 24


def test_leaders_see_the_figure_where_they_begin_their_day(county: SmallCounty):
    director = at_the_desk(county, Role.DIRECTOR)
    assert "部门应哨评分" not in text_of(director.get(reverse("my_work")))
    gives(county, called(county), 5)
    gives(county, called(county), 2)
    page = director.get(reverse("my_work"))
    assert "部门应哨评分（近三十天） 2 次 · 平均 3.5" in text_of(page)
    way = page.content.decode().partition('<a href="/whistles/scores?')[2].partition('"')[0]
    rows = director.get(f"/whistles/scores?{way.replace('&amp;', '&')}")
    assert "市人社 2 3.5" in " ".join(text_of(rows).replace("评了", "").replace("平均", "").split())
    assert "部门应哨评分" not in text_of(at_the_desk(county, Role.DISPATCHER).get(reverse("my_work")))
