"""Step two: mediate first, with each party's recorded consent; what came of it settles or leads on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import accepting, alarming, settling
from fengqiao.matters.enums import Danger, PartyRole, ProcedureKind, State
from fengqiao.matters.intake import NewParty
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import record_mediation, send_to_mediation
from fengqiao.mediation.enums import AGREED, ConsentMethod, Result
from fengqiao.mediation.models import Consent, Mediation
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, told, words
from tests.small_county import AN_EVENING, SmallCounty, brought_to, wages

LATER = AN_EVENING + timedelta(days=60)
PETITIONER, RESPONDENT = wages().parties


def all_agree(matter: Matter, *, but: str = "") -> dict:
    """Everybody's answer; ``but`` names who says no."""
    with scope(EVERYWHERE):
        return {p.pk: p.name != but for p in matter.parties.filter(agent_of=None)}


def mediating(county: SmallCounty, state: State = State.ACCEPTED, **changes) -> Matter:
    matter = brought_to(county, state, **changes)
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter))
    return matter


def recorded(county: SmallCounty, matter: Matter, result: Result, role: Role = Role.MEDIATOR, **more) -> None:
    act(county, role, record_mediation, matter, result=result, **({"text": "三日内付清工资。"} | more))


# --- consent ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [State.ACCEPTED, State.ASSESSING, State.ROUTING])
def test_sent_with_each_partys_consent(county: SmallCounty, state):
    matter = brought_to(county, state)
    mediator = county.person(Role.MEDIATOR)
    consents = all_agree(matter)
    with clock.at(LATER):
        act(
            county,
            Role.REGISTRAR,
            send_to_mediation,
            matter,
            consents=consents,
            method=ConsentMethod.PHONE,
            mediator_id=mediator.id,
        )
    now = fresh(county, matter)
    assert (now.state, now.step) == ("mediating", "mediate")
    registrar = county.person(Role.REGISTRAR)
    assert rows(Mediation, matter, "mediator_id", "sent_by", "sent_at", "result", "ended_at") == [
        (mediator.id, registrar.id, LATER, "", None)
    ]
    assert sorted(
        rows(Consent, matter, "party_id", "agreed", "method", "recorded_by", "recorded_at")
    ) == sorted((party, True, "phone", registrar.id, LATER) for party in consents)
    assert told(matter)[-1] == "matter.send_to_mediation"


def answers(matter: Matter) -> dict[str, dict]:
    with scope(EVERYWHERE):
        mine, other = matter.parties.order_by("place")
    return {
        "nobody asked": {},
        "one not asked": {mine.pk: True},
        "one refuses": {mine.pk: True, other.pk: False},
        "somebody else": {mine.pk: True, new_id(): True},
    }


@pytest.mark.parametrize("who", ["nobody asked", "one not asked", "one refuses", "somebody else"])
def test_without_everybodys_yes_there_is_no_mediation(county: SmallCounty, who):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("no_consent", field="consents"):
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=answers(matter)[who])


def test_nobody_but_the_parties_of_this_matter_consents(county: SmallCounty):
    """An answer of a party of another matter is not written down as one of this."""
    matter, other = brought_to(county, State.ACCEPTED), brought_to(county, State.ACCEPTED)
    foreign = next(iter(all_agree(other)))
    with refuses("no_consent", field="consents"):
        act(
            county,
            Role.REGISTRAR,
            send_to_mediation,
            matter,
            consents=all_agree(matter) | {foreign: True},
        )


def test_an_agent_is_not_asked_for_himself(county: SmallCounty):
    agent = NewParty(name="代理人", agent_for=0, agent_power="委托书")
    matter = mediating(county, parties=(PETITIONER, RESPONDENT, agent))
    assert len(rows(Consent, matter, "pk")) == 2


def test_a_third_person_is_asked_too(county: SmallCounty):
    third = NewParty(name="担保人", role=PartyRole.THIRD)
    matter = brought_to(county, State.ACCEPTED, parties=(PETITIONER, RESPONDENT, third))
    with refuses("no_consent", field="consents"):
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter, but="担保人"))


# --- what is not mediated ------------------------------------------------------------------------------------
def test_violence_at_home_is_not_mediated(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    act(county, Role.REGISTRAR, alarming.danger, matter, kind=Danger.DOMESTIC, summary="丈夫动手打人")
    with refuses("not_mediable") as refusal:
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter))
    assert str(refusal.value) == "涉家庭暴力，不适宜调解：请先处置危险。"


@pytest.mark.parametrize("kind", [Danger.VIOLENCE, Danger.SELF_HARM])
def test_other_dangers_do_not_bar_it(county: SmallCounty, kind):
    assert fresh(county, mediating(county, danger=kind)).state == State.MEDIATING


