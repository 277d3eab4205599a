"""Rows of an old ledger that were settled before: flagged history with both times, outside all visit rates."""

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.domain import settling
from fengqiao.matters.domain.taking_over import SettledBefore, take_over
from fengqiao.matters.enums import State
from fengqiao.matters.models import Disposition
from fengqiao.matters.queries.ledger import LedgerFilter, matching
from fengqiao.matters.queries.work import counts
from tests.matters.ground import act, fresh, refuses, rows, told
from tests.small_county import AN_EVENING, SmallCounty, wages


def old(**changes):
    return wages(**({"source": "replied", "source_number": "17", "received_at": AN_EVENING} | changes))


SETTLED = SettledBefore(text="已责成厂方付清。", at=AN_EVENING + timedelta(hours=30))


def test_it_comes_closed_with_its_result_and_both_times(county: SmallCounty):
    with clock.at(AN_EVENING + timedelta(days=40)):
        matter = act(county, Role.EXCHANGE, take_over, new=old(), settled=SETTLED)
    now = fresh(county, matter)
    assert (now.state, now.step, now.outcome, now.is_history) == ("closed", "settle", "history", True)
    assert (now.received_at, now.registered_at, now.settled_at, now.closed_at) == (
        AN_EVENING,
        AN_EVENING + timedelta(days=40),
        SETTLED.at,
        SETTLED.at,
    )
    assert rows(Disposition, matter, "text", "outcome", "role", "at") == [
        ("已责成厂方付清。", "history", "exchange", SETTLED.at)
    ]
    assert told(matter) == ["matter.registered", "matter.take_over"]


def test_it_waits_for_nobody(county: SmallCounty):
    act(county, Role.EXCHANGE, take_over, new=old(), settled=SETTLED)
    for role in (Role.REGISTRAR, Role.DISPATCHER, Role.DIRECTOR):
        actor = county.actor(role)
        with scope(actor):
            assert {w.number for w in counts(actor)} == {0}
            assert matching(actor, LedgerFilter(flag="history")).count() == 1


def test_opened_again_it_is_worked_like_any_other(county: SmallCounty):
    matter = act(county, Role.EXCHANGE, take_over, new=old(), settled=SETTLED)
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="当事人再次反映")
    now = fresh(county, matter)
    assert (now.state, now.outcome, now.settled_at, now.reopened) == (State.ASSESSING, "", None, 1)


@pytest.mark.parametrize(
    ("settled", "sentence"),
    [
        (SettledBefore(text="x", at=AN_EVENING - timedelta(days=1)), "办结时间早于收到的时间。"),
        (SettledBefore(text="x", at=clock.now() + timedelta(days=1)), "办结时间不能晚于现在。"),
    ],
)
def test_times_that_cannot_be(county: SmallCounty, settled, sentence):
    with refuses("invalid", field="settled.at") as refusal:
        act(county, Role.EXCHANGE, take_over, new=old(), settled=settled)
    assert str(refusal.value) == sentence


def test_the_same_day_is_possible_and_an_unknown_day_too(county: SmallCounty):
    """Many ledgers know the day of the result and not its hour."""
    earlier_that_day = SettledBefore(text="已答复", at=AN_EVENING - timedelta(hours=3))
    act(county, Role.EXCHANGE, take_over, new=old(), settled=earlier_that_day)
    unknown = old(received_at=None, source_number="18")
    matter = act(county, Role.EXCHANGE, take_over, new=unknown, settled=earlier_that_day)
    assert fresh(county, matter).received_at is None


def test_a_row_that_came_before_is_not_taken_twice(county: SmallCounty):
    act(county, Role.EXCHANGE, take_over, new=old(), settled=SETTLED)
    with refuses("already_registered", field="source_number"):
        act(county, Role.EXCHANGE, take_over, new=old(), settled=SETTLED)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DIRECTOR, Role.DISPATCHER])
def test_no_officer_closes_by_calling_it_history(county: SmallCounty, role):
    with refuses("post_may_not"):
        act(county, role, take_over, new=old(), settled=SETTLED)


def test_a_result_that_cannot_be_kept(county: SmallCounty):
    unkept = SettledBefore(text="已\x00答复", at=SETTLED.at)
    with refuses("invalid", field="settled.text"):
        act(county, Role.EXCHANGE, take_over, new=old(), settled=unkept)
