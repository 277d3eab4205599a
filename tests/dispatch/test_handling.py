"""What a department does with what was handed to it, and what the centre decides about that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.enums import Opinion, Part
from fengqiao.dispatch.models import Assignment, Extension, Progress, ReturnRequest, SignOff
from fengqiao.dispatch.queries.work import extensions_to_decide, to_arbitrate
from fengqiao.flows import procedure
from fengqiao.flows.materials import Upload
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import assessing, lifting, settling
from fengqiao.matters.enums import Risk, State, Track
from fengqiao.matters.models import Disposition, Handed, MatterFile
from fengqiao.places.models import Department
from tests.dispatch.hands import (
    HOUSING,
    LABOUR,
    LAND,
    NOT_OURS,
    POLICE,
    RESULT,
    check_in,
    dispatched,
    disposed,
    part_of,
    return_asked,
    sign_off,
    working,
)
from tests.files.samples import EXE, PDF
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, sees, told, traces, words
from tests.small_county import AN_EVENING, SmallCounty, assignments, brought_to

LATER = AN_EVENING + timedelta(days=60)
WHY = "工程款纠纷属住建部门职责"


def upheld(county: SmallCounty, assignment: Assignment, to: str, role: Role = Role.DISPATCHER, **more):
    given = {"uphold": True, "grounds": WHY, "give_to": county.department(to).id} | more
    return act(county, role, handling.arbitrate, assignment_id=assignment.id, **given)


# --- check-in and progress -----------------------------------------------------------------------------------
def test_checked_in_by_name(county: SmallCounty):
    matter = dispatched(county)
    with clock.at(LATER):
        check_in(county, LABOUR, part_of(matter))
    lead = part_of(matter)
    assert (lead.state, lead.since, lead.checked_in_at, lead.handler_id) == (
        "working",
        LATER,
        LATER,
        county.person(Role.HANDLER, "labour").id,
    )
    assert told(matter)[-1] == "dispatch.check_in"
    assert fresh(county, matter).state == State.HANDLING


def test_progress_is_noted(county: SmallCounty):
    matter, lead = working(county)
    with refuses("invalid", field="text"):
        act(county, LABOUR, handling.progress, assignment_id=lead.id, text=" ")
    act(county, LABOUR, handling.progress, assignment_id=lead.id, text=" 已约谈厂方负责人 ")
    assert rows(Progress, matter, "text", "by_id") == [
        ("已约谈厂方负责人", county.person(Role.HANDLER, "labour").id)
    ]
    assert words(matter) == {"summary": "已约谈厂方负责人"}
    assert part_of(matter).state == "working"


# --- return and arbitration ----------------------------------------------------------------------------------
def test_a_return_is_asked_with_reason_and_rule(county: SmallCounty):
    matter, lead = working(county)
    for missing, field in (({"reason": "不管"}, "reason"), ({"basis": ""}, "basis")):
        with refuses("invalid", field=field):
            act(county, LABOUR, handling.ask_return, assignment_id=lead.id, **(NOT_OURS | missing))
    act(county, LABOUR, handling.ask_return, assignment_id=lead.id, **NOT_OURS)
    assert rows(ReturnRequest, matter, "reason", "basis", "decision", "asked_by_id") == [
        (NOT_OURS["reason"], NOT_OURS["basis"], "pending", county.person(Role.HANDLER, "labour").id)
    ]
    assert part_of(matter).state == "return_asked"
    # Asking gives nothing back yet: it is still theirs, and they see it.
    assert sees(county, LABOUR, matter)
    for role, number in ((Role.DISPATCHER, 1), (Role.REGISTRAR, 0)):
        actor = county.actor(role)
        with scope(actor):
            assert to_arbitrate(actor).count() == number


def test_also_before_anybody_checked_in(county: SmallCounty):
    matter = dispatched(county)
    act(county, LABOUR, handling.ask_return, assignment_id=part_of(matter).id, **NOT_OURS)
    assert part_of(matter).state == "return_asked"


def test_with_its_evidence(county: SmallCounty, disk):
    matter, lead = working(county)
    procedure.handle(
        actor=county.actor(*LABOUR),
        matter_id=matter.pk,
        assignment_id=lead.id,
        action="ask_return",
        values=NOT_OURS,
        version=fresh(county, matter).version,
        uploads=[Upload("职责分工.pdf", PDF)],
    )
    [(file_id,)] = rows(MatterFile, matter, "pk")
    assert rows(ReturnRequest, matter, "file_id") == [(file_id,)]


def test_evidence_that_is_no_paper_takes_the_request_back_with_it(county: SmallCounty, disk):
    matter, lead = working(county)
    with refuses("invalid", field="materials"):
        procedure.handle(
            actor=county.actor(*LABOUR),
            matter_id=matter.pk,
            assignment_id=lead.id,
            action="ask_return",
            values=NOT_OURS,
            version=None,
            uploads=[Upload("一.pdf", PDF), Upload("职责分工.pdf", EXE)],
        )
    assert part_of(matter).state == "working"


def test_evidence_of_another_matter_is_none(county: SmallCounty):
    _matter, lead = working(county)
    with refuses("invalid", field="file"):
        act(county, LABOUR, handling.ask_return, assignment_id=lead.id, **NOT_OURS, file_id=new_id())


def test_upheld_another_body_gets_it_and_the_first_sees_it_no_more(county: SmallCounty):
    matter, lead = return_asked(county, reply_by=clock.today() + timedelta(days=15))
    with clock.at(LATER):
        upheld(county, lead, "housing")
    housing = county.department("housing")
    person = county.person(Role.DISPATCHER)
    assert rows(
        ReturnRequest,
        matter,
        "decision",
        "grounds",
        "decided_by_id",
        "decided_role",
        "decided_at",
        "given_to_id",
    ) == [("upheld", WHY, person.id, "dispatcher", LATER, housing.id)]
    second = part_of(matter)
    assert (second.department_id, second.part, second.state, second.since) == (
        housing.id,
        "lead",
        "issued",
        LATER,
    )
    assert (second.responsibility, second.reply_by) == (lead.responsibility, lead.reply_by)
    assert fresh(county, matter).lead_department_id == housing.id
    assert [sees(county, who, matter) for who in (LABOUR, HOUSING)] == [False, True]
    assert told(matter)[-1] == "dispatch.arbitrate.upheld"
    with refuses("matter_not_found"):
        act(county, LABOUR, handling.progress, assignment_id=lead.id, text="已约谈")


def test_refused_the_department_handles_it(county: SmallCounty):
    matter, lead = return_asked(county)
    act(
        county,
        Role.DIRECTOR,
        handling.arbitrate,
        assignment_id=lead.id,
        uphold=False,
        grounds="欠薪属人社部门职责",
    )
    assert part_of(matter).state == "working"
    assert rows(ReturnRequest, matter, "decision", "decided_role", "given_to_id") == [
        ("refused", "director", None)
    ]
    assert sees(county, LABOUR, matter)
    act(county, LABOUR, handling.dispose, assignment_id=lead.id, result=RESULT)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"grounds": "好"}, "invalid", "grounds"),
        ({"give_to": None}, "invalid", "give_to"),
        ({"give_to": new_id()}, "invalid", "give_to"),
        ({"give_to": "court"}, "invalid", "give_to"),
        ({"give_to": "other"}, "invalid", "give_to"),
        ({"give_to": "police"}, "invalid", "give_to"),
    ],
    ids=["no grounds", "nobody", "unknown", "court", "another county", "assists already"],
)
def test_to_whom_it_cannot_be_given(county: SmallCounty, changes, code, field):
    _matter, lead = return_asked(county, assisting=["police"])
    given = {"uphold": True, "grounds": WHY, "give_to": "housing"} | changes
    if isinstance(given["give_to"], str):
        given["give_to"] = county.department(given["give_to"]).id
    with refuses(code, field=field):
        act(county, Role.DISPATCHER, handling.arbitrate, assignment_id=lead.id, **given)


def test_nor_to_the_body_complained_of(county: SmallCounty):
    _matter, lead = return_asked(county, changes={"against_department": county.department("housing").id})
    with refuses("invalid", field="give_to") as refusal:
        upheld(county, lead, "housing")
    assert str(refusal.value) == "不能把事项交给被反映的单位：市住建。"


def test_a_second_return_is_for_a_director(county: SmallCounty):
    matter, lead = return_asked(county)
    upheld(county, lead, "housing")
    second = part_of(matter)
    check_in(county, HOUSING, second)
    act(county, HOUSING, handling.ask_return, assignment_id=second.id, **NOT_OURS)
    with refuses("second_return"):
        upheld(county, second, "natural_resources")
    with refuses("second_return"):
        act(
            county,
            Role.DISPATCHER,
            handling.arbitrate,
            assignment_id=second.id,
            uphold=False,
            grounds="属你单位职责",
        )
    upheld(county, second, "natural_resources", Role.DIRECTOR)
    third = part_of(matter)
    assert third.department_id == county.department("natural_resources").id
    check_in(county, LAND, third)
    assert [row[0] for row in rows(ReturnRequest, matter, "decided_role")] == ["dispatcher", "director"]


def test_given_back_to_who_had_it_first(county: SmallCounty):
    """The labour bureau returned it, the housing bureau returns it too, and it was the labour bureau's after all."""
    matter, lead = return_asked(county)
    upheld(county, lead, "housing")
    second = part_of(matter)
    act(county, HOUSING, handling.ask_return, assignment_id=second.id, **NOT_OURS)
    upheld(county, second, "labour", Role.DIRECTOR)
    assert [sees(county, who, matter) for who in (LABOUR, HOUSING)] == [True, False]
    check_in(county, LABOUR, part_of(matter))
    assert sorted(rows(Assignment, matter, "state")) == [("returned",), ("returned",), ("working",)]


