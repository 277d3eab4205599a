"""A matter is asked by its own facts; what the table said stands beside what the officer chose."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.models import Fact
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.assessing import assess, route
from fengqiao.matters.domain.merging import merge
from fengqiao.matters.enums import (
    Action,
    ClaimKind,
    ProcedureKind,
    ProcedureStage,
    Risk,
    State,
    Tier,
    Track,
)
from fengqiao.matters.intake import NewClaim, NewProcedure
from fengqiao.matters.models import Assessment, HistoryEvent, Ruling
from fengqiao.matters.queries.by_hand import by_hand
from fengqiao.matters.queries.ruled import facts_of, proposal
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped
from fengqiao.rules.vocabulary import INPUTS
from tests.matters.ground import act, fresh
from tests.rules.drafts import published, with_row
from tests.small_county import SmallCounty, brought_to, registered
from tests.web.desk import at_the_desk, text_of

SUIT = (NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.RUNNING),)


def rule_of(county: SmallCounty, matter):
    with scope(county.actor(Role.DISPATCHER)):
        last = HistoryEvent.objects.filter(matter=matter).order_by("-seq").first()
    return json.loads(bytes(last.content))["parameters"]["rule"]


def test_the_facts_are_those_of_the_matter_and_all_known_to_the_tables(
    county: SmallCounty, django_assert_num_queries
):
    matter = registered(
        county,
        amount=Decimal("36000.50"),
        harm_on=clock.today() + timedelta(days=4),
        needs_care=True,
        care="工人里有带着孩子的",
        procedures=(*SUIT, NewProcedure(ProcedureKind.PETITION, ProcedureStage.FINAL)),
    )
    with scope(county.actor(Role.DISPATCHER)) as actor, django_assert_num_queries(3):
        facts = facts_of(actor, matter)
    assert facts == {
        "claims": ["resolve"],
        "against": "none",
        "running": ["litigation"],
        "used": ["petition"],
        "petition_final": True,
        "category": "0703",
        "scale": "01",
        "people": 12,
        "amount": 36000.5,
        "danger": "none",
        "days_to_harm": 4,
        "public_place": None,
        "needs_care": True,
        "reports": 1,
        "risk": None,
    }
    assert set(facts) <= set(INPUTS)


def test_what_is_unknown_is_unknown_to_the_table_too(county: SmallCounty):
    matter = registered(county, people=None, category="", claims=(NewClaim(ClaimKind.CONSULT, "问"),))
    with scope(county.actor(Role.DISPATCHER)) as actor:
        facts = facts_of(actor, matter)
        said = [proposal(actor, action, matter) for action in (Action.ASSESS, Action.ROUTE)]
    assert (facts["people"], facts["category"]) == (None, None)
    assert [(each.chosen, each.answer.error) for each in said] == [("low", ""), ("departmental", "")]


def test_matters_of_the_same_trouble_are_counted_as_far_as_the_post_sees_them(county: SmallCounty):
    main = brought_to(county, State.ASSESSING)
    other = brought_to(county, State.ACCEPTED, title="同厂另一批工人也没领到工资")
    act(county, Role.DISPATCHER, merge, other, main_id=main.pk, reason="同一家厂的欠薪")
    with scope(county.actor(Role.DISPATCHER)) as actor:
        assert facts_of(actor, main)["reports"] == 2
    with scope(county.actor(Role.DISPATCHER, "other")) as stranger:
        assert facts_of(stranger, main)["reports"] == 1


def test_other_actions_have_no_proposal(county: SmallCounty):
    assert proposal(county.actor(Role.REGISTRAR), Action.ACCEPT, registered(county)) is None


def test_a_choice_as_proposed_names_table_version_and_row(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    act(county, Role.DISPATCHER, route, matter, track=Track.DEPARTMENTAL, reason="属人社部门职责")
    assert rule_of(county, matter) == {
        "table": "track",
        "version": shipped(TableKind.TRACK).version,
        "row": "T21",
        "overridden": False,
    }


def test_a_running_suit_is_for_the_political_legal_post_and_may_be_overridden(county: SmallCounty):
    matter = brought_to(county, State.ROUTING, procedures=SUIT)
    act(county, Role.DISPATCHER, route, matter, track=Track.DEPARTMENTAL, reason="案件已经撤诉，尚未登记")
    rule = rule_of(county, matter)
    assert (rule["row"], rule["overridden"]) == ("T02", True)


def test_a_risk_that_differs_is_kept_as_chosen(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    act(
        county,
        Role.DISPATCHER,
        assess,
        matter,
        level=Risk.LOW,
        grounds="厂方已当面承诺三日内付清，情绪平稳。",
    )
    rule = rule_of(county, matter)
    assert (rule["table"], rule["row"], rule["overridden"]) == ("risk", "R12", True)


def test_the_countys_own_version_answers_from_its_day_and_earlier_answers_stand(county: SmallCounty):
    earlier = brought_to(county, State.ROUTING)
    later = brought_to(county, State.ROUTING, title="另一家厂也拖欠工资")
    act(county, Role.DISPATCHER, route, earlier, track=Track.DEPARTMENTAL, reason="属人社部门职责")
    published(
        county,
        TableKind.TRACK,
        lambda rows: with_row(rows, "T21", then={"track": "petition"}, reason="本县先由信访岗引导"),
    )
    act(county, Role.DISPATCHER, route, later, track=Track.PETITION, reason="按本县规则")
    assert rule_of(county, later) == {"table": "track", "version": "1", "row": "T21", "overridden": False}
    assert rule_of(county, earlier)["version"] == shipped(TableKind.TRACK).version


GROUNDS = "涉及十二人，工人情绪较急，尚无过激行为。"


def test_a_tier_is_proposed_beside_the_risk_followed_or_not_and_counted_by_row(county: SmallCounty):
    """Simple ones to the village, complex ones to the town, hard ones to the county: it moves nothing."""
    followed, another, silent = (brought_to(county, State.ASSESSING, title=f"欠薪 {n}") for n in range(3))
    desk = at_the_desk(county, Role.DISPATCHER)
    page = desk.get(reverse("matter", args=[followed.code]) + "?do=assess")
    assert "规则表建议：复杂 · 镇级 V11 涉及十人以上" in text_of(page)
    assert page.context["form"].initial["tier"] == "complex"

    said = {"level": Risk.MEDIUM, "grounds": GROUNDS}
    act(county, Role.DISPATCHER, assess, followed, **said, tier=Tier.COMPLEX)
    with pytest.raises(Invalid) as refused:
        act(county, Role.DISPATCHER, assess, another, **said, tier=Tier.SIMPLE)
    assert str(refused.value.errors["tier_reason"]) == "规则表 V11 行建议复杂 · 镇级：请写明为什么不同。"
    assert fresh(county, another).state == State.ASSESSING
    reason = "厂在村里，村干部与厂方熟悉"
    act(county, Role.DISPATCHER, assess, another, **said, tier=Tier.SIMPLE, tier_reason=reason)
    act(county, Role.DISPATCHER, assess, silent, **said)

    with scope(county.actor(Role.DISPATCHER)):
        tiers = Ruling.objects.filter(table=TableKind.TIER).order_by("at")
        assert list(tiers.values_list("matter", "row", "proposed", "chosen", "overridden")) == [
            (followed.pk, "V11", "complex", "complex", False),
            (another.pk, "V11", "complex", "simple", True),
        ]
        assert Assessment.objects.get(matter=silent).tier == ""
        facts = Fact.objects.filter(kind__startswith="found_").order_by("recorded_at")
        assert list(facts.values_list("matter", "kind")) == [
            (followed.pk, "found_complex"),
            (another.pk, "found_simple"),
        ]
    page = text_of(desk.get(reverse("matter", args=[another.code])))
    assert "中风险 · 同规则 R12 · 简单 · 村级 · 与规则 V11 不同" in page
    assert reason in page
    counted = text_of(desk.get(reverse("rule_table", args=["tier"])))
    assert "V11 风险研判 改选 1/2" in counted


def test_what_a_table_cannot_answer_is_listed_in_my_work_until_the_table_is_put_right(
    county: SmallCounty, django_assert_num_queries
):
    """Never the next row: who assesses and routes is told which table failed, and why."""
    lost = brought_to(county, State.ROUTING, title="邻里争水沟", category="0201")
    brought_to(county, State.ROUTING, title="工厂欠薪")
    desk = at_the_desk(county, Role.DISPATCHER)
    assert 'id="by-hand"' not in desk.get("/").content.decode()
    without = published(
        county, TableKind.TRACK, lambda rows: with_row(rows, "T99", when={"category": "$ == null"})
    )
    page = desk.get("/")
    assert [(each["matter"].pk, each["error"]) for each in page.context["by_hand"]] == [
        (lost.pk, "没有一行合用，请人工判断。")
    ]
    assert "邻里争水沟 分类流转规则：没有一行合用，请人工判断。 分类流转" in text_of(page)
    assert f"/matters/{lost.code}/?do=route#next" in page.content.decode()
    assert at_the_desk(county, Role.DISPATCHER, "other").get("/").context["by_hand"] == []
    flow.end(
        actor=county.actor(Role.DIRECTOR),
        version_id=without.pk,
        version=without.version,
        until=clock.today(),
    )
    tomorrow = clock.now() + timedelta(days=1)
    with (
        clock.at(tomorrow),
        scope(county.actor(Role.DISPATCHER)) as actor,
        django_assert_num_queries(5),
    ):
        assert by_hand(actor).rows == []
