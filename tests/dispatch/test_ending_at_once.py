"""A department is handed a matter while it is ended: whoever comes second is refused by what the first did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching
from fengqiao.dispatch.models import Assignment
from fengqiao.flows import bodies
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.enums import State
from fengqiao.places.models import Department, Stationing
from tests import small_county
from tests.matters.at_once import first_holds_while_second_waits

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.mark.parametrize("first", ["the handover", "the end"])
def test_no_work_is_left_at_an_ended_department(first):
    county = small_county.build()
    matter = small_county.brought_to(county, State.DISPATCHING)
    body = county.department("labour")
    yesterday = clock.today() - timedelta(days=1)
    Stationing.objects.filter(post__department=body).update(valid_until=yesterday)
    dispatcher, keeper = county.actor(Role.DISPATCHER), county.actor(Role.SYSTEM_ADMINISTRATOR)

    def hand_over() -> None:
        dispatching.dispatch(
            actor=dispatcher,
            matter_id=matter.pk,
            lead=body.pk,
            message="请依法处理",
            reason="由该部门主办更合适",
        )

    def end() -> None:
        bodies.end(actor=keeper, model=Department, body_id=body.pk, until=yesterday, version=1)

    acts = [(dispatcher, hand_over, "work_in_hand"), (keeper, end, "department_ended")]
    if first == "the end":
        acts.reverse()
    (holder, holds, code), (second, follows, _code) = acts

    def follow() -> None:
        with scope(second):
            follows()

    came = first_holds_while_second_waits(holds, follow, holder=holder)
    assert came[0].raised is None
    assert isinstance(came[1].raised, Refusal)
    assert came[1].raised.code == code
    body.refresh_from_db()
    with scope(dispatcher):
        handed = Assignment.objects.filter(department=body).count()
    assert (handed, body.valid_until) == ((1, None) if first == "the handover" else (0, yesterday))
