"""A matter's limits at the desk: the new end is shown before it is confirmed, and only what was shown is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import extending, stating
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from tests.clocks.test_verbs import LABOUR, NOON, at, does, facts, on, petition, recheck
from tests.matters.ground import EVERYWHERE, fresh
from tests.small_county import SmallCounty, registered
from tests.web.desk import at_the_desk, text_of

__all__ = ["petition", "recheck"]
pytestmark = pytest.mark.django_db


def typed(moment: Any) -> str:
    return str(moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M"))


def hidden(response: Any, name: str) -> str:
    """What a hidden field of the dialog holds."""
    (found,) = re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return str(found)


def previewed(client: Client, way: str, **values: Any) -> Any:
    """The dialog opened, filled in, and its effect looked at."""
    version = hidden(client.get(way), "version")
    return client.post(way, {"version": version, "preview": "1", **values})


def confirmed(client: Client, way: str, shown: Any, **values: Any) -> Any:
    kept = {name: hidden(shown, name) for name in ("version", "previewed")}
    return client.post(way, {**kept, "confirm": "1", **values})


def test_a_fact_is_recorded_after_its_effect_was_seen(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county)
    client, way = at_the_desk(county, Role.REGISTRAR), f"/matters/{matter.code}/facts/record"
    with clock.at(at(3)):
        values = {"kind": FactKind.REVIEW_REQUESTED, "at": typed(at(1)), "reason": "收件章"}
        shown = previewed(client, way, **values)
        assert shown.status_code == 200
        assert "没有 → 2026-10-08 24:00" in text_of(shown)
        assert facts(matter) == []
        # Something else than was shown is shown first, and not done.
        other = confirmed(client, way, shown, **values | {"at": typed(at(2))})
        assert other.status_code == 200
        assert facts(matter) == []
        answer = confirmed(client, way, other, **values | {"at": typed(at(2))})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/matters/{matter.code}/#clocks")
    assert facts(matter) == [(FactKind.REVIEW_REQUESTED, False)]
    page = text_of(client.get(f"/matters/{matter.code}/"))
    assert "信访 · 复查意见" in page
    assert "记录时限事实 · 请求复查 · 2026-09-05 12:00" in page


def test_what_is_refused_comes_back_beside_its_field(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county)
    client, way = at_the_desk(county, Role.REGISTRAR), f"/matters/{matter.code}/facts/record"
    with clock.at(at(3)):
        answer = previewed(client, way, kind=FactKind.REVIEW_REQUESTED, at=typed(at(9)))
    assert answer.status_code == 422
    assert "还没有到这个时间" in text_of(answer)
    # A tampered kind is no choice of the form.
    assert previewed(client, way, kind="settled", at=typed(at(1))).status_code == 422
    assert facts(matter) == []


def test_a_pause_is_offered_where_the_law_knows_one_and_then_its_end(county: SmallCounty, recheck: Matter):
    client = at_the_desk(county, Role.DISPATCHER)
    way = f"/matters/{recheck.code}/clocks/{on(county, recheck, 'petition.recheck').pk}"
    with clock.at(at(8)):
        page = client.get(f"/matters/{recheck.code}/").content.decode()
        assert f"{way}/pause" in page
        assert f"{way}/ask_extension" not in page
        values = {"ground": "hearing", "at": typed(at(7)), "reason": "九月十日听证"}
        shown = previewed(client, f"{way}/pause", **values)
        assert "2026-10-08 24:00 → 中止" in text_of(shown)
        assert confirmed(client, f"{way}/pause", shown, **values).status_code == 204
        page = client.get(f"/matters/{recheck.code}/").content.decode()
        assert f"{way}/resume" in page
        assert f"{way}/pause" not in page
        told = text_of(client.get(way))
    assert "中止 · 听证 · 九月十日听证" in told


def test_meanwhile_changed_is_said_and_then_goes_through(county: SmallCounty, recheck: Matter):
    client = at_the_desk(county, Role.DISPATCHER)
    clock_id = on(county, recheck, "petition.recheck").pk
    way = f"/matters/{recheck.code}/clocks/{clock_id}/pause"
    values = {"ground": "hearing", "at": typed(at(7)), "reason": "九月十日听证"}
    with clock.at(at(8)):
        shown = previewed(client, way, **values)
        does(county, stating.record, recheck, kind=FactKind.OPINION_SERVED, at=at(1))
        stale = confirmed(client, way, shown, **values)
        assert stale.status_code == 409
        assert "已有变动" in text_of(stale)
        shown = client.post(way, {"version": hidden(stale, "version"), "preview": "1", **values})
        assert confirmed(client, way, shown, **values).status_code == 204


def test_an_extension_from_the_department_to_the_director(county: SmallCounty, petition: Matter):
    clock_id = on(county, petition, "petition.resolve").pk
    way = f"/matters/{petition.code}/clocks/{clock_id}"
    with clock.at(at(90)):
        late = at_the_desk(county, *LABOUR).get(f"/matters/{petition.code}/").content.decode()
        assert f"{way}/ask_extension" not in late
    with clock.at(at(30)):
        handler, director = at_the_desk(county, *LABOUR), at_the_desk(county, Role.DIRECTOR)
        assert f"{way}/ask_extension" in handler.get(f"/matters/{petition.code}/").content.decode()
        assert f"{way}/decide_extension" not in director.get(f"/matters/{petition.code}/").content.decode()
        assert "最多 30 日" in text_of(handler.get(f"{way}/ask_extension"))
        values = {"n": "15", "unit": "calendar_day", "reason": "需要委托工资审计"}
        shown = previewed(handler, f"{way}/ask_extension", **values)
        assert "各个时限的届满日都不变。" in text_of(shown)
        assert confirmed(handler, f"{way}/ask_extension", shown, **values).status_code == 204
        page = director.get(f"/matters/{petition.code}/")
        assert f"{way}/decide_extension" in page.content.decode()
        assert "申请延长，等审批：需要委托工资审计" in text_of(page)
        assert "告知信访人理由" in text_of(director.get(f"{way}/decide_extension"))
        values = {"approve": "yes", "consent": "十月三日书面告知"}
        shown = previewed(director, f"{way}/decide_extension", **values)
        assert "2026-11-02 24:00 → 2026-11-17 24:00" in text_of(shown)
        assert confirmed(director, f"{way}/decide_extension", shown, **values).status_code == 204
        told = text_of(director.get(way))
    assert "申请延长 15 日 · 需要委托工资审计" in told
    assert "十月三日书面告知" in told


def test_the_facts_behind_the_limits_are_read_and_put_right(county: SmallCounty, recheck: Matter):
    client, way = at_the_desk(county, Role.DISPATCHER), f"/matters/{recheck.code}/facts/"
    with scope(EVERYWHERE):
        row = Fact.objects.get(matter_id=recheck.pk)
    with clock.at(at(5)):
        page = client.get(way).content.decode()
        assert f"{way}{row.pk}/correct" in page
        assert f"{way}{row.pk}/take_back" in page
        values = {"at": typed(at(-6)), "reason": "邮戳是八月二十八日"}
        shown = previewed(client, f"{way}{row.pk}/correct", **values)
        assert "2026-10-08 24:00 → 2026-09-28 24:00" in text_of(shown)
        assert confirmed(client, f"{way}{row.pk}/correct", shown, **values).status_code == 204
        told = client.get(way)
    assert f"{way}{row.pk}/correct" not in told.content.decode()
    assert "已不作数" in text_of(told)
    assert "邮戳是八月二十八日" in text_of(told)
    # Who only reads is offered nothing.
    reader = at_the_desk(county, Role.DUTY_COMMANDER).get(way).content.decode()
    assert "/take_back" not in reader
    assert "记录事实" not in reader


def test_nothing_is_offered_on_what_has_stopped_and_no_verb_is_guessed(county: SmallCounty, recheck: Matter):
    way = f"/matters/{recheck.code}/clocks/{on(county, recheck, 'petition.recheck').pk}"
    client = at_the_desk(county, Role.DISPATCHER)
    with clock.at(at(20)):
        does(county, stating.record, recheck, kind=FactKind.RECHECK_SERVED, at=at(15))
        assert f"{way}/pause" not in client.get(f"/matters/{recheck.code}/").content.decode()
    assert client.get(f"{way}/delete").status_code == 403
    assert client.get(f"/matters/{recheck.code}/facts/{EVERYWHERE.person_id}/correct").status_code == 403
    assert fresh(county, recheck).version == 3


def test_a_limit_of_the_parties_is_paused_and_begun_anew_at_the_desk(county: SmallCounty):
    with clock.at(NOON):
        matter = registered(county, category="0703")
        does(county, stating.record, matter, kind=FactKind.RIGHT_KNOWN, at=NOON - timedelta(days=90))
    clock_id = on(county, matter, "labour.limitation").pk
    client, way = at_the_desk(county, Role.DISPATCHER), f"/matters/{matter.code}/clocks/{clock_id}/restart"
    with clock.at(at(9)):
        assert "向对方主张权利" in text_of(client.get(way))
        values = {"ground": "claim_made", "at": typed(at(8)), "reason": "向厂方书面催讨"}
        shown = previewed(client, way, **values)
        assert "→ 2027-09-13 24:00" in text_of(shown)
        assert confirmed(client, way, shown, **values).status_code == 204


def test_that_a_limit_was_met_is_entered_at_the_desk(county: SmallCounty, recheck: Matter):
    way = f"/matters/{recheck.code}/clocks/{on(county, recheck, 'petition.recheck').pk}"
    client = at_the_desk(county, Role.DISPATCHER)
    with clock.at(at(9)):
        assert f"{way}/fulfil" in client.get(f"/matters/{recheck.code}/").content.decode()
        values = {"at": typed(at(8)), "reason": "市局复核意见书，邮寄回执"}
        shown = previewed(client, f"{way}/fulfil", **values)
        assert "2026-09-11 停" in text_of(shown)
        assert confirmed(client, f"{way}/fulfil", shown, **values).status_code == 204
        told = text_of(client.get(way))
    assert "已经办到 · 市局复核意见书，邮寄回执" in told


def test_whoever_may_not_is_refused_also_at_the_dialog(county: SmallCounty, petition: Matter):
    clock_id = on(county, petition, "petition.resolve").pk
    way = f"/matters/{petition.code}/clocks/{clock_id}/decide_extension"
    with clock.at(at(30)):
        values = {"clock_id": clock_id, "n": 15, "unit": "calendar_day", "reason": "需要委托工资审计"}
        does(county, extending.ask, petition, LABOUR, **values)
        answer = previewed(at_the_desk(county, Role.DISPATCHER), way, approve="yes", consent="已告知")
    assert answer.status_code == 403
    assert "不属于您的岗位" in text_of(answer)
