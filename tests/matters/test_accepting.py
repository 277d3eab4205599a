"""Step one: accept, guide, redirect, settle on the spot. The centre sends nobody away."""

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, settling
from fengqiao.matters.domain.accepting import guide, redirect, settle_on_spot
from fengqiao.matters.enums import ProcedureKind, State, Track
from fengqiao.matters.models import Disposition, Procedure
from tests.matters.ground import act, fresh, refuses, rows, told, words
from tests.small_county import AN_EVENING, SmallCounty, brought_to, registered


def test_accept(county: SmallCounty):
    with clock.at(AN_EVENING):
        matter = registered(county)
    with clock.at(AN_EVENING + timedelta(minutes=2)):
        act(county, Role.REGISTRAR, accepting.accept, matter)
    now = fresh(county, matter)
    assert (now.state, now.step, now.version) == ("accepted", "register", 2)
    assert now.state_since == AN_EVENING + timedelta(minutes=2)
    assert told(matter) == ["matter.registered", "matter.accept"]


def test_accept_twice_is_refused(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("not_in_this_state") as refusal:
        act(county, Role.DIRECTOR, accepting.accept, matter)
    assert str(refusal.value) == "事项现在是“已受理待处置”，不能“受理”。"


def test_guided_to_who_decides_it(county: SmallCounty):
    matter = registered(county)
    with clock.at(AN_EVENING + timedelta(days=30)):
        act(
            county,
            Role.REGISTRAR,
            guide,
            matter,
            body=" 恩平市人民法院 ",
            explanation="判决已生效，应当申请执行，并陪同到执行窗口。",
        )
    now = fresh(county, matter)
    assert (now.state, now.step, now.outcome) == ("settled", "settle", "guided")
    assert now.settled_at == AN_EVENING + timedelta(days=30)
    assert words(matter) == {
        "summary": "恩平市人民法院",
        "explanation": "判决已生效，应当申请执行，并陪同到执行窗口。",
    }


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"body": " ", "explanation": "应当申请执行"}, "body"),
        ({"body": "法院", "explanation": "去吧"}, "explanation"),
        ({"body": "法院", "explanation": "长" * 5001}, "explanation"),
        ({"body": "法院", "explanation": "应当\x00申请执行"}, "explanation"),
    ],
)
def test_guiding_is_explained(county: SmallCounty, said, field):
    matter = registered(county)
    with refuses("invalid", field=field):
        act(county, Role.REGISTRAR, guide, matter, **said)


def test_redirected_into_a_statutory_procedure(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    act(
        county,
        Role.LEGAL_OFFICER,
        redirect,
        matter,
        kind=ProcedureKind.ARBITRATION,
        body="恩平市劳动人事争议仲裁院",
        explanation="劳动关系有争议，应先行仲裁。",
        number=" 恩劳仲字〔2026〕12号 ",
    )
    now = fresh(county, matter)
    assert (now.state, now.outcome) == ("settled", "redirected")
    assert rows(Procedure, matter, "kind", "stage", "number", "body") == [
        ("arbitration", "running", "恩劳仲字〔2026〕12号", "恩平市劳动人事争议仲裁院")
    ]


@pytest.mark.parametrize(
    ("role", "track"),
    [
        (Role.PETITION_OFFICER, Track.PETITION),
        (Role.LEGAL_OFFICER, Track.LEGAL),
        (Role.INDUSTRY_OFFICER, Track.DEPARTMENTAL),
    ],
)
def test_each_window_post_settles_its_own_track_on_the_spot(county: SmallCounty, role, track):
    matter = brought_to(county, State.ACCEPTED)
    due = clock.today() + timedelta(days=3)
    act(
        county,
        role,
        settle_on_spot,
        matter,
        result="厂方当场付清。",
        basis="劳动合同法第30条",
        performance_due=due,
    )
    now = fresh(county, matter)
    assert (now.state, now.track, now.outcome) == ("settled", track, "settled_on_spot")
    assert (now.performance, now.performance_due) == ("running", due)
    person = county.person(role)
    assert rows(Disposition, matter, "role", "outcome", "text", "basis", "by_id", "performance_due") == [
        (role, "settled_on_spot", "厂方当场付清。", "劳动合同法第30条", person.id, due)
    ]


def test_on_the_spot_without_a_promise_nothing_is_to_be_performed(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    act(county, Role.LEGAL_OFFICER, settle_on_spot, matter, result="已经解释清楚。")
    assert fresh(county, matter).performance == "none"


def test_what_is_routed_elsewhere_is_not_settled_by_another_post(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)  # routed to the departments
    for role in (Role.PETITION_OFFICER, Role.LEGAL_OFFICER):
        with refuses("not_competent"):
            act(county, role, settle_on_spot, matter, result="已经解释清楚。")
    act(county, Role.INDUSTRY_OFFICER, settle_on_spot, matter, result="已经解释清楚。")
    assert fresh(county, matter).state == State.SETTLED


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DISPATCHER, Role.DIRECTOR, Role.MEDIATOR])
def test_no_other_post_of_the_centre_writes_a_result(county: SmallCounty, role):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("post_may_not"):
        act(county, role, settle_on_spot, matter, result="已经解释清楚。")


def test_a_promise_cannot_fall_due_yesterday(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    with refuses("invalid", field="performance_due"):
        act(
            county,
            Role.LEGAL_OFFICER,
            settle_on_spot,
            matter,
            result="已经解释清楚。",
            performance_due=clock.today() - timedelta(days=1),
        )


def test_the_receiving_bodys_receipt(county: SmallCounty):
    matter = registered(county)
    act(county, Role.REGISTRAR, guide, matter, body="恩平市人民法院", explanation="应当申请执行")
    act(
        county, Role.REGISTRAR, settling.record_receipt, matter, number=" 恩法收字12号 ", summary="王法官签收"
    )
    now = fresh(county, matter)
    assert (now.state, now.receipt_number) == ("settled", "恩法收字12号")
    assert words(matter) == {"summary": "王法官签收"}


def test_only_what_was_handed_over_has_a_receipt(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    with refuses("nothing_handed_over"):
        act(county, Role.REGISTRAR, settling.record_receipt, matter, number="12号")