def test_a_petitions_dispute_goes_to_the_common_superior(county: SmallCounty):
    """Between a county's body and one of the city only a centre above both decides (信访工作条例 第23条)."""
    city_body = Department.objects.create(
        name="江门市信访局", short_name="江门信访", kind="petition", division_id="440700000000"
    )
    matter = brought_to(county, State.ASSESSING)
    act(
        county,
        Role.DISPATCHER,
        assessing.assess,
        matter,
        level=Risk.LOW,
        grounds="双方情绪平稳，没有过激言行。",
    )
    act(county, Role.DISPATCHER, assessing.route, matter, track=Track.PETITION, reason="信访事项")
    act(
        county,
        Role.DISPATCHER,
        dispatching.dispatch,
        matter,
        lead=county.department("petition").id,
        message="请依法处理",
    )
    lead = part_of(matter)
    who = (Role.HANDLER, "petition")
    act(county, who, handling.ask_return, assignment_id=lead.id, **NOT_OURS)
    given = {"assignment_id": lead.id, "uphold": True, "grounds": "属市级管辖", "give_to": city_body.id}
    for role in (Role.DISPATCHER, Role.DIRECTOR):
        with refuses("common_superior"):
            act(county, role, handling.arbitrate, **given)
    act(county, Role.DIRECTOR, lifting.raise_up, matter, reason="管辖争议，报请上级裁定")
    act(county, (Role.DIRECTOR, "city"), handling.arbitrate, **given)
    assert part_of(matter).department_id == city_body.id


