"""On what footing a mediation stands, who stands for whom, who mediates, and whom a party does not want."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.api.session_shapes import session_of
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import State
from fengqiao.matters.intake import NewParty
from fengqiao.matters.models import Party, Recusal
from fengqiao.mediation.domain import people, standing
from fengqiao.mediation.domain.mediating import record_mediation, send_to_mediation
from fengqiao.mediation.enums import Result
from fengqiao.mediation.models import Footing, Helper, Mediation, RecusalAsked, Standing
from fengqiao.mediation.queries.mediations import mediations_of
from fengqiao.mediation.queries.process import footings_of
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.rules.queries.mediation_bodies import all_bodies, asks, bodies_of, bodies_on
from tests.matters.ground import act, fresh, refuses, rows, sees, told
from tests.mediation.test_mediating import all_agree
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db

PARTIES = (
    NewParty(name="小黄"),
    NewParty(role="respondent", name="陶瓷公司", kind="organisation", legal_representative="李某某"),
    NewParty(role="respondent", name="赵律师", agent_for=1, agent_power="见委托书"),
)


def mediating(county: SmallCounty) -> Any:
    matter = brought_to(county, State.ACCEPTED, parties=PARTIES)
    mediator = county.person(Role.MEDIATOR).id
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter), mediator_id=mediator)
    return matter


def agreed(county: SmallCounty, matter: Any) -> None:
    act(county, Role.MEDIATOR, record_mediation, matter, result=Result.WRITTEN, text="三日内付清工资。")


def stand(
    county: SmallCounty, matter: Any, party: Any, kind: str, who: Any = Role.MEDIATOR, **more: Any
) -> Any:
    return act(county, who, standing.write_standing, matter, party_id=party, kind=kind, **more)


def colleague(county: SmallCounty) -> Actor:
    """One more mediator of the same centre."""
    held = county.stationings[(Role.MEDIATOR, "county")]
    person = Person.objects.create(username="second", name="调解员乙")
    return actor_of(Stationing.objects.create(person=person, post=held.post, valid_from=held.valid_from))


def footing(county: SmallCounty, matter: Any, who: Any = Role.MEDIATOR, **changes: Any) -> Any:
    given = {"body": "people", "name": "东门社区人民调解委员会", "initiative": "applied"} | changes
    return act(county, who, standing.set_footing, matter, **given)


def test_an_agreement_waits_for_the_guardian_and_for_the_authority(county: SmallCounty):
    matter = mediating(county)
    child, firm, agent = (row[0] for row in rows(Party, matter, "pk"))
    for party, kind, who, more, code, field in (
        (child, "minor", Role.DISPATCHER, {}, "post_may_not", None),
        (agent, "minor", Role.MEDIATOR, {}, "invalid", "party_id"),
        (new_id(), "minor", Role.MEDIATOR, {}, "invalid", "party_id"),
        (child, "guardian", Role.MEDIATOR, {}, "invalid", "name"),
        (firm, "general", Role.MEDIATOR, {"name": "赵律师"}, "invalid", "paper"),
    ):
        with refuses(code, field=field):
            stand(county, matter, party, kind, who, **more)
    stand(county, matter, child, "minor")
    stand(county, matter, firm, "general", name="赵律师", paper="委托书：一般授权")
    with refuses("minor_not_stood_for") as refusal:
        agreed(county, matter)
    assert "民法典 第19条、第20条、第23条" in str(refusal.value)
    desk = at_the_desk(county, Role.MEDIATOR)
    address = f"/matters/{matter.code}/mediation"
    page = desk.get(address).content.decode()
    assert page.count(asks()["minor"].name) == page.count(asks()["general"].name) == 1
    sent = desk.post(f"{address}/stand", {"party_id": str(child), "kind": "guardian", "name": "老黄"})
    assert (sent.status_code, sent.headers["Location"]) == (302, address)
    with refuses("general_not_stood_for") as refusal:
        agreed(county, matter)
    assert "民事诉讼法(2023) 第62条" in str(refusal.value)
    stand(county, matter, firm, "special", name="赵律师", paper="委托书：可以和解")
    actor = county.actor(Role.MEDIATOR)
    with scope(actor):
        assert (
            facts_of(fresh(county, matter))
            .values["agents"]
            .endswith("委托赵律师：见委托书，特别授权（委托书：可以和解）")
        )
    agreed(county, matter)
    assert fresh(county, matter).state == "settled"
    assert len(rows(Standing, matter, "pk")) == 4
    assert f"{address}/stand" not in desk.get(address).content.decode()
    with refuses("no_mediation"):
        stand(county, matter, child, "not_minor")


def test_the_partys_own_word_or_a_correction_is_enough(county: SmallCounty):
    matter = mediating(county)
    child, firm = (row[0] for row in rows(Party, matter, "pk")[:2])
    for party, kind, more in (
        (child, "minor", {}),
        (child, "not_minor", {}),
        (firm, "general", {"name": "赵律师", "paper": "委托书：一般授权"}),
        (firm, "own_word", {}),
    ):
        stand(county, matter, party, kind, **more)
    agreed(county, matter)
    assert told(matter)[-5:] == ["mediation.stand"] * 4 + ["matter.record_mediation.agreed"]


def test_who_mediates_says_what_it_can_ground(county: SmallCounty):
    matter = mediating(county)
    desk = at_the_desk(county, Role.MEDIATOR)
    address = f"/matters/{matter.code}/mediation"
    assert "还没有登记由谁调解" in desk.get(address).content.decode()
    for changes, code, field in (
        ({"body": "grid"}, "invalid", "body"),
        ({"name": "会"}, "invalid", "name"),
        ({"fee": Decimal(100)}, "free_of_charge", "fee"),
        # Wages: 商事调解条例 第2条.
        ({"body": "commercial", "name": "五邑商事调解中心"}, "not_for_this_kind", "body"),
    ):
        with refuses(code, field=field):
            footing(county, matter, **changes)
    with refuses("post_may_not"):
        footing(county, matter, Role.DISPATCHER)
    sent = desk.post(f"{address}/footing", {"body": "centre", "name": "恩平市综治中心", "initiative": "own"})
    assert sent.status_code == 302
    assert "达成的协议不能据此申请司法确认" in desk.get(address).content.decode()
    footing(county, matter, body="court_assigned", name="五邑商事调解中心", fee=Decimal(100))
    footing(county, matter)
    assert rows(Footing, matter, "body", "initiative", "fee") == [
        ("centre", "own", None),
        ("court_assigned", "applied", Decimal(100)),
        ("people", "applied", None),
    ]
    with scope(county.actor(Role.MEDIATOR)):
        organisation = facts_of(fresh(county, matter)).values["organisation"]
        [mediation] = mediations_of(fresh(county, matter))
        shown = session_of(mediation, footings_of([mediation])[mediation.pk]).organisation
    assert shown
    assert (shown.kind, shown.confirms, shown.initiative) == ("people", True, "applied")
    assert organisation == "东门社区人民调解委员会（人民调解委员会印章）"


def test_whom_a_party_does_not_want_is_replaced(county: SmallCounty):
    matter = mediating(county)
    first, second = county.person(Role.MEDIATOR), Person.objects.get(pk=colleague(county).person_id)
    party = rows(Party, matter, "pk")[0][0]
    for given, code, field in (
        ({"kind": "mediator"}, "invalid", "person_id"),
        ({"kind": "assistant", "name": "一"}, "invalid", "name"),
        ({"kind": "mediator", "person_id": first.id}, "takes_part_already", "person_id"),
        ({"kind": "mediator", "person_id": county.person(Role.DIRECTOR).id}, "no_mediator_here", "person_id"),
    ):
        with refuses(code, field=field):
            act(county, Role.MEDIATOR, people.add_helper, matter, **given)
    helper = act(county, Role.MEDIATOR, people.add_helper, matter, kind="assistant", name="二叔公")
    act(county, Role.MEDIATOR, people.add_helper, matter, kind="mediator", person_id=second.id)
    act(county, Role.MEDIATOR, people.end_helping, matter, helper_id=helper.pk)
    with refuses("invalid", field="helper_id"):
        act(county, Role.MEDIATOR, people.end_helping, matter, helper_id=helper.pk)
    with scope(county.actor(Role.MEDIATOR)):
        names = facts_of(fresh(county, matter)).values["mediator"]
    assert names == f"{first.name}、{second.name}"
    asking = {"party_id": party, "person_id": first.id, "reason": "和对方是亲戚"}
    for changes, field in (({"party_id": new_id()}, "party_id"), ({"person_id": new_id()}, "person_id"),
                           ({"reason": ""}, "reason")):  # fmt: skip
        with refuses("invalid", field=field):
            act(county, Role.MEDIATOR, people.ask_recusal, matter, **(asking | changes))
    asked = act(county, Role.MEDIATOR, people.ask_recusal, matter, **asking)
    with refuses("asked_already"):
        act(county, Role.MEDIATOR, people.ask_recusal, matter, **asking)
    footing(county, matter)
    deciding = {"asked_id": asked.pk, "granted": True, "answer": "应当调换", "successor_id": second.id}
    for who, changes, code, field in (
        (Role.REGISTRAR, {}, "post_may_not", None),
        (Role.DIRECTOR, {"asked_id": new_id()}, "invalid", "asked_id"),
        (Role.DIRECTOR, {"answer": ""}, "invalid", "answer"),
        (Role.DIRECTOR, {"granted": False}, "must_replace", None),
        (Role.DIRECTOR, {"successor_id": None}, "invalid", "successor_id"),
    ):
        with refuses(code, field=field):
            act(county, who, people.decide_recusal, matter, **(deciding | changes))
    desk = at_the_desk(county, Role.DIRECTOR)
    address = f"/matters/{matter.code}/mediation/decide_recusal"
    assert "小黄 → " in desk.get(address).content.decode()
    sent = desk.post(
        address,
        {"asked_id": str(asked.pk), "granted": "yes", "answer": "应当调换", "successor_id": str(second.id)},
    )
    assert sent.status_code == 302
    assert rows(Mediation, matter, "mediator_id") == [(second.id,)]
    assert rows(Recusal, matter, "person_id") == [(first.id,)]
    assert not sees(county, Role.MEDIATOR, matter)
    assert rows(RecusalAsked, matter, "granted", "answer") == [(True, "应当调换")]
    assert {row[0] is None for row in rows(Helper, matter, "ended_at")} == {False}
    assert told(matter)[-1] == "mediation.decide_recusal"


def test_each_kind_of_organisation_names_its_articles():
    today = {each.id: each for each in bodies_on(clock.today())}
    assert {each.id for each in today.values() if each.confirms} == {
        "people", "industry", "commercial", "court_assigned", "court_mediator",
    }  # fmt: skip
    assert [each.id for each in today.values() if each.fee == "may_charge"] == ["commercial"]
    assert today["people"].basis.startswith("人民调解法 第4条、第7条、第33条")
    assert "第16条" in today["commercial"].basis
    commercial = all_bodies()["commercial"]
    barred = [
        each for each in ("0103", "0202", "0601", "0603", "0703", "") if not commercial.may_mediate(each)
    ]
    assert barred == ["0103", "0601", "0703"]
    row = {name: str(value or "") for name, value in vars(all_bodies()["people"]).items()} | {
        "confirms": "yes"
    }
    for changed in ([row, row], [row | {"basis": ""}], [row | {"fee": "perhaps"}]):
        with pytest.raises(ValueError, match="people"):
            bodies_of(changed)
