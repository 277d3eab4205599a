"""Two at the same moment over what a department has in hand: one decision, and no one waits for the other for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import handling
from fengqiao.dispatch.domain.whistling import NewWhistle
from fengqiao.dispatch.enums import AssignmentAction, CallState, WhistlePlace
from fengqiao.dispatch.models import Call, Extension
from fengqiao.flows import procedure
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.sight import restrict_later
from fengqiao.matters.models import Matter
from tests import small_county
from tests.dispatch.hands import LABOUR, part_of, return_asked, working
from tests.matters.at_once import first_holds_while_second_waits
from tests.matters.ground import EVERYWHERE, act, rows, told
from tests.small_county import SmallCounty, registered

pytestmark = pytest.mark.usefixtures("committed_db")
UNTIL = clock.today() + timedelta(days=20)


def handles(actor: Actor, matter: Matter, action: AssignmentAction, **values: Any) -> Callable[[], None]:
    assignment = part_of(matter)
    return lambda: procedure.handle(
        actor=actor,
        matter_id=matter.pk,
        assignment_id=assignment.id,
        action=action,
        values=values,
        version=None,
    )


def two_leaders(county: SmallCounty) -> tuple[Actor, Actor]:
    return county.actor(Role.DIRECTOR), county.actor(Role.DISPATCHER)


def test_two_decide_on_one_extension():
    county = small_county.build()
    matter, lead = working(county)
    act(county, LABOUR, handling.ask_extension, assignment_id=lead.id, until=UNTIL, reason="等待审计结果")
    with scope(EVERYWHERE):
        extension = Extension.objects.get()
    director, dispatcher = two_leaders(county)
    decide = AssignmentAction.DECIDE_EXTENSION
    no = {"extension_id": extension.pk, "approve": False, "answer": "群众已经等了两个月"}
    first, second = first_holds_while_second_waits(
        handles(director, matter, decide, **no),
        handles(dispatcher, matter, decide, extension_id=extension.pk, approve=True),
        holder=director,
    )
    assert first.raised is None
    assert isinstance(second.raised, Refusal)
    assert second.raised.code == "no_extension"
    assert rows(Extension, matter, "decision", "decided_by_id", "answer") == [
        ("refused", director.person_id, "群众已经等了两个月")
    ]
    assert part_of(matter).reply_by is None
    assert told(matter).count("dispatch.decide_extension") == 1


def test_two_of_a_department_ask_for_the_same_extension():
    county = small_county.build()
    matter, _lead = working(county)
    handler = county.actor(*LABOUR)
    ask = handles(handler, matter, AssignmentAction.ASK_EXTENSION, until=UNTIL, reason="等待审计结果")
    first, second = first_holds_while_second_waits(ask, ask, holder=handler)
    assert first.raised is None
    assert isinstance(second.raised, Refusal)
    assert second.raised.code == "extension_pending"
    assert len(rows(Extension, matter, "pk")) == 1


def test_two_decide_on_one_return():
    county = small_county.build()
    matter, _lead = return_asked(county)
    director, dispatcher = two_leaders(county)
    arbitrate = AssignmentAction.ARBITRATE
    first, second = first_holds_while_second_waits(
        handles(director, matter, arbitrate, uphold=False, grounds="欠薪属人社部门职责"),
        handles(
            dispatcher,
            matter,
            arbitrate,
            uphold=True,
            grounds="工程款属住建职责",
            give_to=county.department("housing").id,
        ),
        holder=director,
    )
    assert first.raised is None
    assert isinstance(second.raised, Refusal)
    assert second.raised.code == "not_in_this_state"
    assert part_of(matter).department_id == county.department("labour").id
    assert part_of(matter).state == "working"


def test_the_department_disposes_while_the_centre_takes_it_back():
    county = small_county.build()
    matter, _lead = working(county)
    handler, dispatcher = county.actor(*LABOUR), county.actor(Role.DISPATCHER)
    withdraw = {"reason": "本人表示不再反映"}
    first, second = first_holds_while_second_waits(
        lambda: procedure.act(
            actor=dispatcher, matter_id=matter.pk, action="withdraw", values=withdraw, version=None
        ),
        handles(handler, matter, AssignmentAction.DISPOSE, result="厂方已付清全部工资，工人签收。"),
        holder=dispatcher,
    )
    assert first.raised is None
    assert isinstance(second.raised, Refusal)
    assert second.raised.code == "not_in_this_state"
    assert told(matter)[-1] == "matter.withdraw"


def test_a_call_is_answered_while_its_matter_is_restricted():
    """Both need the matter and the call: in one order, or each would wait for the other."""
    county = small_county.build()
    matter = registered(county)
    director, handler = county.actor(Role.DIRECTOR), county.actor(*LABOUR)
    called = procedure.blow(
        actor=director,
        new=NewWhistle(
            departments=[county.department("labour").id],
            place_kind=WhistlePlace.WINDOW,
            place="三号窗口",
            message="请到场",
            matter_id=matter.pk,
        ),
    )
    with scope(EVERYWHERE):
        call = Call.objects.get(whistle_id=called.pk)
    first, second = first_holds_while_second_waits(
        lambda: locked(actor=director, matter_id=matter.pk),
        lambda: procedure.answer(actor=handler, call_id=call.pk, to=CallState.THERE),
        holder=director,
        then=lambda: restrict_later(actor=director, matter_id=matter.pk, reason="涉及未成年人"),
    )
    assert first.raised is None
    # Shut away before the answer came: the department has nothing to do with it any more.
    assert isinstance(second.raised, Refusal)
    assert second.raised.code == "may_not_answer"