def test_within_one_county_the_county_is_the_common_superior(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    act(county, Role.DISPATCHER, assessing.assess, matter, level=Risk.LOW, grounds="双方情绪平稳，没有过激。")
    act(county, Role.DISPATCHER, assessing.route, matter, track=Track.PETITION, reason="信访事项")
    dispatched(county, matter=matter)
    act(county, LABOUR, handling.ask_return, assignment_id=part_of(matter).id, **NOT_OURS)
    upheld(county, part_of(matter), "petition")
    assert part_of(matter).department_id == county.department("petition").id


def test_what_it_has_disposed_of_a_department_does_not_return(county: SmallCounty):
    _matter, lead, _assist = disposed(county)
    with refuses("not_in_this_state") as refusal:
        act(county, LABOUR, handling.ask_return, assignment_id=lead.id, **NOT_OURS)
    assert str(refusal.value) == "这项交办现在是“已写办理结果”，不能“申请退回”。"


def test_nor_once_the_centre_has_settled_it(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    lead = part_of(matter)
    for verb, values in (
        (handling.ask_return, NOT_OURS),
        (handling.dispose, {"result": RESULT}),
        (handling.progress, {"text": "又做了一些"}),
    ):
        with refuses("not_in_this_state"):
            act(county, LABOUR, verb, assignment_id=lead.id, **values)


# --- extension -------------------------------------------------------------------------------------------------
UNTIL = clock.today() + timedelta(days=20)
MORE_TIME = {"until": UNTIL, "reason": "需要等待审计结果"}


def asked(county: SmallCounty):
    matter, lead = working(county, reply_by=clock.today() + timedelta(days=5))
    act(county, LABOUR, handling.ask_extension, assignment_id=lead.id, **MORE_TIME)
    [(extension_id,)] = rows(Extension, matter, "pk")
    return matter, lead, extension_id


def test_more_time_approved_moves_the_day(county: SmallCounty):
    matter, _lead, extension_id = asked(county)
    assert part_of(matter).reply_by == clock.today() + timedelta(days=5)
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher):
        assert [e.pk for e in extensions_to_decide(dispatcher)] == [extension_id]
    act(county, Role.DISPATCHER, handling.decide_extension, extension_id=extension_id, approve=True)
    assert part_of(matter).reply_by == UNTIL
    assert rows(Extension, matter, "decision", "decided_by_id", "answer") == [
        ("upheld", dispatcher.person_id, "")
    ]
    with scope(dispatcher):
        assert list(extensions_to_decide(dispatcher)) == []


def test_more_time_refused_says_why_and_leaves_the_day(county: SmallCounty):
    matter, _lead, extension_id = asked(county)
    with refuses("invalid", field="answer"):
        act(county, Role.DIRECTOR, handling.decide_extension, extension_id=extension_id, approve=False)
    act(
        county,
        Role.DIRECTOR,
        handling.decide_extension,
        extension_id=extension_id,
        approve=False,
        answer="群众已经等了两个月",
    )
    assert part_of(matter).reply_by == clock.today() + timedelta(days=5)
    assert rows(Extension, matter, "decision", "answer") == [("refused", "群众已经等了两个月")]
    assert words(matter) == {"reason": "群众已经等了两个月"}


def test_one_request_at_a_time_and_one_decision(county: SmallCounty):
    matter, lead, extension_id = asked(county)
    with refuses("extension_pending"):
        act(county, LABOUR, handling.ask_extension, assignment_id=lead.id, **MORE_TIME)
    act(county, Role.DIRECTOR, handling.decide_extension, extension_id=extension_id, approve=True)
    with refuses("no_extension"):
        act(county, Role.DIRECTOR, handling.decide_extension, extension_id=extension_id, approve=True)
    with refuses("no_extension"):
        act(county, Role.DIRECTOR, handling.decide_extension, extension_id=new_id(), approve=True)
    later = MORE_TIME | {"until": UNTIL + timedelta(days=1)}
    act(county, LABOUR, handling.ask_extension, assignment_id=lead.id, **later)
    assert [row[0] for row in rows(Extension, matter, "decision")] == ["upheld", "pending"]


@pytest.mark.parametrize(
    ("changes", "field"), [({"until": clock.today()}, "until"), ({"reason": "忙"}, "reason")]
)
def test_more_time_until_a_day_with_its_reason(county: SmallCounty, changes, field):
    _matter, lead = working(county)
    with refuses("invalid", field=field):
        act(county, LABOUR, handling.ask_extension, assignment_id=lead.id, **(MORE_TIME | changes))


def test_the_department_does_not_decide_on_its_own_request(county: SmallCounty):
    _matter, _lead, extension_id = asked(county)
    with refuses("post_may_not"):
        act(county, LABOUR, handling.decide_extension, extension_id=extension_id, approve=True)


# --- the result and the sign-offs ----------------------------------------------------------------------------
def test_the_result_asks_those_who_assist(county: SmallCounty):
    matter, _lead = working(county, assisting=["housing"])
    assert part_of(matter, Part.ASSIST).sign_off_due is None
    with clock.at(LATER):
        act(county, LABOUR, handling.dispose, assignment_id=part_of(matter).id, result=RESULT)
    lead, assist = part_of(matter), part_of(matter, Part.ASSIST)
    assert (lead.state, lead.sign_off_due) == ("disposed", None)
    assert (assist.state, assist.sign_off_due) == ("issued", LATER + timedelta(hours=72))
    assert rows(Disposition, matter, "text", "by_id") == [(RESULT, county.person(Role.HANDLER, "labour").id)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result": "办好了"}, "result"),
        ({"result": "长" * 5001}, "result"),
        ({"performance_due": clock.today() - timedelta(days=1)}, "performance_due"),
    ],
)
def test_a_result_is_written_out(county: SmallCounty, changes, field):
    _matter, lead = working(county)
    with refuses("invalid", field=field):
        act(county, LABOUR, handling.dispose, assignment_id=lead.id, **({"result": RESULT} | changes))


