"""吹哨报到: a call to come now, with or without a matter, counted in minutes; courts invited and informed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain.whistling import NEXT, NewWhistle, answer, inform, whistle
from fengqiao.dispatch.enums import CallState, WhistlePlace
from fengqiao.dispatch.models import Call, Notice, Whistle
from fengqiao.dispatch.policies import whistles_visible_to
from fengqiao.dispatch.queries.work import calls_answerable_by
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain.settling import archive
from fengqiao.matters.domain.sight import recuse, restrict_later
from fengqiao.matters.enums import ProcedureKind, ProcedureStage, State
from fengqiao.matters.intake import NewProcedure
from fengqiao.matters.models import HistoryEvent, Matter
from fengqiao.places.models import Department
from tests.dispatch.hands import HOUSING, LABOUR
from tests.matters.ground import (
    AUDITING,
    EVERYWHERE,
    Entry,
    act,
    fresh,
    last_audited,
    refuses,
    told,
    words,
)
from tests.small_county import AN_EVENING, SmallCounty, brought_to, registered

LATER = AN_EVENING + timedelta(days=60)
COURT = (Role.HANDLER, "court")


def new(county: SmallCounty, *kinds: str, matter: Matter | None = None, **changes) -> NewWhistle:
    values = {
        "departments": [county.department(kind).id for kind in kinds or ("labour",)],
        "place_kind": WhistlePlace.WINDOW,
        "place": "三号窗口",
        "message": "工人聚集在窗口，请到场",
        "matter_id": matter.pk if matter else None,
    }
    return NewWhistle(**(values | changes))


def blown(county: SmallCounty, *kinds: str, role: Role = Role.REGISTRAR, **more) -> Whistle:
    return act(county, role, whistle, new=new(county, *kinds, **more))


def call_of(called: Whistle, kind: str = "labour") -> Call:
    with scope(EVERYWHERE):
        return Call.objects.get(whistle_id=called.pk, department__kind=kind)


def answers(
    county: SmallCounty, called: Whistle, *states: CallState, who=LABOUR, result: str = "已经处置"
) -> None:
    for state in states:
        said = result if state in (CallState.DONE, CallState.STOOD_DOWN) else ""
        act(county, who, answer, call_id=call_of(called, who[1]).pk, to=state, result=said)


def ended(called: Whistle) -> bool:
    with scope(EVERYWHERE):
        return Whistle.objects.get(pk=called.pk).ended_at is not None


# --- the call --------------------------------------------------------------------------------------------------
def test_called_to_a_matter(county: SmallCounty):
    matter = registered(county)
    with clock.at(LATER):
        called = blown(county, "labour", "police", matter=matter, division="440785102201")
    assert (called.county, called.place_kind, called.place, called.division_id) == (
        "440785",
        "window",
        "三号窗口",
        "440785102201",
    )
    assert (called.centre_id, called.called_by_id, called.called_role, called.called_at) == (
        county.centres["county"].id,
        county.person(Role.REGISTRAR).id,
        "registrar",
        LATER,
    )
    for kind in ("labour", "police"):
        call = call_of(called, kind)
        assert (call.state, call.invitation, call.called_at, call.matter_id) == (
            "called",
            False,
            LATER,
            matter.pk,
        )
    assert told(matter)[-1] == "whistle.called"
    assert words(matter) == {"summary": "工人聚集在窗口，请到场"}
    assert fresh(county, matter).state == State.REGISTERED


def test_called_without_a_matter(county: SmallCounty):
    called = blown(county, role=Role.DUTY_COMMANDER, place_kind=WhistlePlace.EVENT, place="镇政府门口")
    assert (called.matter_id, called.county, called.restriction) == (None, "440785", "open")
    audited = last_audited()
    assert (audited.verb, audited.subject) == ("whistle.called", f"whistle:{called.pk}")


@pytest.mark.parametrize("role", sorted(CENTRE_ROLES))
@pytest.mark.parametrize("place", ["county", "town"])
def test_by_whoever_is_in_front(county: SmallCounty, role, place):
    called = act(county, (role, place), whistle, new=new(county))
    assert called.centre_id == county.centres[place].id


@pytest.mark.parametrize("role", [r for r in Role if r not in CENTRE_ROLES])
def test_and_by_nobody_else(county: SmallCounty, role):
    with refuses("may_not_whistle"):
        act(county, (role, "labour" if role is Role.HANDLER else "county"), whistle, new=new(county))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": " "}, "place"),
        ({"message": ""}, "message"),
        ({"departments": []}, "departments"),
        ({"departments": [new_id()]}, "departments"),
    ],
)
def test_where_why_and_whom(county: SmallCounty, changes, field):
    with refuses("invalid", field=field):
        act(county, Role.REGISTRAR, whistle, new=new(county, **changes))


def test_the_same_department_twice_is_one_call(county: SmallCounty):
    labour = county.department("labour").id
    called = act(county, Role.REGISTRAR, whistle, new=new(county, departments=[labour, labour]))
    assert call_of(called).state == "called"


def test_a_matter_that_one_does_not_see(county: SmallCounty):
    matter = registered(county)
    with refuses("matter_not_found"):
        act(county, (Role.REGISTRAR, "other"), whistle, new=new(county, "other", matter=matter))


def test_a_body_behind_the_wall_would_never_hear_it(county: SmallCounty):
    with refuses("out_of_reach", field="departments") as refusal:
        blown(county, "labour", "other")
    assert str(refusal.value) == "开平人社在别的县，看不到这次吹哨。"


def test_not_the_body_complained_of(county: SmallCounty):
    matter = registered(county, against_department=county.department("labour").id)
    with refuses("complained_of", field="departments"):
        blown(county, "police", "labour", matter=matter)
    blown(county, "police", matter=matter)


def test_an_archived_matter_is_frozen(county: SmallCounty):
    matter = brought_to(county, State.ARCHIVED)
    with refuses("archived"):
        blown(county, matter=matter)
    with refuses("archived"):
        act(
            county,
            Role.DIRECTOR,
            inform,
            matter,
            department_id=county.department("court").id,
            text="告知有关情况",
        )


# --- courts ------------------------------------------------------------------------------------------------------
RUNNING = {
    "litigation": NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.RUNNING, "（2026）粤0785民初12号"),
    "police": NewProcedure(ProcedureKind.POLICE, ProcedureStage.RUNNING),
}


def test_a_court_is_invited_to_the_window(county: SmallCounty):
    called = blown(county, "court", "labour", matter=registered(county))
    assert (call_of(called, "court").invitation, call_of(called, "labour").invitation) == (True, False)


def test_never_in_a_case_it_has_in_hand(county: SmallCounty):
    matter = registered(county, procedures=(RUNNING["litigation"],))
    with refuses("case_in_hand", field="departments"):
        blown(county, "labour", "court", matter=matter)
    # Others may be called to the same matter.
    blown(county, "labour", matter=matter)


@pytest.mark.parametrize(
    ("procedure", "court", "procuratorate"),
    [
        (RUNNING["litigation"], False, False),
        (RUNNING["police"], True, False),
        (NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.ENDED), True, True),
        (NewProcedure(ProcedureKind.ARBITRATION, ProcedureStage.RUNNING), True, True),
    ],
)
def test_which_case_is_in_whose_hand(county: SmallCounty, procedure, court, procuratorate):
    county.departments["procuratorate"] = Department.objects.create(
        name="恩平市检察院", short_name="市检察院", kind="procuratorate", division_id="440785000000"
    )
    matter = registered(county, procedures=(procedure,))
    for kind, may in (("court", court), ("procuratorate", procuratorate)):
        if may:
            assert call_of(blown(county, kind, matter=matter), kind).invitation
        else:
            with refuses("case_in_hand", field="departments"):
                blown(county, kind, matter=matter)
    del county.departments["procuratorate"]


def test_a_court_is_informed_without_being_given_the_matter(county: SmallCounty):
    matter = registered(county, procedures=(RUNNING["litigation"],))
    court = county.department("court")
    notice = act(
        county, Role.DIRECTOR, inform, matter, department_id=court.id, text="双方已在中心达成和解意向"
    )
    assert (notice.department_id, notice.text, notice.by_id) == (
        court.id,
        "双方已在中心达成和解意向",
        county.person(Role.DIRECTOR).id,
    )
    assert told(matter)[-1] == "notice.given"
    actor = county.actor(*COURT)
    with scope(actor):
        assert Matter.objects.visible_to(actor).count() == 0


@pytest.mark.parametrize(
    ("who", "changes", "code", "field"),
    [
        (LABOUR, {}, "may_not_inform", None),
        ((Role.SUPERVISOR, "county"), {}, "may_not_inform", None),
        ((Role.DIRECTOR, "county"), {"text": "知悉"}, "invalid", "text"),
        ((Role.DIRECTOR, "county"), {"department_id": new_id()}, "invalid", "department"),
        ((Role.DIRECTOR, "other"), {}, "matter_not_found", None),
    ],
)
def test_refused_notices(county: SmallCounty, who, changes, code, field):
    matter = registered(county)
    given = {"department_id": county.department("court").id, "text": "告知有关情况"} | changes
    with refuses(code, field=field):
        act(county, who, inform, matter, **given)


def test_the_body_complained_of_is_not_informed_of_a_report(county: SmallCounty):
    labour = county.department("labour").id
    matter = registered(county, confidential=True, against_department=labour)
    with refuses("complained_of", field="department"):
        act(county, Role.DIRECTOR, inform, matter, department_id=labour, text="告知有关情况")
    with scope(county.actor(Role.DIRECTOR)):
        assert Notice.objects.count() == 0


# --- the answer --------------------------------------------------------------------------------------------------
def test_on_the_way_there_done_in_minutes(county: SmallCounty):
    matter = registered(county)
    with clock.at(LATER):
        called = blown(county, matter=matter)
    moments = {}
    for minutes, state in ((2, CallState.ON_THE_WAY), (17, CallState.THERE), (65, CallState.DONE)):
        moments[state] = LATER + timedelta(minutes=minutes, seconds=59)
        with clock.at(moments[state]):
            answers(county, called, state, result="双方已经劝开")
        assert told(matter)[-1] == f"whistle.{state}"
        assert f'"minutes":{minutes}'.encode() in _last_content(matter)
    call = call_of(called)
    assert (call.state, call.on_the_way_at, call.there_at, call.done_at) == (
        "done",
        moments["on_the_way"],
        moments["there"],
        moments["done"],
    )
    assert (call.result, call.answered_by_id) == ("双方已经劝开", county.person(Role.HANDLER, "labour").id)
    assert words(matter) == {"summary": "双方已经劝开"}
    assert ended(called)


def _last_content(matter: Matter) -> bytes:
    with scope(EVERYWHERE):
        return bytes(HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq").last().content)


def test_who_comes_without_saying_so_is_simply_there(county: SmallCounty):
    called = blown(county)
    answers(county, called, CallState.THERE)
    assert (call_of(called).state, call_of(called).on_the_way_at) == ("there", None)


def test_the_whistle_ends_with_its_last_call(county: SmallCounty):
    called = blown(county, "labour", "housing")
    answers(county, called, CallState.THERE, CallState.DONE)
    assert not ended(called)
    act(
        county,
        Role.REGISTRAR,
        answer,
        call_id=call_of(called, "housing").pk,
        to=CallState.STOOD_DOWN,
        result="已经不需要到场",
    )
    assert ended(called)
    assert call_of(called, "housing").answered_by_id is None


@pytest.mark.parametrize("state", CallState)
def test_the_order_of_a_call(county: SmallCounty, state):
    """Every state with every answer: what does not follow is refused."""
    expected = {
        "called": {"on_the_way", "there", "stood_down"},
        "on_the_way": {"there", "stood_down"},
        "there": {"done"},
        "done": set(),
        "stood_down": set(),
    }
    assert set(NEXT[state]) == expected[state]
    called = blown(county)
    with scope(county.actor(Role.REGISTRAR)):
        Call.objects.filter(whistle_id=called.pk).update(state=state)
    call = call_of(called)
    for to in set(CallState) - expected[state] - {CallState.CALLED}:
        who = (Role.REGISTRAR, "county") if to == CallState.STOOD_DOWN else LABOUR
        with refuses("not_in_this_state"):
            act(county, who, answer, call_id=call.pk, to=to, result="已经处置")


@pytest.mark.parametrize("to", [CallState.DONE, CallState.STOOD_DOWN])
def test_what_came_of_it_is_written(county: SmallCounty, to):
    called = blown(county)
    if to == CallState.DONE:
        answers(county, called, CallState.THERE)
    who = LABOUR if to == CallState.DONE else (Role.REGISTRAR, "county")
    with refuses("invalid", field="result"):
        act(county, who, answer, call_id=call_of(called).pk, to=to, result=" ")


@pytest.mark.parametrize(
    ("who", "to"),
    [
        (HOUSING, CallState.ON_THE_WAY),
        ((Role.HANDLER, "other"), CallState.ON_THE_WAY),
        ((Role.REGISTRAR, "county"), CallState.ON_THE_WAY),
        ((Role.DIRECTOR, "county"), CallState.THERE),
        (LABOUR, CallState.STOOD_DOWN),
        ((Role.DIRECTOR, "town"), CallState.STOOD_DOWN),
        ((Role.DIRECTOR, "other"), CallState.STOOD_DOWN),
    ],
)
def test_the_called_answers_and_the_caller_stands_down(county: SmallCounty, who, to):
    called = blown(county)
    with refuses("may_not_answer"):
        act(county, who, answer, call_id=call_of(called).pk, to=to, result="不用来了")


def test_a_call_that_is_not_there(county: SmallCounty):
    with refuses("may_not_answer"):
        act(county, LABOUR, answer, call_id=new_id(), to=CallState.THERE)


def test_called_to_a_matter_that_was_archived_meanwhile(county: SmallCounty):
    """The archive stays as it is; that somebody came is told by the audit."""
    matter = brought_to(county, State.CLOSED)
    called = blown(county, matter=matter)
    act(county, Role.DIRECTOR, archive, matter)
    before = told(matter)
    answers(county, called, CallState.THERE)
    assert told(matter) == before
    with scope(AUDITING):
        entry = Entry.objects.get(verb="whistle.there")
    assert entry.subject == f"whistle:{called.pk}"


# --- who sees a whistle -----------------------------------------------------------------------------------------
def seen(county: SmallCounty, who: tuple[Role, str]) -> int:
    actor = county.actor(*who)
    with scope(actor):
        return whistles_visible_to(actor).count()


def waiting(county: SmallCounty, who: tuple[Role, str]) -> int:
    actor = county.actor(*who)
    with scope(actor):
        return calls_answerable_by(actor).count()


def test_who_hears_it(county: SmallCounty):
    blown(county, division="440785001001")
    assert [seen(county, who) for who in (LABOUR, HOUSING, (Role.HANDLER, "other"))] == [1, 0, 0]
    assert [waiting(county, who) for who in (LABOUR, HOUSING)] == [1, 0]
    places = ("county", "town", "city", "other")
    assert [seen(county, (Role.DIRECTOR, place)) for place in places] == [1, 0, 1, 0]
    assert seen(county, (Role.SUPERVISOR, "county")) == 1
    assert seen(county, (Role.AUDITOR, "county")) == seen(county, (Role.EXCHANGE, "county")) == 0
    assert waiting(county, (Role.DIRECTOR, "county")) == 0


def test_a_town_hears_what_concerns_it(county: SmallCounty):
    blown(county, division="440785102201")
    act(county, (Role.REGISTRAR, "town"), whistle, new=new(county))
    assert seen(county, (Role.DIRECTOR, "town")) == 2


def test_a_called_department_comes_without_seeing_the_matter(county: SmallCounty):
    matter = registered(county)
    called = blown(county, matter=matter)
    actor = county.actor(*LABOUR)
    with scope(actor):
        assert Matter.objects.visible_to(actor).count() == 0
    answers(county, called, CallState.THERE, CallState.DONE)
    assert told(matter)[-1] == "whistle.done"


def test_what_is_answered_waits_no_more(county: SmallCounty):
    called = blown(county)
    answers(county, called, CallState.ON_THE_WAY, CallState.THERE)
    assert waiting(county, LABOUR) == 1
    answers(county, called, CallState.DONE)
    assert waiting(county, LABOUR) == 0


def test_restricted_with_its_matter(county: SmallCounty):
    """A whistle tells of its matter: it is shut away together with it."""
    matter = registered(county)
    call = call_of(blown(county, matter=matter))
    act(county, Role.DISPATCHER, restrict_later, matter, reason="涉及未成年人")
    assert [seen(county, (role, "county")) for role in (Role.DISPATCHER, Role.MEDIATOR)] == [1, 0]
    assert waiting(county, LABOUR) == 0
    with refuses("may_not_answer"):
        act(county, LABOUR, answer, call_id=call.pk, to=CallState.THERE)


def test_who_stepped_aside_hears_nothing(county: SmallCounty):
    matter = registered(county)
    blown(county, matter=matter)
    handler = county.person(Role.HANDLER, "labour")
    act(county, Role.REGISTRAR, recuse, matter, person_id=handler.id, reason="与当事人是亲属")
    assert (seen(county, LABOUR), waiting(county, LABOUR)) == (0, 0)
