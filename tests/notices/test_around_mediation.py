"""Who is told of talks, of what offices answer and of what a court asks: whoever mediates, and whoever asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.confirmation.domain import tracking
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import people, sitting
from fengqiao.mediation.enums import HelperKind
from fengqiao.notices.queries.inbox import notices_of
from fengqiao.pool.domain.rooms import hold_at
from fengqiao.pool.models import AtWork
from fengqiao.referrals.domain import answering
from tests.confirmation.hands import confirmable, filed, prepared
from tests.matters.ground import act
from tests.mediation.test_talks import plan
from tests.mediation.test_who_mediates import colleague, mediating
from tests.notices.inbox import inbox, kinds
from tests.pool.hands import a_room
from tests.referrals.hands import referred
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db
LABOUR = (Role.HANDLER, "labour")
DAY = timedelta(days=1)


def party(matter: Matter) -> Any:
    return matter.parties.order_by("id").first().pk


def test_a_talk_is_told_to_all_who_mediate_when_it_is_planned_moved_and_called_off(county: SmallCounty):
    matter = mediating(county)
    with scope(county.actor(Role.MEDIATOR)):
        someone = [party(matter)]
    beside = colleague(county)
    helper = {"kind": HelperKind.MEDIATOR, "person_id": beside.person_id}
    act(county, Role.MEDIATOR, people.add_helper, matter, **helper)
    before = len(kinds(county, Role.MEDIATOR))
    on = clock.now() + 5 * DAY
    talk = plan(county, matter, someone, who=Role.REGISTRAR, planned_at=on)
    moved = act(
        county,
        Role.MEDIATOR,
        sitting.adjourn_sitting,
        matter,
        sitting_id=talk.pk,
        why="对方出差",
        again_at=on + DAY,
    )
    with scope(county.actor(Role.MEDIATOR)):
        again = moved.mediation.sittings.get(state="planned")
    off = {"sitting_id": again.pk, "why": "对方住院，时间另定"}
    act(county, Role.DIRECTOR, sitting.adjourn_sitting, matter, **off)
    # Who moved it needs no notice of that; the registrar who planned it does not mediate.
    told = inbox(county, Role.MEDIATOR)
    assert [each.kind for each in told][:-before] == ["talk_off", "talk_planned"]
    day = on.astimezone(clock.SHANGHAI).date()
    assert [each.due_on for each in told[:2]] == [None, day]
    assert kinds(county, Role.REGISTRAR) == []
    with scope(beside):
        mine = list(notices_of(beside).values_list("kind", "due_on"))
    assert mine == [("talk_off", None), ("talk_moved", day + DAY), ("talk_planned", day)]


def test_who_works_in_the_room_learns_of_the_talk_and_all_mediators_where_nobody_is_named(
    county: SmallCounty,
):
    matter = mediating(county)
    works_there = colleague(county)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        room = a_room(director)
        AtWork.objects.create(
            county=director.county,
            room=room,
            person_id=works_there.person_id,
            valid_from=clock.today(),
            entered_by_id=director.person_id,
            entered_at=clock.now(),
        )
        someone = [party(matter)]
    act(county, Role.MEDIATOR, hold_at, matter, room_id=room.pk)
    plan(county, matter, someone, who=Role.REGISTRAR)
    with scope(works_there):
        assert notices_of(works_there).values_list("kind", flat=True).get() == "talk_planned"
        matter.mediations.update(mediator=None)
    plan(county, matter, someone, who=Role.REGISTRAR)
    with scope(works_there):
        assert notices_of(works_there).count() == 2
    assert kinds(county, Role.MEDIATOR).count("talk_planned") == 2


@pytest.mark.parametrize("answer", ["accepts", "refuses"])
def test_an_office_learns_what_it_is_asked_and_who_asked_learns_the_answer(county: SmallCounty, answer: str):
    matter = mediating(county)
    labour = county.department("labour").id
    by = clock.today() + 7 * DAY
    asked = referred(county, matter, "police", department_id=labour, answer_by=by)
    it = {"referral_id": asked.pk}
    act(county, Role.DISPATCHER, answering.remind, text="电话问到哪一步了", **it)
    told = inbox(county, *LABOUR)
    assert [(each.kind, each.due_on, each.opens) for each in told] == [
        ("referral_urged", by, "referrals"),
        ("referred", by, "referrals"),
    ]
    if answer == "refuses":
        act(county, LABOUR, answering.refuse, reason="不属于本单位的职责", **it)
        expected = ["referral_refused"]
    else:
        act(county, LABOUR, answering.accept, contact="李科", **it)
        act(county, LABOUR, answering.give_back, outcome="done", result="已经核实处理。", **it)
        expected = ["referral_returned", "referral_accepted"]
    # Who asked, and who mediates; nobody else.
    assert kinds(county, Role.REGISTRAR) == expected
    assert kinds(county, Role.MEDIATOR)[: len(expected)] == expected
    assert kinds(county, Role.DIRECTOR) == []
    assert kinds(county, *LABOUR) == ["referral_urged", "referred"]


def test_what_a_court_asks_and_does_is_told_to_who_mediated(county: SmallCounty):
    matter, agreement = confirmable(county)
    case = filed(county, matter, prepared(county, agreement))
    on, until = clock.today(), clock.today() + 5 * DAY
    said = {"on": on, "until": until, "text": "补交身份证明"}
    act(county, Role.DIRECTOR, tracking.ask_more, case_id=case.pk, **said)
    act(county, Role.DIRECTOR, tracking.docket, case_id=case.pk, on=on, number="（2026）粤0785民特1号")
    told = inbox(county, Role.MEDIATOR)[:2]
    assert [(each.kind, each.due_on) for each in told] == [("court_decided", None), ("court_asked", until)]
    assert [each.matter_id for each in told] == [matter.pk] * 2