def test_signed_off(county: SmallCounty):
    matter, _lead, assist = disposed(county)
    sign_off(county, assist)
    assert part_of(matter, Part.ASSIST).state == "signed_off"
    assert rows(SignOff, matter, "opinion", "text", "overridden", "by_id") == [
        ("agree", "", False, county.person(Role.HANDLER, "housing").id)
    ]
    act(county, Role.DISPATCHER, dispatching.settle, matter)


def test_another_opinion_is_written_and_does_not_block(county: SmallCounty):
    matter, _lead, assist = disposed(county)
    with refuses("invalid", field="text"):
        sign_off(county, assist, opinion=Opinion.OBJECT)
    sign_off(county, assist, opinion=Opinion.OBJECT, text="工程款部分没有处理")
    assert rows(SignOff, matter, "opinion", "text") == [("object", "工程款部分没有处理")]
    act(county, Role.DISPATCHER, dispatching.settle, matter)


def test_nothing_to_sign_before_there_is_a_result(county: SmallCounty):
    matter, _lead = working(county, assisting=["housing"])
    assist = part_of(matter, Part.ASSIST)
    check_in(county, HOUSING, assist)
    with refuses("nothing_to_sign"):
        sign_off(county, assist)


def test_overridden_only_after_its_time_with_a_reason_that_stays(county: SmallCounty):
    with clock.at(LATER):
        matter, _lead, assist = disposed(county)
    given = {"assignment_id": assist.id, "reason": "三日未会签，不能再等"}
    with clock.at(LATER + timedelta(hours=72) - timedelta(seconds=1)), refuses("sign_off_time_left"):
        act(county, Role.DIRECTOR, handling.override, **given)
    with clock.at(LATER + timedelta(hours=72)):
        with refuses("post_may_not"):
            act(county, Role.DISPATCHER, handling.override, **given)
        with refuses("invalid", field="reason"):
            act(county, Role.DIRECTOR, handling.override, assignment_id=assist.id, reason="急")
        act(county, Role.DIRECTOR, handling.override, **given)
        act(county, Role.DISPATCHER, dispatching.settle, matter)
    assert part_of(matter, Part.ASSIST).state == "overridden"
    assert rows(SignOff, matter, "opinion", "text", "overridden", "by_id") == [
        ("", "三日未会签，不能再等", True, county.person(Role.DIRECTOR).id)
    ]
    assert fresh(county, matter).state == State.SETTLED


