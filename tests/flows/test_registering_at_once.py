"""The same form twice at the same moment: one matter, and both are told its code."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows.registering import DESK, at_the_window
from fengqiao.matters.domain.registration import register
from fengqiao.matters.models import HistoryEvent, Matter, Party
from tests import small_county
from tests.matters.at_once import first_holds_while_second_waits, together
from tests.matters.ground import EVERYWHERE
from tests.small_county import wages

pytestmark = pytest.mark.usefixtures("committed_db")


def counted() -> tuple[int, int, int]:
    with scope(EVERYWHERE):
        return Matter.objects.count(), Party.objects.count(), HistoryEvent.objects.count()


def test_the_second_waits_for_the_first_and_gets_its_matter():
    """The first has written its row and not committed it; the second finds it only when it writes its own."""
    county = small_county.build()
    registrar, token, new = county.actor(Role.REGISTRAR), uuid4(), wages()
    first, second = first_holds_while_second_waits(
        lambda: register(actor=registrar, new=replace(new, source=DESK, source_number=str(token))),
        lambda: at_the_window(actor=registrar, new=new, form_token=token),
        holder=registrar,
    )
    assert (first.raised, second.raised) == (None, None)
    assert second.value.pk == first.value.pk
    assert counted() == (1, 2, 1)


def test_many_clicks_at_once():
    county = small_county.build()
    registrar, token, new = county.actor(Role.REGISTRAR), uuid4(), wages()
    came = together(*(lambda: at_the_window(actor=registrar, new=new, form_token=token) for _ in range(4)))
    assert [one.raised for one in came] == [None] * 4
    assert len({one.value.code for one in came}) == 1
    assert counted() == (1, 2, 1)


def test_when_the_first_fails_the_second_registers():
    county = small_county.build()
    registrar, token, new = county.actor(Role.REGISTRAR), uuid4(), wages()

    class Interrupted(Exception):
        pass

    def interrupted() -> None:
        raise Interrupted

    first, second = first_holds_while_second_waits(
        lambda: register(actor=registrar, new=replace(new, source=DESK, source_number=str(token))),
        lambda: at_the_window(actor=registrar, new=new, form_token=token),
        holder=registrar,
        then=interrupted,
    )
    assert isinstance(first.raised, Interrupted)
    assert second.raised is None
    assert counted() == (1, 2, 1)
    with scope(EVERYWHERE):
        assert Matter.objects.get().code == second.value.code
