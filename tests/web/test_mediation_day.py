"""A mediator's day: the talks that come, what each still needs, what is to be signed, what falls due."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import people, sitting, standing
from fengqiao.mediation.models import Mediation
from fengqiao.mediation.queries import days
from fengqiao.places.models import Residence
from tests.agreements.hands import drafted, mediating, parties_of, pays, signed
from tests.matters.ground import EVERYWHERE, act, county, laid
from tests.mediation.test_who_mediates import colleague
from tests.pool.hands import a_room
from tests.referrals.hands import referred
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db
DAY = reverse("mediation_today")
# Eight of them ask for the kinds of agreed days that have no section of their own.
QUERIES = 37
HERE = 17


def planned(county: SmallCounty, matter: Matter, *, in_days: int = 0, who: Any = Role.REGISTRAR) -> Any:
    given = {"kind": "joint", "way": "centre", "place": "二号调解室"}
    at = days.start_of(clock.today()) + timedelta(days=in_days, hours=23)
    parties = [each.pk for each in parties_of(matter)]
    return act(county, who, sitting.plan_sitting, matter, planned_at=at, parties=parties, **given)


def test_the_day_says_what_to_prepare_to_sign_and_what_falls_due(
    county: SmallCounty, django_assert_num_queries: Any
):
    talked, other, later = mediating(county), mediating(county), mediating(county)
    child = parties_of(talked)[0]
    act(county, Role.REGISTRAR, standing.write_standing, talked, party_id=child.pk, kind="minor")
    planned(county, talked, in_days=1)
    planned(county, later, in_days=15)
    owed = mediating(county, title="三天内付清的工资")
    me = county.actor(Role.MEDIATOR).person_id
    with scope(EVERYWHERE):
        Mediation.objects.filter(matter_id__in=[talked.pk, later.pk, owed.pk]).update(mediator_id=me)
    signed(county, owed, pays(owed, days=3))
    paper = drafted(county, talked)
    referred(county, talked, "police", answer_by=clock.today())
    mine = at_the_desk(county, Role.MEDIATOR)
    with django_assert_num_queries(QUERIES):
        page = mine.get(DAY)
    text, html = text_of(page), page.content.decode()
    assert "明天" in text and "23:00 共同会谈" in text and "先前安排" not in text
    assert f"还没有告知权利义务：{'、'.join(each.name for each in parties_of(talked))}" in text
    assert "还没有登记由哪个调解组织主持。" in text and "签署前还没有核对不能约定的内容。" in text
    assert f"{child.name} ：" in text or f"{child.name}：" in text
    assert reverse("mediation_tell", args=[talked.code]) in html
    assert reverse("agreement", args=[paper.pk]) in html
    assert "等对方答复 今天" in text and "3 天后到期" in text and "司法确认" not in text
    assert "三天内付清的工资" in text and later.code not in text and other.code not in text

    # Two talks more, and nothing more is asked; who mediates beside sees them too.
    planned(county, talked)
    planned(county, other)
    second = colleague(county)
    act(county, Role.MEDIATOR, people.add_helper, other, kind="mediator", person_id=second.person_id)
    with django_assert_num_queries(QUERIES):
        mine.get(DAY)
    director = text_of(at_the_desk(county, Role.DIRECTOR).get(DAY))
    assert f"{county.person(Role.MEDIATOR).name} 今天" in director
    assert "还没有确定调解员 今天" in director and other.code in director
    with scope(second):
        beside = days.talks_to_come(second, clock.today(), second.person_id)
    assert [each.sitting.matter_id for each in beside] == [other.pk]
    with clock.at(clock.now() + timedelta(days=1)):
        assert "先前安排、还没有谈的" in text_of(mine.get(DAY))
    assert at_the_desk(county, Role.DISPATCHER).get(DAY).status_code == 403


def test_the_window_sees_who_is_there_today(county: SmallCounty, django_assert_num_queries: Any):
    talked = mediating(county)
    me, window = county.actor(Role.MEDIATOR), at_the_desk(county, Role.REGISTRAR)
    second = colleague(county)
    with scope(EVERYWHERE):
        Mediation.objects.filter(matter_id=talked.pk).update(mediator_id=me.person_id)
        centre = county.centres["county"]
        for kind, mode in (("labour", "resident"), ("housing", "rotating"), ("petition", "left")):
            Residence.objects.create(centre=centre, department=county.department(kind), mode=mode)
        a_room(county.actor(Role.DIRECTOR), days=[1, 2, 3, 4, 5, 6, 7], closes=time(12))
    held = planned(county, talked)
    with clock.at(days.start_of(clock.today()) + timedelta(hours=10)):
        with django_assert_num_queries(HERE):
            page = window.get("/register/present", headers={"HX-Request": "true"})
        told = text_of(page)
        # Who is free is named first.
        assert f"调解员 {second.name} {me.name} 23:00 有会谈" in told
        assert "恒叔调解室 开放，到 12:00 恩城街道东门路一号二楼" in told
        assert (
            "常驻 市" in told and "轮驻 市" in told and county.department("petition").short_name not in told
        )
    act(county, Role.MEDIATOR, sitting.begin_sitting, talked, sitting_id=held.pk)
    assert f"{me.name} 正在谈" in text_of(window.get("/register/present"))
    assert at_the_desk(county, Role.SUPERVISOR).get("/register/present").status_code == 403
    # Another centre's day is not told.
    other = text_of(at_the_desk(county, Role.REGISTRAR, "other").get("/register/present"))
    assert me.name not in other and "恒叔调解室" not in other
