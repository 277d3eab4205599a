"""What closing needs, row by row of rules/data/closing.csv: each row with all it asks for, and with each thing missing.

The rows are written out here: whoever changes the table changes this file and sees what changes for people.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, settling
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.domain.taking_over import SettledBefore, take_over
from fengqiao.matters.enums import Outcome, ProcedureKind, Satisfaction, State, VisitMethod
from fengqiao.matters.guards import EVIDENCE, lacking
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import record_mediation, send_to_mediation
from fengqiao.mediation.enums import Result
from fengqiao.rules.queries.closing import closing_rules, rules_for
from tests import small_county
from tests.matters.ground import EVERYWHERE, act, fresh, refuses
from tests.small_county import SmallCounty, brought_to, registered

HANDLER = (Role.HANDLER, "labour")
IN_SUBSTANCE = [Outcome.SETTLED_ON_SPOT, Outcome.WRITTEN_AGREEMENT, Outcome.ORAL_AGREEMENT, Outcome.SETTLED]
UNREACHED = VisitReport(method=VisitMethod.PHONE, reached=False)


def test_the_table_is_the_one_that_these_stories_tell():
    assert {rule.id: (set(rule.outcomes), set(rule.evidence)) for rule in closing_rules()} == {
        "performed": ({*IN_SUBSTANCE}, {"visited", "not_dissatisfied", "performed", "evaluated"}),
        "dissatisfied": (
            {*IN_SUBSTANCE, "declined"},
            {"visited", "remedies_told", "performed", "evaluated", "director"},
        ),
        "unreachable": ({*IN_SUBSTANCE, "declined"}, {"unreachable", "performed"}),
        "anonymous": (
            {*IN_SUBSTANCE, "declined", "guided", "redirected", "withdrawn"},
            {"anonymous"},
        ),
        "declined": ({"declined"}, {"remedies_told"}),
        "guided": ({"guided", "redirected"}, {"receipt"}),
        "withdrawn": ({"withdrawn"}, {"withdrawal_written"}),
        "merged": ({"merged"}, {"main_settled", "visited", "not_dissatisfied"}),
        "merged_dissatisfied": ({"merged"}, {"main_settled", "visited", "remedies_told"}),
        "merged_unreachable": ({"merged"}, {"main_settled", "unreachable"}),
        "merged_anonymous": ({"merged"}, {"main_settled", "anonymous"}),
        "history": ({"history"}, set()),
    }


# --- how each outcome is reached ----------------------------------------------------------------------------
def on_the_spot(county: SmallCounty, *, promised: bool = False, **changes) -> Matter:
    matter = brought_to(county, State.ACCEPTED, **changes)
    due = clock.today() + timedelta(days=10) if promised else None
    act(
        county,
        Role.INDUSTRY_OFFICER,
        accepting.settle_on_spot,
        matter,
        result="当场谈妥。",
        performance_due=due,
    )
    return matter


def mediated(result: Result) -> Callable[..., Matter]:
    def reach(county: SmallCounty, *, promised: bool = False, **changes) -> Matter:
        matter = brought_to(county, State.ACCEPTED, **changes)
        with scope(EVERYWHERE):
            consents = {party.pk: True for party in matter.parties.all()}
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)
        due = clock.today() + timedelta(days=10) if promised else None
        act(
            county,
            Role.MEDIATOR,
            record_mediation,
            matter,
            result=result,
            text="三日内付清工资。",
            performance_due=due,
        )
        return matter

    return reach


def by_the_department(
    county: SmallCounty, *, promised: bool = False, declined: bool = False, **changes
) -> Matter:
    matter = brought_to(county, State.HANDLING, **changes)
    [assignment] = small_county.assignments(county, matter)
    act(county, HANDLER, handling.check_in, assignment_id=assignment.id)
    act(
        county,
        HANDLER,
        handling.dispose,
        assignment_id=assignment.id,
        result="经查情况属实，已责令付清。",
        declined=declined,
        basis="信访工作条例第三十一条" if declined else "",
        performance_due=clock.today() + timedelta(days=10) if promised else None,
    )
    act(county, Role.DISPATCHER, dispatching.settle, matter)
    return matter


def declined(county: SmallCounty, **changes) -> Matter:
    return by_the_department(county, declined=True, **changes)


def guided(county: SmallCounty, **changes) -> Matter:
    matter = registered(county, **changes)
    act(county, Role.REGISTRAR, accepting.guide, matter, body="恩平市人民法院", explanation="应当申请执行")
    return matter


def redirected(county: SmallCounty, **changes) -> Matter:
    matter = brought_to(county, State.ACCEPTED, **changes)
    act(
        county,
        Role.REGISTRAR,
        accepting.redirect,
        matter,
        kind=ProcedureKind.ARBITRATION,
        body="仲裁院",
        explanation="应当先行仲裁",
    )
    return matter


def withdrawn(county: SmallCounty, **changes) -> Matter:
    matter = registered(county, **changes)
    act(county, Role.REGISTRAR, settling.withdraw, matter, reason="本人表示不再反映")
    return matter


REACH: dict[Outcome, Callable[..., Matter]] = {
    Outcome.SETTLED_ON_SPOT: on_the_spot,
    Outcome.WRITTEN_AGREEMENT: mediated(Result.WRITTEN),
    Outcome.ORAL_AGREEMENT: mediated(Result.ORAL),
    Outcome.SETTLED: by_the_department,
    Outcome.DECLINED: declined,
    Outcome.GUIDED: guided,
    Outcome.REDIRECTED: redirected,
    Outcome.WITHDRAWN: withdrawn,
}


# --- how each evidence comes about --------------------------------------------------------------------------
def visit(county: SmallCounty, matter: Matter, satisfaction: Satisfaction = Satisfaction.SATISFIED) -> None:
    report = VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=satisfaction)
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=report)


def evaluate(county: SmallCounty, matter: Matter) -> None:
    act(county, Role.DISPATCHER, settling.evaluate, matter, lawful=True, complete=True)


def tell_remedies(county: SmallCounty, matter: Matter) -> None:
    act(county, Role.REGISTRAR, settling.tell_remedies, matter, text="三十日内可以申请复查")


def perform(county: SmallCounty, matter: Matter) -> None:
    act(county, Role.REGISTRAR, settling.record_performance, matter, performed=True, summary="已见银行回单")


def closes(county: SmallCounty, matter: Matter, role: Role = Role.DISPATCHER) -> None:
    act(county, role, settling.close, matter)
    now = fresh(county, matter)
    assert (now.state, now.step, now.closed_at is None) == ("closed", "settle", False)


def not_yet(county: SmallCounty, matter: Matter, *words: str, role: Role = Role.DISPATCHER) -> None:
    """Refused with what is still missing, in words; nothing changed."""
    with refuses("evidence_missing") as refusal:
        act(county, role, settling.close, matter)
    assert str(refusal.value) == f"还不能结案，缺少：{'、'.join(words)}。"


# --- row by row ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", IN_SUBSTANCE)
def test_settled_and_performed(county: SmallCounty, outcome):
    matter = REACH[outcome](county, promised=True)
    assert fresh(county, matter).outcome == outcome
    not_yet(county, matter, "回访", "已履行（或无需履行）", "评价")
    visit(county, matter)
    evaluate(county, matter)
    # Running still: it stays open until it is done.
    not_yet(county, matter, "已履行（或无需履行）")
    perform(county, matter)
    closes(county, matter)


@pytest.mark.parametrize("outcome", IN_SUBSTANCE)
def test_visited_and_not_evaluated(county: SmallCounty, outcome):
    matter = REACH[outcome](county)
    visit(county, matter)
    not_yet(county, matter, "评价")
    evaluate(county, matter)
    closes(county, matter)


@pytest.mark.parametrize("said", [Satisfaction.SATISFIED, Satisfaction.BASIC, Satisfaction.UNTOLD])
def test_who_is_not_dissatisfied_needs_no_director(county: SmallCounty, said):
    matter = on_the_spot(county)
    visit(county, matter, said)
    evaluate(county, matter)
    closes(county, matter, Role.DISPATCHER)


@pytest.mark.parametrize("outcome", [*IN_SUBSTANCE, Outcome.DECLINED])
def test_dissatisfied_though_lawful(county: SmallCounty, outcome):
    matter = REACH[outcome](county)
    visit(county, matter, Satisfaction.DISSATISFIED)
    evaluate(county, matter)
    if outcome is not Outcome.DECLINED:
        # What is asked for is never another answer of the petitioner.
        not_yet(county, matter, "书面告知救济途径", "由主任结案")
        not_yet(county, matter, "书面告知救济途径", role=Role.DIRECTOR)
        tell_remedies(county, matter)
        not_yet(county, matter, "由主任结案")
    tell_remedies(county, matter)
    closes(county, matter, Role.STANDING_DEPUTY)


def test_dissatisfied_and_a_promise_still_running(county: SmallCounty):
    matter = on_the_spot(county, promised=True)
    visit(county, matter, Satisfaction.DISSATISFIED)
    evaluate(county, matter)
    tell_remedies(county, matter)
    not_yet(county, matter, "已履行（或无需履行）", role=Role.DIRECTOR)
    perform(county, matter)
    closes(county, matter, Role.DIRECTOR)


@pytest.mark.parametrize("outcome", [*IN_SUBSTANCE, Outcome.DECLINED])
def test_nobody_reached_in_three_attempts(county: SmallCounty, outcome):
    matter = REACH[outcome](county)
    for _ in range(2):
        act(county, Role.REGISTRAR, settling.return_visit, matter, report=UNREACHED)
    not_yet(county, matter, *(["书面告知救济途径"] if outcome is Outcome.DECLINED else ["回访", "评价"]))
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=UNREACHED)
    closes(county, matter)


def test_nobody_reached_and_a_promise_still_running(county: SmallCounty):
    matter = on_the_spot(county, promised=True)
    for _ in range(3):
        act(county, Role.REGISTRAR, settling.return_visit, matter, report=UNREACHED)
    not_yet(county, matter, "已履行（或无需履行）")
    perform(county, matter)
    closes(county, matter)


@pytest.mark.parametrize("outcome", REACH)
def test_nobody_to_visit(county: SmallCounty, outcome):
    mediates = outcome in (Outcome.WRITTEN_AGREEMENT, Outcome.ORAL_AGREEMENT)
    respondent = tuple(p for p in small_county.wages().parties if p.role == "respondent")
    matter = REACH[outcome](county, parties=respondent if mediates else ())
    assert fresh(county, matter).anonymous
    closes(county, matter)


def test_declined_and_told_the_remedies(county: SmallCounty):
    matter = declined(county)
    assert fresh(county, matter).outcome == "declined"
    not_yet(county, matter, "书面告知救济途径")
    tell_remedies(county, matter)
    closes(county, matter)


@pytest.mark.parametrize("outcome", [Outcome.GUIDED, Outcome.REDIRECTED])
def test_the_receiving_body_has_confirmed(county: SmallCounty, outcome):
    matter = REACH[outcome](county)
    not_yet(county, matter, "接收单位回执")
    act(county, Role.REGISTRAR, settling.record_receipt, matter, number="恩法收字12号")
    closes(county, matter)


def test_withdrawn_closes_at_once(county: SmallCounty):
    closes(county, withdrawn(county))


def test_history_came_closed(county: SmallCounty):
    taken = act(
        county,
        Role.EXCHANGE,
        take_over,
        new=small_county.wages(),
        settled=SettledBefore(text="旧台账记载已付清", at=clock.now()),
    )
    assert (taken.state, taken.outcome) == ("closed", "history")
    [rule] = rules_for("history")
    assert lacking(rule, taken, county.actor(Role.DISPATCHER)) == []


def test_each_evidence_of_the_table_is_asked(county: SmallCounty):
    """A fresh matter has none of what a row can ask for, but that it needs no performance."""
    matter, actor = fresh(county, registered(county)), county.actor(Role.DISPATCHER)
    held = {name for name, (holds, _words) in EVIDENCE.items() if holds(matter, actor)}
    assert held == {"not_dissatisfied", "performed"}
