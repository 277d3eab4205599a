"""A department comes to stand in a village while that is ended: the second is refused by what the first did."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import bodies, divisions
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.places.domain.bodies import Details
from fengqiao.places.domain.division_changes import Notice
from fengqiao.places.models import Department, Division
from tests import small_county
from tests.matters.at_once import first_holds_while_second_waits

pytestmark = pytest.mark.usefixtures("committed_db")

VILLAGE = "440785102201"


@pytest.mark.parametrize("first", ["the department", "the end"])
def test_nothing_is_left_standing_in_an_ended_village(first):
    county = small_county.build()
    keeper = county.actor(Role.SYSTEM_ADMINISTRATOR)

    def add() -> None:
        new = Details(name="黄泥坑警务室", kind="police", division=VILLAGE)
        bodies.add(actor=keeper, model=Department, new=new)

    def end() -> None:
        notice = Notice(source="恩府函〔2026〕18号", day=clock.today())
        divisions.end(actor=keeper, code=VILLAGE, into="", notice=notice, version=1)

    holds, follows, code = (add, end, "bodies_there") if first == "the department" else (end, add, "invalid")

    def follow() -> None:
        with scope(keeper):
            follows()

    came = first_holds_while_second_waits(holds, follow, holder=keeper)
    assert came[0].raised is None
    assert isinstance(came[1].raised, Refusal)
    assert came[1].raised.code == code
    stands = Department.objects.filter(division_id=VILLAGE).exists()
    has_ended = Division.objects.get(pk=VILLAGE).valid_until is not None
    assert (stands, has_ended) == ((True, False) if first == "the department" else (False, True))
