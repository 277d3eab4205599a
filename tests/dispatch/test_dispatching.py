"""Handing a matter over, and the centre's settling of what a department has answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.models import Assignment, Dispatch
from fengqiao.dispatch.queries.work import assignments_waiting_for, to_settle
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import lifting, settling
from fengqiao.matters.enums import State
from fengqiao.matters.models import Disposition
from fengqiao.places.models import Department
from tests.dispatch.hands import HOUSING, LABOUR, RESULT, dispatched, disposed, part_of, sign_off, working
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, sees, told, words
from tests.small_county import AN_EVENING, SmallCounty, brought_to

LATER = AN_EVENING + timedelta(days=60)


def test_lead_and_assisting_with_their_responsibilities(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    labour, housing = county.department("labour"), county.department("housing")
    due = LATER.date() + timedelta(days=15)
    with clock.at(LATER):
        dispatched(
            county, matter=matter, assisting=["housing"], reply_by=due, lead_responsibility="political_legal"
        )
    now = fresh(county, matter)
    assert (now.state, now.step, now.lead_department_id) == ("handling", "track", labour.id)
    assert rows(Dispatch, matter, "round", "message", "reply_by", "issued_by", "issued_at", "ended_at") == [
        (1, "请依法处理并答复", due, county.person(Role.DISPATCHER).id, LATER, None)
    ]
    assert sorted(
        rows(Assignment, matter, "part", "department_id", "responsibility", "state", "since", "reply_by")
    ) == [
        ("assist", housing.id, "territory", "issued", LATER, due),
        ("lead", labour.id, "political_legal", "issued", LATER, due),
    ]
    assert words(matter) == {"summary": "请依法处理并答复"}
    assert [sees(county, who, matter) for who in (LABOUR, HOUSING, (Role.HANDLER, "police"))] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"message": " "}, "invalid", "message"),
        ({"reply_by": clock.today() - timedelta(days=1)}, "invalid", "reply_by"),
        ({"lead": new_id()}, "unknown_department", "lead"),
        ({"lead": "court"}, "independent_body", "lead"),
        ({"assisting": ["court"]}, "independent_body", "lead"),
        ({"assisting": ["labour"]}, "twice", "assisting"),
        ({"assisting": ["housing", "housing"]}, "twice", "assisting"),
        ({"lead": "other"}, "out_of_reach", "lead"),
        ({"assisting": ["other"]}, "out_of_reach", "lead"),
    ],
)
def test_refused_hand_overs(county: SmallCounty, changes, code, field):
    """Courts decide for themselves; a body of another county would have what it cannot see."""
    matter = brought_to(county, State.DISPATCHING)
    given = {"lead": "labour", "message": "请依法处理"} | changes
    if isinstance(given["lead"], str):
        given["lead"] = county.department(given["lead"]).id
    given["assisting"] = [Assisting(county.department(kind).id) for kind in given.get("assisting", [])]
    with refuses(code, field=field):
        act(county, Role.DISPATCHER, dispatching.dispatch, matter, **given)


def test_a_procuratorate_is_no_department_to_command_either(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    body = Department.objects.create(
        name="恩平市检察院", short_name="市检察院", kind="procuratorate", division_id="440785000000"
    )
    with refuses("independent_body", field="lead"):
        act(county, Role.DISPATCHER, dispatching.dispatch, matter, lead=body.id, message="请处理")


def test_a_department_of_the_city_can_be_given_it(county: SmallCounty):
    """Its handlers reach all counties of the city."""
    body = Department.objects.create(
        name="江门市人社局", short_name="江门人社", kind="labour", division_id="440700000000"
    )
    county.station(Role.HANDLER, "city labour", department=body, division_id="440700000000")
    matter = brought_to(county, State.DISPATCHING)
    act(county, Role.DISPATCHER, dispatching.dispatch, matter, lead=body.id, message="请处理")
    assert sees(county, (Role.HANDLER, "city labour"), matter)


def test_who_has_it_and_what_waits(county: SmallCounty):
    matter = dispatched(county, assisting=["housing"])

    def waiting(who: tuple[Role, str]) -> list[str]:
        actor = county.actor(*who)
        with scope(actor):
            return [f"{a.matter.code} {a.part} {a.state}" for a in assignments_waiting_for(actor)]

    assert waiting(LABOUR) == [f"{matter.code} lead issued"]
    assert waiting(HOUSING) == [f"{matter.code} assist issued"]
    assert waiting((Role.HANDLER, "police")) == waiting((Role.DIRECTOR, "county")) == []
    lead, assist = part_of(matter), part_of(matter, "assist")
    act(county, LABOUR, handling.check_in, assignment_id=lead.id)
    act(county, HOUSING, handling.check_in, assignment_id=assist.id)
    # Who assists waits for the result before there is something to sign.
    assert (waiting(LABOUR), waiting(HOUSING)) == ([f"{matter.code} lead working"], [])
    act(county, LABOUR, handling.dispose, assignment_id=lead.id, result=RESULT)
    assert (waiting(LABOUR), waiting(HOUSING)) == ([], [f"{matter.code} assist working"])


# --- settling ------------------------------------------------------------------------------------------------
def test_settled_with_the_departments_words(county: SmallCounty):
    matter, lead = working(county)
    due = clock.today() + timedelta(days=10)
    act(
        county,
        LABOUR,
        handling.dispose,
        assignment_id=lead.id,
        result=RESULT,
        basis="劳动法第50条",
        performance_due=due,
    )
    act(county, Role.DISPATCHER, dispatching.settle, matter, remark="材料齐全")
    now = fresh(county, matter)
    assert (now.state, now.outcome, now.performance, now.performance_due) == (
        "settled",
        "settled",
        "running",
        due,
    )
    assert rows(Disposition, matter, "department_id", "role", "text", "basis", "outcome") == [
        (county.department("labour").id, "handler", RESULT, "劳动法第50条", "settled")
    ]
    assert [row[0] is None for row in rows(Dispatch, matter, "ended_at")] == [False]
    assert part_of(matter).state == "disposed"
    assert words(matter) == {"summary": "材料齐全"}


def test_the_centre_does_not_settle_without_the_departments_result(county: SmallCounty):
    matter, _lead = working(county)
    for role in (Role.DISPATCHER, Role.DIRECTOR):
        with refuses("no_disposition"):
            act(county, role, dispatching.settle, matter)


def test_nor_without_the_sign_offs(county: SmallCounty):
    matter, _lead, _assist = disposed(county, assisting=["housing", "police"])
    with refuses("sign_off_missing") as refusal:
        act(county, Role.DISPATCHER, dispatching.settle, matter)
    assert sorted(str(refusal.value).removeprefix("还没有会签：").rstrip("。").split("、")) == [
        "市住建",
        "市公安",
    ]
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher):
        assert list(to_settle(dispatcher)) == []
    with scope(EVERYWHERE):
        assists = list(
            Assignment.objects.filter(matter_id=matter.pk, part="assist").select_related("department")
        )
    for one in assists:
        who = (Role.HANDLER, one.department.kind)
        if one.state == "issued":
            act(county, who, handling.check_in, assignment_id=one.id)
        sign_off(county, one, who)
    with scope(dispatcher):
        assert [m.code for m in to_settle(dispatcher)] == [matter.code]
    act(county, Role.DISPATCHER, dispatching.settle, matter)
    assert fresh(county, matter).state == State.SETTLED


def test_declined_by_the_competent_body_with_its_law(county: SmallCounty):
    matter, lead = working(county)
    said = {"assignment_id": lead.id, "result": "不属于本机关受理范围，已经说明。", "declined": True}
    with refuses("invalid", field="basis"):
        act(county, LABOUR, handling.dispose, **said)
    act(county, LABOUR, handling.dispose, **said, basis="劳动保障监察条例第二十条")
    act(county, Role.DISPATCHER, dispatching.settle, matter)
    assert fresh(county, matter).outcome == "declined"


def test_leaving_the_departments_hands_ends_their_parts(county: SmallCounty):
    matter, _lead = working(county, assisting=["housing"])
    act(county, Role.DISPATCHER, settling.withdraw, matter, reason="本人表示不再反映")
    assert sorted(rows(Assignment, matter, "part", "state")) == [("assist", "ended"), ("lead", "ended")]
    assert [row[0] is None for row in rows(Dispatch, matter, "ended_at")] == [False]


def test_raised_the_parts_go_on(county: SmallCounty):
    """Who pushes the procedure changes, who handles the substance does not."""
    matter, lead = working(county)
    act(county, Role.DISPATCHER, lifting.raise_up, matter, reason="涉及两个县")
    act(county, LABOUR, handling.dispose, assignment_id=lead.id, result=RESULT)
    with refuses("post_may_not"):
        act(county, Role.DISPATCHER, dispatching.settle, matter)
    act(county, (Role.DISPATCHER, "city"), dispatching.settle, matter)
    assert told(matter)[-1] == "matter.settle"
