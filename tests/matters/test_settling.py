"""Step six: return visit, evaluation, performance, archive, reopening under the same code, withdrawal."""

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, amending, assessing, settling
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import (
    Performance,
    ProcedureKind,
    ProcedureStage,
    Risk,
    Satisfaction,
    State,
    Track,
    VisitMethod,
)
from fengqiao.matters.intake import NewProcedure
from fengqiao.matters.models import Evaluation, Visit
from fengqiao.mediation.domain.mediating import record_mediation, send_to_mediation
from fengqiao.mediation.enums import Result
from tests import small_county
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, scope, told, words
from tests.small_county import SmallCounty, brought_to, registered

HANDLER = (Role.HANDLER, "labour")
NOBODY_THERE = VisitReport(method=VisitMethod.PHONE, reached=False, remark="无人接听")


def reached(satisfaction: Satisfaction = Satisfaction.SATISFIED, **more) -> VisitReport:
    return VisitReport(method=VisitMethod.DOOR, reached=True, satisfaction=satisfaction, **more)


def settled_with_a_promise(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    due = clock.today() + timedelta(days=10)
    act(
        county,
        Role.INDUSTRY_OFFICER,
        accepting.settle_on_spot,
        matter,
        result="厂方十日内付清工资。",
        performance_due=due,
    )
    return matter


# --- the return visit ---------------------------------------------------------------------------------------
def test_the_visit_by_somebody_else(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    report = reached(
        Satisfaction.BASIC,
        performance=Performance.PERFORMED,
        hidden_trouble="还有两人的社保没有补缴",
        remark="本人在家",
    )
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=report)
    now = fresh(county, matter)
    assert (now.state, now.satisfaction, now.performance) == ("visited", "basic", "performed")
    assert told(matter)[-1] == "matter.return_visit.reached"
    person = county.person(Role.REGISTRAR)
    assert rows(
        Visit, matter, "method", "reached", "performance", "satisfaction", "hidden_trouble", "remark", "by_id"
    ) == [("door", True, "performed", "basic", "还有两人的社保没有补缴", "本人在家", person.id)]


def test_visited_once_more(county: SmallCounty):
    matter = brought_to(county, State.VISITED)
    act(county, Role.DISPATCHER, settling.return_visit, matter, report=reached(Satisfaction.DISSATISFIED))
    now = fresh(county, matter)
    assert (now.state, now.satisfaction) == ("visited", "dissatisfied")
    assert [row[0] for row in rows(Visit, matter, "satisfaction")] == ["satisfied", "dissatisfied"]


def test_attempts_that_reach_nobody_are_counted(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    for attempts in (1, 2):
        act(county, Role.REGISTRAR, settling.return_visit, matter, report=NOBODY_THERE)
        now = fresh(county, matter)
        assert (now.state, now.visit_attempts, now.satisfaction) == ("settled", attempts, "")
    assert told(matter)[-1] == "matter.return_visit.unreached"
    assert rows(Visit, matter, "reached", "satisfaction") == [(False, ""), (False, "")]


def test_a_visit_without_a_word_on_satisfaction_is_refused(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    report = VisitReport(method=VisitMethod.PHONE, reached=True)
    with refuses("invalid", field="satisfaction"):
        act(county, Role.REGISTRAR, settling.return_visit, matter, report=report)


def test_default_is_not_hidden_in_a_visit(county: SmallCounty):
    matter = settled_with_a_promise(county)
    with refuses("invalid", field="performance"):
        act(
            county,
            Role.REGISTRAR,
            settling.return_visit,
            matter,
            report=reached(performance=Performance.DEFAULTED),
        )


def test_who_wrote_the_result_does_not_visit(county: SmallCounty):
    """The officer of the window settled it on the spot and is at the same time registrar elsewhere on the day."""
    matter = brought_to(county, State.ACCEPTED)
    act(county, Role.INDUSTRY_OFFICER, accepting.settle_on_spot, matter, result="当场付清。")
    officer = county.person(Role.INDUSTRY_OFFICER)
    county.stationings[("registrar", "second")] = small_county.Stationing.objects.create(
        person=officer,
        post=county.stationings[("registrar", "county")].post,
        valid_from=small_county.SINCE,
    )
    with refuses("own_work"):
        act(county, (Role.REGISTRAR, "second"), settling.return_visit, matter, report=reached())
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=reached())
    del county.stationings[("registrar", "second")]


def test_who_mediated_does_not_visit(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with scope(EVERYWHERE):
        consents = {party.pk: True for party in matter.parties.all()}
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)
    act(county, Role.DIRECTOR, record_mediation, matter, result=Result.ORAL, text="双方握手言和。")
    with refuses("own_work"):
        act(county, Role.DIRECTOR, settling.return_visit, matter, report=reached())
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=reached())
    assert fresh(county, matter).state == State.VISITED


# --- evaluation, performance, remedies ----------------------------------------------------------------------
def test_the_work_is_evaluated(county: SmallCounty):
    matter = brought_to(county, State.VISITED)
    act(
        county,
        Role.PETITION_INSPECTOR,
        settling.evaluate,
        matter,
        lawful=True,
        complete=False,
        remark="缺凭证",
    )
    assert fresh(county, matter).state == State.EVALUATED
    person = county.person(Role.PETITION_INSPECTOR)
    assert rows(Evaluation, matter, "lawful", "complete", "remark", "by") == [
        (True, False, "缺凭证", person.id)
    ]


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.MEDIATOR])
def test_performed(county: SmallCounty, role):
    matter = settled_with_a_promise(county)
    act(county, role, settling.record_performance, matter, performed=True, summary="已见银行回单")
    now = fresh(county, matter)
    assert (now.state, now.performance) == ("settled", "performed")
    assert told(matter)[-1] == "matter.record_performance.performed"


