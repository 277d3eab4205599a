"""What-if: a draft asked over the ledger changes nothing, opens each number, and is followed once published."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.replaying import carry_out
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter, Replay, Replayed
from fengqiao.matters.queries.replays import summary_of
from fengqiao.matters.queries.ruled import facts_of, facts_of_many
from fengqiao.rules.deciding import Row
from fengqiao.rules.domain.drafting import NotReady
from fengqiao.rules.enums import TableKind
from fengqiao.rules.models import TableVersion
from fengqiao.rules.queries.tables import shipped
from tests.matters.ground import act, fresh
from tests.matters.test_ruled import SUIT, rule_of
from tests.rules.drafts import APPROVER, AUTHOR, drafted, submitted, with_row
from tests.small_county import AN_EVENING, SmallCounty, brought_to, registered
from tests.web.desk import at_the_desk, text_of

TRACK, RISK = TableKind.TRACK, TableKind.RISK


def to_housing(rows: list[Row]) -> list[Row]:
    """Labour matters go to another department."""
    return with_row(rows, "T21", then={"track": "departmental", "departments": "housing"})


def replayed(county: SmallCounty, draft: TableVersion, who: Role = APPROVER) -> Replay:
    actor = county.actor(who)
    today = clock.today()
    ordered = flow.replay(actor=actor, version_id=draft.pk, since=today - timedelta(days=400), until=today)
    return carry_out(actor=actor, replay_id=ordered.pk)


def as_it_is(county: SmallCounty) -> list[Any]:
    with scope(county.actor(Role.DIRECTOR)):
        return list(Matter.objects.order_by("pk").values())


def test_a_draft_is_replayed_published_and_followed_and_yesterdays_matter_keeps_its_row(county: SmallCounty):
    yesterday = brought_to(county, State.DISPATCHING)
    wages = brought_to(county, State.DISPATCHING, title="另一家厂也拖欠工资")
    brought_to(county, State.DISPATCHING, title="邻里争水沟", category="0201")
    act(
        county, Role.DISPATCHER, dispatching.dispatch, yesterday,
        lead=county.department("labour").id, message="请依法处理并答复",
    )  # fmt: skip
    draft = submitted(county, TRACK, to_housing)
    before = as_it_is(county)
    replay = replayed(county, draft)
    assert as_it_is(county) == before
    director = at_the_desk(county, APPROVER)
    page = director.get(reverse("rule_replay", args=[replay.pk]))
    assert (page.context["summary"].total, page.context["summary"].moved) == (3, 2)
    assert {each["department"]: (each["now"], each["then"]) for each in page.context["load"]} == {
        "人社": (2, 0),
        "住建": (0, 2),
    }
    (moved,) = page.context["by_row"]
    assert (moved["difference"].before_row, moved["difference"].after_row) == ("T21", "T21")
    assert (moved["before"], moved["after"]) == ("行业部门 · 人社", "行业部门 · 住建")
    opened = {
        page.context["all_href"]: 3,
        page.context["moved_href"]: 2,
        moved["href"]: 2,
        **{each["now_href"]: each["now"] for each in page.context["load"]},
        **{each["then_href"]: each["then"] for each in page.context["load"]},
    }
    for address, number in opened.items():
        listed = director.get(address)
        assert (listed.context["total"], len(listed.context["rows"])) == (number, number)
    assert yesterday.code in text_of(director.get(page.context["moved_href"]))
    assert "去批准或退回" in text_of(page)
    said = {"version": draft.version, "effective_from": clock.today().isoformat()}
    assert director.post(reverse("rule_act", args=[draft.pk, "approve"]), said).status_code == 302
    act(
        county, Role.DISPATCHER, dispatching.dispatch, wages,
        lead=county.department("housing").id, message="请依法处理并答复",
    )  # fmt: skip
    assert rule_of(county, wages) == {"table": "track", "version": "1", "row": "T21", "overridden": False}
    history = text_of(director.get(reverse("matter", args=[yesterday.code])))
    assert "交办 · 市人社 · 同规则 T21" in history
    assert "第 1 版" not in history


def test_risk_goes_up_and_down(county: SmallCounty):
    registered(county, people=2)
    registered(county, people=12, title="十二人讨薪")
    registered(county, people=60, title="六十人讨薪")

    def change(rows: list[Row]) -> list[Row]:
        rows = with_row(rows, "R99", then={"level": "medium"})
        return with_row(rows, "R03", then={"level": "low"})

    replay = replayed(county, drafted(county, RISK, change))
    with scope(county.actor(Role.DIRECTOR)) as actor:
        told = summary_of(actor, replay)
    assert (told.total, told.moved, told.risk_up, told.risk_down) == (3, 2, 1, 1)
    assert told.choices == {("low", "medium"): 1, ("high", "low"): 1}


def test_what_a_post_does_not_see_is_in_no_number(county: SmallCounty):
    brought_to(county, State.DISPATCHING, division="440785001001", grid="")
    replay = replayed(county, drafted(county, TRACK, to_housing))
    registrar = at_the_desk(county, Role.REGISTRAR, "town")
    page = registrar.get(reverse("rule_replay", args=[replay.pk]))
    assert page.context["summary"].total == 0
    stranger = at_the_desk(county, Role.DIRECTOR, "other")
    assert stranger.get(reverse("rule_replay", args=[replay.pk])).status_code == 403


def test_a_broken_draft_and_odd_days_are_refused_and_leave_nothing(county: SmallCounty):
    today = clock.today()
    broken = drafted(county, RISK, lambda rows: with_row(rows, "R03", when={"people": ">= 50"}))
    good = drafted(county, TRACK)
    author = county.actor(AUTHOR)
    for version, since, until, refusal in (
        (broken, today, today, NotReady),
        (good, today, today - timedelta(days=1), Invalid),
        (good, today - timedelta(days=2000), today, Invalid),
    ):
        with pytest.raises(refusal):
            flow.replay(actor=author, version_id=version.pk, since=since, until=until)
    with pytest.raises(NotAllowed):
        flow.replay(actor=county.actor(AUTHOR, "other"), version_id=good.pk, since=today, until=today)
    # What stood against a department on a day is not in the ledger.
    of_parts = drafted(county, TableKind.SUPERVISION)
    with pytest.raises(Refusal) as of_a_part:
        flow.replay(actor=author, version_id=of_parts.pk, since=today, until=today)
    assert of_a_part.value.code == "not_replayed"
    page = at_the_desk(county, AUTHOR).get(reverse("rule_version", args=[of_parts.pk]))
    assert reverse("rule_replay_order", args=[of_parts.pk]) not in page.content.decode()
    with scope(author):
        assert not Replay.objects.exists()
    flow.replay(actor=author, version_id=good.pk, since=today, until=today)
    with pytest.raises(Refusal) as twice:
        flow.replay(actor=author, version_id=good.pk, since=today, until=today)
    assert twice.value.code == "replayed_already"


def test_a_later_replay_takes_the_answers_of_the_earlier_one_away(county: SmallCounty):
    brought_to(county, State.DISPATCHING)
    draft = drafted(county, TRACK, to_housing)
    earlier, later = replayed(county, draft), replayed(county, draft)
    with scope(county.actor(Role.DIRECTOR)):
        assert not Replayed.objects.filter(replay=earlier).exists()
        assert Replayed.objects.filter(replay=later).count() == 1


def test_facts_of_many_are_those_of_each(county: SmallCounty, django_assert_num_queries: Any):
    made = [registered(county), registered(county, title="在打官司", procedures=SUIT)]
    with scope(county.actor(Role.DIRECTOR)) as actor:
        matters = [fresh(county, each) for each in made]
        with django_assert_num_queries(3):
            many = facts_of_many(actor, matters)
        assert many == {each.pk: facts_of(actor, each) for each in matters}


def test_the_command_tells_the_difference(county: SmallCounty):
    brought_to(county, State.DISPATCHING)
    drafted(county, TRACK, to_housing)
    today = clock.today()
    asked = [
        "rules",
        "replay",
        "--table",
        "track",
        "--from",
        str(today - timedelta(days=400)),
        "--to",
        str(today),
    ]
    out = StringIO()
    call_command(*asked, "--draft", "1", "--county", "440785", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["matters"], told["moved"]) == (1, 1)
    assert told["rows"] == [{"before": "T21", "after": "T21", "matters": 1}]
    assert told["load"] == [
        {"department": "labour", "before": 1, "after": 0},
        {"department": "housing", "before": 0, "after": 1},
    ]
    with pytest.raises(CommandError, match="没有这一版"):
        call_command(*asked, "--draft", "9", "--county", "440785", stdout=StringIO())


def test_the_page_orders_it_and_shows_how_far_it_is(county: SmallCounty):
    brought_to(county, State.DISPATCHING)
    draft = drafted(county, TRACK, to_housing)
    author = at_the_desk(county, AUTHOR)
    address = reverse("rule_replay_order", args=[draft.pk])
    assert author.get(address).status_code == 200
    refused = author.post(address, {"since": "2026-02-01", "until": "2026-01-01"})
    assert "截止日期早于开始日期" in text_of(refused)
    sent = author.post(address, {"since": "2026-01-01", "until": clock.today().isoformat()})
    assert sent.status_code == 302
    assert "共 1 件。可以离开这个页面" in text_of(author.get(sent.headers["Location"]))


def test_what_would_fall_due_earlier_or_later_is_told_by_limit_and_opens(county: SmallCounty):
    """Nothing starts but what has happened: who waits for a department has none of a department's limits."""
    with clock.at(AN_EVENING):
        wages = brought_to(county, State.DISPATCHING)
        shop = brought_to(county, State.HANDLING, title="网购手机不退款", category="0601")
        brought_to(county, State.CLOSED, title="已经结案的欠薪")

    def to_petition(rows: list[Row]) -> list[Row]:
        rows = with_row(rows, "T21", then={"track": "petition"})
        return with_row(rows, "T28", then={"track": "petition", "departments": "market"})

    def due(replay: Replay) -> dict[tuple[str, str, str], int]:
        with scope(county.actor(Role.DIRECTOR)) as actor:
            found = summary_of(actor, replay).due
        return {(each.due_turn, each.before_limit, each.after_limit): each.n for each in found}

    draft = drafted(county, TRACK, to_petition)
    replay = replayed(county, draft)
    assert due(replay) == {
        ("begins", "", "petition.acknowledge"): 1,
        ("earlier", "consumer.accept", "petition.return"): 1,
    }
    director = at_the_desk(county, APPROVER)
    page = director.get(reverse("rule_replay", args=[replay.pk]))
    opens = {each["turn"]: each["href"] for each in page.context["due"]}
    for turn, matter in (("新有期限", wages), ("提前", shop)):
        listed = director.get(opens[turn])
        assert [each["matter"].pk for each in listed.context["rows"]] == [matter.pk]
    said = "2026-12-01 24:00 消费投诉 · 受理决定 → 2026-11-27 24:00 信访 · 不属职权提出退回异议"
    assert said in text_of(director.get(opens["提前"]))
    made = flow.submit(actor=county.actor(AUTHOR), version_id=draft.pk, version=draft.version)
    flow.approve(
        actor=county.actor(APPROVER),
        version_id=draft.pk,
        version=made.version,
        effective_from=clock.today(),
    )
    back = with_row(
        with_row(list(shipped(TRACK).rows), "T21", then={"track": "departmental"}),
        "T28",
        then={"track": "departmental", "departments": "market"},
    )
    assert due(replayed(county, drafted(county, TRACK, lambda rows: back))) == {
        ("ends", "petition.acknowledge", ""): 1,
        ("later", "petition.return", "consumer.accept"): 1,
    }