def test_not_overridden_before_there_is_a_result(county: SmallCounty):
    matter, _lead = working(county, assisting=["housing"])
    with clock.at(LATER + timedelta(days=365)), refuses("sign_off_time_left"):
        act(
            county,
            Role.DIRECTOR,
            handling.override,
            assignment_id=part_of(matter, Part.ASSIST).id,
            reason="不能再等下去",
        )


def test_who_asked_to_return_before_the_result_is_asked_to_sign_after_the_decision(county: SmallCounty):
    """Otherwise neither sign-off nor override would ever be possible, and the matter could not be settled."""
    matter, lead = working(county, assisting=["housing"])
    assist = part_of(matter, Part.ASSIST)
    act(county, HOUSING, handling.ask_return, assignment_id=assist.id, **NOT_OURS)
    act(county, LABOUR, handling.dispose, assignment_id=lead.id, result=RESULT)
    with clock.at(LATER):
        act(
            county,
            Role.DISPATCHER,
            handling.arbitrate,
            assignment_id=assist.id,
            uphold=False,
            grounds="涉及工程款，需要会签",
        )
    assert part_of(matter, Part.ASSIST).sign_off_due == LATER + timedelta(hours=72)
    sign_off(county, assist)
    act(county, Role.DISPATCHER, dispatching.settle, matter)