@pytest.mark.parametrize("state", [State.SETTLED, State.VISITED, State.EVALUATED, State.CLOSED])
def test_a_default_opens_it_again_under_the_same_code(county: SmallCounty, state):
    matter = brought_to(county, state)
    act(county, Role.REGISTRAR, settling.record_performance, matter, performed=False, summary="厂方又反悔了")
    now = fresh(county, matter)
    assert (now.state, now.step, now.code, now.reopened) == ("assessing", "assess", matter.code, 1)
    assert (now.outcome, now.performance, now.settled_at, now.closed_at) == ("", "none", None, None)


def test_a_default_needs_its_words(county: SmallCounty):
    matter = settled_with_a_promise(county)
    with refuses("invalid", field="summary"):
        act(county, Role.REGISTRAR, settling.record_performance, matter, performed=False, summary="")


def test_remedies_told_in_writing(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    with refuses("invalid", field="text"):
        act(county, Role.REGISTRAR, settling.tell_remedies, matter, text="复查")
    act(county, Role.REGISTRAR, settling.tell_remedies, matter, text="三十日内可以申请复查")
    assert fresh(county, matter).remedies_told_at is not None
    assert words(matter) == {"explanation": "三十日内可以申请复查"}


# --- archive, reopening, withdrawal -------------------------------------------------------------------------
def test_the_archive_freezes_the_matter(county: SmallCounty):
    matter = brought_to(county, State.ARCHIVED)
    assert fresh(county, matter).archived_at is not None
    attempts = [
        (Role.DIRECTOR, settling.reopen, {"reason": "厂方又停发工资"}),
        (Role.REGISTRAR, amending.amend, {"facts": {"title": "改一改标题"}}),
        (Role.DIRECTOR, settling.record_performance, {"performed": False, "summary": "没有履行"}),
        (Role.REGISTRAR, amending.link, {"other_id": registered(county).pk, "reason": "同一家厂"}),
        (Role.DISPATCHER, dispatching.settle, {}),
    ]
    for role, verb, values in attempts:
        with refuses("not_in_this_state"):
            act(county, role, verb, matter, **values)


def test_reopening_forgets_the_result(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    before = fresh(county, matter)
    assert (before.outcome, before.satisfaction, before.lead_department_id is None) == (
        "settled",
        "satisfied",
        False,
    )
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="厂方又停发工资", new_facts="十一月起又停发")
    now = fresh(county, matter)
    assert (now.state, now.code, now.reopened) == ("assessing", matter.code, 1)
    forgotten = {name: getattr(now, name) for name in settling.OPENED_AGAIN}
    assert forgotten == {
        "outcome": "",
        "merged_into_id": None,
        "settled_at": None,
        "closed_at": None,
        "performance": "none",
        "performance_due": None,
        "satisfaction": "",
        "receipt_number": "",
        "remedies_told_at": None,
        "visit_attempts": 0,
        "lead_department_id": None,
    }
    assert words(matter) == {"reason": "厂方又停发工资", "grounds": "十一月起又停发"}
    assert told(matter)[-1] == "matter.reopen"
    # What was done before is still told.
    assert [row[0] for row in rows(Visit, matter, "satisfaction")] == ["satisfied"]


def test_reopened_and_settled_a_second_time_by_the_same_department(county: SmallCounty):
    """The old result does not count: the department writes anew, and is given the matter anew."""
    matter = brought_to(county, State.CLOSED)
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="厂方又停发工资")
    act(
        county,
        Role.DISPATCHER,
        assessing.assess,
        matter,
        level=Risk.HIGH,
        grounds="第二次停发，工人准备集体上访。",
    )
    act(county, Role.DISPATCHER, assessing.route, matter, track=Track.DEPARTMENTAL, reason="属人社职责")
    act(
        county,
        Role.DISPATCHER,
        dispatching.dispatch,
        matter,
        lead=county.department("labour").id,
        message="请再次处理",
    )
    with refuses("no_disposition"):
        act(county, Role.DISPATCHER, dispatching.settle, matter)
    second = small_county.assignments(county, matter)[-1]
    act(county, HANDLER, handling.check_in, assignment_id=second.id)
    act(county, HANDLER, handling.dispose, assignment_id=second.id, result="第二次督促后，厂方已经付清。")
    act(county, Role.DISPATCHER, dispatching.settle, matter)
    assert fresh(county, matter).state == State.SETTLED