def test_a_quarrel_has_two_sides(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED, parties=(PETITIONER,))
    with refuses("not_mediable") as refusal:
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter))
    assert str(refusal.value) == "还没有登记对方当事人，不能调解。"


# --- what came of it -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("result", "outcome"), [(Result.WRITTEN, "written_agreement"), (Result.ORAL, "oral_agreement")]
)
def test_agreed(county: SmallCounty, result, outcome):
    matter = mediating(county)
    with clock.at(LATER):
        recorded(county, matter, result, performance_due=LATER.date() + timedelta(days=3))
    now = fresh(county, matter)
    assert (now.state, now.outcome, now.performance, now.settled_at) == ("settled", outcome, "running", LATER)
    assert now.performance_due == LATER.date() + timedelta(days=3)
    assert rows(Mediation, matter, "result", "text", "mediator_id", "ended_at") == [
        (result, "三日内付清工资。", county.person(Role.MEDIATOR).id, LATER)
    ]
    assert told(matter)[-1] == "matter.record_mediation.agreed"
    assert words(matter) == {"summary": "三日内付清工资。"}


def test_agreed_and_performed_on_the_spot(county: SmallCounty):
    matter = mediating(county)
    recorded(county, matter, Result.ORAL)
    now = fresh(county, matter)
    assert (now.performance, now.performance_due) == ("none", None)


@pytest.mark.parametrize(
    "result", [Result.REFUSED, Result.WITHDRAWN, Result.EXPIRED, Result.SUED, Result.NOT_FIT]
)
def test_failed_it_leads_on(county: SmallCounty, result):
    matter = mediating(county)
    recorded(county, matter, result, text="双方分歧太大，已告知可以仲裁、起诉。")
    now = fresh(county, matter)
    assert (now.state, now.step, now.outcome, now.settled_at) == ("assessing", "assess", "", None)
    assert [row[0] for row in rows(Mediation, matter, "result")] == [result]
    assert told(matter)[-1] == "matter.record_mediation.failed"


def test_mediated_again_after_it_failed(county: SmallCounty):
    matter = mediating(county)
    recorded(county, matter, Result.EXPIRED, text="三十日未能达成协议，已告知途径。")
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter))
    recorded(county, matter, Result.WRITTEN)
    assert [row[0] for row in rows(Mediation, matter, "result")] == ["expired", "written"]


def test_who_was_named_stays_the_mediator(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    named = county.person(Role.MEDIATOR)
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter), mediator_id=named.id)
    recorded(county, matter, Result.ORAL, Role.DIRECTOR)
    assert rows(Mediation, matter, "mediator_id") == [(named.id,)]


@pytest.mark.parametrize("role", sorted(CENTRE_ROLES - {Role.MEDIATOR, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY,
                                                        Role.STANDING_DEPUTY}))  # fmt: skip
def test_who_does_not_record_it(county: SmallCounty, role):
    matter = mediating(county)
    with refuses("post_may_not"):
        recorded(county, matter, Result.ORAL, role)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "谈好"}, "text"),
        ({"performance_due": clock.today() - timedelta(days=1)}, "performance_due"),
    ],
)
def test_what_is_recorded_is_written_out(county: SmallCounty, changes, field):
    matter = mediating(county)
    with refuses("invalid", field=field):
        recorded(county, matter, Result.WRITTEN, **changes)


# --- leaving by another way ------------------------------------------------------------------------------------
def test_withdrawn_while_it_is_mediated(county: SmallCounty):
    matter = mediating(county)
    with clock.at(LATER):
        act(county, Role.MEDIATOR, settling.withdraw, matter, reason="双方自行和好，不再反映")
    assert fresh(county, matter).outcome == "withdrawn"
    assert rows(Mediation, matter, "result", "ended_at") == [("withdrawn", LATER)]


def test_redirected_while_it_is_mediated(county: SmallCounty):
    """The record says that mediation ended because a procedure began, not that the parties withdrew."""
    matter = mediating(county)
    act(
        county,
        Role.REGISTRAR,
        accepting.redirect,
        matter,
        kind=ProcedureKind.LITIGATION,
        body="恩平市人民法院",
        explanation="对方已经起诉，进入诉讼程序",
    )
    [(result, ended_at)] = rows(Mediation, matter, "result", "ended_at")
    assert (result, ended_at is None) == ("not_fit", False)


def test_one_mediation_at_a_time(county: SmallCounty):
    matter = mediating(county)
    with refuses("not_in_this_state"):
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter))


def test_two_lists_of_results_cover_all():
    assert {Result.WRITTEN, Result.ORAL} == AGREED