def test_who_assists_instead_is_asked_to_sign_too(county: SmallCounty):
    matter, lead = working(county, assisting=["housing"])
    assist = part_of(matter, Part.ASSIST)
    act(county, HOUSING, handling.ask_return, assignment_id=assist.id, **NOT_OURS)
    act(county, LABOUR, handling.dispose, assignment_id=lead.id, result=RESULT)
    upheld(county, assist, "police")
    instead = part_of(matter, Part.ASSIST)
    assert instead.sign_off_due is not None
    # Who assists returned its part: the lead and what it has written stay.
    assert fresh(county, matter).lead_department_id == county.department("labour").id
    check_in(county, POLICE, instead)
    sign_off(county, instead, POLICE)
    act(county, Role.DISPATCHER, dispatching.settle, matter)


def test_the_time_to_sign_does_not_begin_anew_with_a_decision_about_another(county: SmallCounty):
    with clock.at(LATER):
        matter, _lead, _assist = disposed(county, assisting=["housing", "police"])
    with scope(EVERYWHERE):
        police = Assignment.objects.get(matter_id=matter.pk, department__kind="police")
    act(county, POLICE, handling.ask_return, assignment_id=police.id, **NOT_OURS)
    with clock.at(LATER + timedelta(hours=10)):
        upheld(county, police, "natural_resources")
    with scope(EVERYWHERE):
        due = dict(
            Assignment.objects.filter(
                matter_id=matter.pk, part="assist", state__in=["issued", "working"]
            ).values_list("department__kind", "sign_off_due")
        )
    assert due == {
        "housing": LATER + timedelta(hours=72),
        "natural_resources": LATER + timedelta(hours=82),
    }


# --- rounds ------------------------------------------------------------------------------------------------------
def test_reopened_it_is_handed_over_in_a_second_round(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="厂方又停发工资")
    act(
        county,
        Role.DISPATCHER,
        assessing.assess,
        matter,
        level=Risk.HIGH,
        grounds="第二次停发，准备集体上访。",
    )
    act(county, Role.DISPATCHER, assessing.route, matter, track=Track.DEPARTMENTAL, reason="属人社职责")
    dispatched(county, matter=matter)
    with scope(EVERYWHERE):
        found = Assignment.objects.filter(matter_id=matter.pk).order_by("issued_at", "id")
        assert list(found.values_list("dispatch__round", "state")) == [(1, "disposed"), (2, "issued")]
    [(since, taken_back)] = rows(Handed, matter, "since", "taken_back_at")
    assert (since is None, taken_back) == (False, None)


def test_refused_acts_leave_no_trace_in_a_long_story(county: SmallCounty):
    matter, lead = return_asked(county)
    before = traces()
    for role in (Role.REGISTRAR, Role.MEDIATOR, Role.SUPERVISOR):
        with refuses("post_may_not"):
            upheld(county, lead, "housing", role)
    assert traces() == before
    assert told(matter)[-1] == "dispatch.ask_return"


def test_more_time_ends_after_the_day_there_is(county: SmallCounty):
    dispatcher = county.actor(Role.DISPATCHER)
    matter = brought_to(county, State.DISPATCHING)
    due = clock.today() + timedelta(days=10)
    with scope(dispatcher):
        dispatching.dispatch(
            actor=dispatcher,
            matter_id=matter.pk,
            lead=county.department("labour").pk,
            message="请办理",
            reply_by=due,
        )
    handler = county.actor(Role.HANDLER, "labour")
    part = assignments(county, matter)[0]
    with scope(handler):
        handling.check_in(actor=handler, assignment_id=part.pk)
    for until in (due, due - timedelta(days=3)):
        with pytest.raises(Invalid), scope(handler):
            handling.ask_extension(actor=handler, assignment_id=part.pk, until=until, reason="需要等鉴定结果")
    with scope(handler):
        assert Extension.objects.count() == 0
        handling.ask_extension(
            actor=handler, assignment_id=part.pk, until=due + timedelta(days=1), reason="需要等鉴定结果"
        )
        assert Extension.objects.count() == 1