def test_after_the_final_review_the_same_facts_are_not_taken_up(county: SmallCounty):
    final = NewProcedure(ProcedureKind.PETITION, ProcedureStage.FINAL, "粤信复核12号", "省信访局")
    matter = brought_to(county, State.CLOSED, procedures=(final,))
    with refuses("final", field="new_facts"):
        act(county, Role.DIRECTOR, settling.reopen, matter, reason="还是不服处理结果")
    with refuses("final", field="new_facts"):
        act(county, Role.DIRECTOR, settling.reopen, matter, reason="还是不服处理结果", new_facts="  ")
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="有新的事实", new_facts="又找到一份协议")
    assert fresh(county, matter).state == State.ASSESSING


@pytest.mark.parametrize(
    "procedure",
    [
        NewProcedure(ProcedureKind.PETITION, ProcedureStage.ENDED),
        NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.FINAL),
    ],
)
def test_other_ended_procedures_do_not_bar_reopening(county: SmallCounty, procedure):
    matter = brought_to(county, State.CLOSED, procedures=(procedure,))
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="厂方又停发工资")
    assert fresh(county, matter).state == State.ASSESSING


def test_each_reopening_is_counted(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    act(county, Role.DISPATCHER, settling.reopen, matter, reason="结果没有写清楚")
    act(county, Role.REGISTRAR, settling.withdraw, matter, reason="本人表示不再反映")
    act(county, Role.DISPATCHER, settling.reopen, matter, reason="本人又来反映")
    assert fresh(county, matter).reopened == 2


@pytest.mark.parametrize(
    "state",
    [State.REGISTERED, State.ACCEPTED, State.ASSESSING, State.ROUTING, State.DISPATCHING, State.HANDLING],
)
def test_withdrawn(county: SmallCounty, state):
    matter = brought_to(county, state)
    act(county, Role.REGISTRAR, settling.withdraw, matter, reason="本人表示不再反映")
    now = fresh(county, matter)
    assert (now.state, now.outcome, now.settled_at is None) == ("settled", "withdrawn", False)
    assert words(matter) == {"reason": "本人表示不再反映"}


def test_withdrawing_while_a_department_handles_it_ends_its_part(county: SmallCounty):
    matter = brought_to(county, State.HANDLING)
    act(county, Role.DISPATCHER, settling.withdraw, matter, reason="本人表示不再反映")
    [assignment] = small_county.assignments(county, matter)
    assert (assignment.state, assignment.dispatch_id is None) == ("ended", False)
    with refuses("not_in_this_state"):
        act(county, HANDLER, handling.check_in, assignment_id=assignment.id)


def test_a_withdrawal_in_the_persons_words(county: SmallCounty):
    matter = registered(county)
    with refuses("invalid", field="reason"):
        act(county, Role.REGISTRAR, settling.withdraw, matter, reason="撤")
