"""Who is reminded of which limit is a table: every row can be used, and nobody is chased who may not be."""

from __future__ import annotations

from datetime import date

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.notices.enums import Kind
from fengqiao.rules.queries.chasing import CHASED, STEPS, all_rungs, chased_by, rungs_of
from fengqiao.rules.queries.limits import Acts, all_limits
from fengqiao.rules.queries.running import all_running

ROW = {
    "id": "department.yellow",
    "applies_to": "owed_by:department",
    "counted_from": "yellow",
    "after": "",
    "step": "person",
    "at": "department",
    "roles": "handler",
    "says": "turned_yellow",
    "reason": "还来得及",
    "source": "建议",
    "proposed_on": "2026-11-28",
}


def test_every_row_has_a_reason_a_source_a_day_and_says_something_that_is_known():
    for rung in all_rungs().values():
        assert rung.reason and rung.source and rung.proposed_on <= date(2026, 11, 28), rung.id
        assert rung.says in Kind.values, rung.id
        assert rung.roles, rung.id


def test_every_limit_that_lights_climbs_from_the_person_to_the_director():
    for name, running in all_running().items():
        rungs = chased_by(name, running.owed_by)
        if all_limits()[name].acts is not Acts.LIGHTS or running.owed_by not in CHASED:
            assert rungs == (), name
            continue
        steps = [STEPS.index(rung.step) for rung in rungs]
        assert steps == sorted(steps) and {0, 2} <= set(steps), name
        assert [rung.counted_from for rung in rungs[:2]] == ["yellow", "due"], name
        # Whoever is told as a leader is told only after the end, and later than the person.
        assert all(rung.after and rung.counted_from == "due" for rung in rungs if rung.step != "person")


def test_parties_courts_and_arbitration_commissions_are_never_chased():
    for owed_by in ("party", "court"):
        assert {chased_by(name, owed_by) for name in all_running()} == {()}
    with pytest.raises(ValueError, match="never chased"):
        rungs_of([ROW | {"applies_to": "owed_by:court", "at": "centre"}])


def test_a_petition_is_watched_by_the_petition_post_and_another_by_the_registrar():
    yellow = {name: chased_by(name, "centre")[0] for name in ("petition.transfer", "centre.simple")}
    assert yellow["petition.transfer"].roles == {Role.PETITION_OFFICER, Role.DISPATCHER}
    assert yellow["centre.simple"].roles == {Role.REGISTRAR, Role.DISPATCHER}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"at": "street"}, "at cannot be"),
        ({"reason": " "}, "reason is empty"),
        ({"source": ""}, "source is empty"),
        ({"roles": "king"}, "no post 'king'"),
        ({"counted_from": "green"}, "counted_from cannot be 'green'"),
        ({"step": "crowd"}, "step cannot be"),
        ({"after": "3 month"}, "so many hours or working days"),
        ({"after": "0 hour"}, "so many hours or working days"),
        ({"applies_to": "name:黄某某"}, "nobody can tell"),
        ({"applies_to": "owed_by:centre"}, "only what a department owes"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(change: dict[str, str], why: str):
    with pytest.raises(ValueError, match=f"department.yellow: .*{why}|{why}"):
        rungs_of([ROW | change])


def test_a_row_stands_once():
    assert list(rungs_of([ROW])) == ["department.yellow"]
    with pytest.raises(ValueError, match="stands twice"):
        rungs_of([ROW, ROW])
