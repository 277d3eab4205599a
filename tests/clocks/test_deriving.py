"""From facts to clocks, without a database: what starts one, what moves it, what ends it, and that order is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fengqiao.clocks.deriving import Derived, Said, Subject, derived
from fengqiao.clocks.domain.facts import CHANGES_WHAT_RUNS, OF_A_MOVE
from fengqiao.clocks.enums import FactKind, OwedBy
from fengqiao.clocks.queries.calendar import shipped
from fengqiao.matters import steps
from fengqiao.matters.domain.merging import merge
from fengqiao.rules.queries.limits import all_limits, in_force
from fengqiao.rules.queries.running import all_running, running_of

# Thursday, 9:00 in Shanghai.
START = datetime(2026, 9, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
PETITION = Subject(
    id=UUID(int=1),
    county="440785",
    centre=UUID(int=2),
    channel="petition",
    category="0703",
    track="petition",
    received_at=START,
    registered_at=START,
)
LEAD, OTHER = UUID(int=10), UUID(int=11)


def said(kind: str, days: float = 0, **more: Any) -> Said:
    at = START + timedelta(days=days)
    return Said(uuid5(PETITION.id, f"{kind} {days} {more}"), kind, at, **more)


def clocks(*facts: Said, subject: Subject = PETITION) -> dict[str, Derived]:
    """The clocks by their limits; each limit at most once."""
    found = derived(subject, facts, in_force, shipped())
    by_limit = {each.limit: each for each in found}
    assert len(by_limit) == len(found)
    return by_limit


def dispatched(days: float = 1, assignment: UUID = LEAD, part: str = "lead", kind: str = "labour") -> Said:
    return said(
        FactKind.DISPATCHED,
        days,
        assignment=assignment,
        department=assignment,
        part=part,
        department_kind=kind,
    )


def of(fact: Said, kind: str, days: float) -> Said:
    """Another fact of the same assignment."""
    return replace(fact, kind=kind, at=START + timedelta(days=days), key=UUID(int=fact.key.int + len(kind)))


def test_each_limit_says_how_it_runs_and_each_word_is_a_fact():
    assert set(all_running()) == set(all_limits())
    known = set(FactKind)
    for running in all_running().values():
        assert running.starts_with | running.stops_with <= known, running.id
        acts = all_limits()[running.id].acts
        assert (acts == "reminds") == (running.owed_by == OwedBy.PARTY), running.id
        assert (acts == "shown") == (running.owed_by == OwedBy.COURT), running.id
        # A court's never turns yellow; what does says why.
        assert (acts == "shown") == (running.yellow is None), running.id
        assert running.yellow_reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_with": ""},
        {"stops_with": " "},
        {"owed_by": "somebody"},
        {"yellow": "20%"},
        {"yellow": "0 hour"},
        {"yellow": "3/3"},
        {"yellow": "0/3"},
        {"yellow": "one/3"},
        {"applies_to": "belief:any"},
        {"applies_to": "track:"},
    ],
)
def test_a_row_that_cannot_run_is_named(wrong: dict[str, str]):
    row = {
        "id": "a.b",
        "applies_to": "track:petition & !category:07 | channel:visit",
        "starts_with": "registered",
        "stops_with": "settled",
        "owed_by": "centre",
        "yellow": "3 working_day",
        "yellow_reason": "",
    }
    assert list(running_of([row])) == ["a.b"]
    with pytest.raises(ValueError, match=r"a\.b"):
        running_of([row | wrong])


def test_every_action_of_the_step_table_says_what_it_means_to_limits():
    """A new action is put into one of the three lists, or this fails."""
    says_nothing = {
        "matter.archive",
        # Unless the table of direct reports answers (facts.kinds_of).
        "matter.assess",
        "matter.attach",
        "matter.danger",
        "matter.danger_over",
        # What it means is told by the departments' own events.
        "matter.dispatch",
        "matter.evaluate",
        "matter.hand_over",
        "matter.link",
        "matter.record_performance.performed",
        "matter.record_receipt",
        "matter.recuse",
        "matter.return_visit.unreached",
        "matter.review_criminal",
        "matter.skip_mediation.not_fit",
        "matter.skip_mediation.refused",
        "matter.tell_remedies",
        "matter.turned_criminal",
    }
    types = {
        f"matter.{action.value}" + (f".{branch}" if branch else "") for _state, action, branch in steps.TABLE
    }
    assert types == set(OF_A_MOVE) | CHANGES_WHAT_RUNS | says_nothing
    assert not set(OF_A_MOVE) & CHANGES_WHAT_RUNS
    assert merge.__name__ in {type_.removeprefix("matter.") for type_ in OF_A_MOVE}


def test_a_petition_runs_from_receiving_and_registering():
    found = clocks()
    assert set(found) == {"petition.transfer", "petition.acknowledge"}
    transfer = found["petition.transfer"]
    # 15 days from 3 September end with Friday the 18th; yellow is what begins three working days before it is over.
    assert transfer.due_at == datetime(2026, 9, 18, 16, tzinfo=UTC)
    assert transfer.yellow_at == datetime(2026, 9, 15, 16, tzinfo=UTC)
    assert (transfer.state, transfer.owed_by, transfer.acts) == ("running", "centre", "lights")
    assert transfer.started_by == PETITION.id


def test_what_came_settled_or_is_no_petition_has_none():
    assert clocks(subject=replace(PETITION, is_history=True)) == {}
    assert clocks(subject=replace(PETITION, channel="visit", track="departmental")) == {}


def test_when_nobody_knows_when_it_came_nothing_is_guessed():
    assert set(clocks(subject=replace(PETITION, received_at=None))) == {"petition.transfer"}


def test_a_department_owes_from_its_own_dates():
    given = dispatched()
    in_ = of(given, FactKind.CHECKED_IN, 2)
    found = clocks(given, in_)
    assert found["petition.transfer"].state == "stopped"
    assert found["petition.transfer"].stopped_at == given.at
    assert found["petition.return"].state == "stopped"
    resolve = found["petition.resolve"]
    assert (resolve.owed_by, resolve.department_id, resolve.assignment_id) == ("department", LEAD, LEAD)
    # Sixty days after 5 September, a Wednesday.
    assert resolve.due_at == datetime(2026, 11, 4, 16, tzinfo=UTC)
    assert clocks(given, in_, of(given, FactKind.DISPOSED, 9))["petition.resolve"].state == "stopped"


def test_a_department_that_was_taken_off_owes_no_more_and_the_next_one_from_its_own_day():
    first, second = dispatched(), dispatched(4, OTHER)
    found = derived(PETITION, [first, of(first, FactKind.RETURNED, 4), second], in_force, shipped())
    returns = {each.assignment_id: each for each in found if each.limit == "petition.return"}
    assert returns[LEAD].state == "stopped"
    assert (returns[OTHER].state, returns[OTHER].started_at) == ("running", second.at)


def test_an_assisting_department_owes_no_opinion():
    given = dispatched(part="assist")
    assert "petition.resolve" not in clocks(given, of(given, FactKind.CHECKED_IN, 2))


def test_a_court_that_were_given_something_would_only_be_shown():
    given = dispatched(kind="court")
    found = clocks(given, of(given, FactKind.CHECKED_IN, 2))
    assert found["petition.resolve"].acts == "shown"


@pytest.mark.parametrize("kind", [FactKind.MERGED, FactKind.WITHDRAWN, FactKind.CLOSED])
def test_what_ends_the_matter_stops_a_bodys_clock_until_it_is_opened_again(kind: FactKind):
    end = said(kind, 3)
    stopped = clocks(end)["petition.transfer"]
    assert (stopped.state, stopped.stopped_at) == ("stopped", end.at)
    again = clocks(end, said(FactKind.REOPENED, 5))["petition.transfer"]
    assert (again.state, again.due_at) == ("running", stopped.due_at)


def test_the_time_of_a_party_and_of_a_court_runs_on_when_the_matter_is_closed():
    facts = [said(FactKind.AGREEMENT_EFFECTIVE), said(FactKind.COURT_DOCKETED), said(FactKind.CLOSED, 1)]
    found = clocks(*facts)
    assert (found["mediation.confirm_apply"].state, found["mediation.confirm_apply"].acts) == (
        "running",
        "reminds",
    )
    assert (found["mediation.confirm_decide"].state, found["mediation.confirm_decide"].acts) == (
        "running",
        "shown",
    )
    assert found["mediation.confirm_decide"].yellow_at is None


def test_two_who_were_served_on_different_days_have_each_their_own_time():
    one, two = UUID(int=21), UUID(int=22)
    facts = [
        said(FactKind.OPINION_SERVED, 0, party=one),
        said(FactKind.OPINION_SERVED, 4, party=two),
        said(FactKind.REVIEW_REQUESTED, 6, party=two),
    ]
    found = {
        each.party_id: each
        for each in derived(PETITION, facts, in_force, shipped())
        if each.limit == "petition.review_request"
    }
    assert found[one].due_at == datetime(2026, 10, 8, 16, tzinfo=UTC)  # 3 October is a holiday
    assert (found[one].state, found[two].state) == ("running", "stopped")


def test_pauses_extensions_and_restarts_move_only_their_own_limit():
    plain = clocks()
    mine = {"limit": "petition.transfer"}
    paused = [said(FactKind.PAUSED, 2, **mine)]
    found = clocks(*paused)
    assert (found["petition.transfer"].state, found["petition.transfer"].due_at) == ("paused", None)
    assert found["petition.acknowledge"] == plain["petition.acknowledge"]
    # Five days from Saturday to Thursday, and the 23rd is worked.
    resumed = clocks(*paused, said(FactKind.RESUMED, 7, **mine))["petition.transfer"]
    assert resumed.due_at == datetime(2026, 9, 23, 16, tzinfo=UTC)
    longer = clocks(said(FactKind.EXTENDED, 2, length=(5, "calendar_day"), **mine))["petition.transfer"]
    assert longer.due_at == resumed.due_at
    again = clocks(said(FactKind.RESTARTED, 5, **mine))["petition.transfer"]
    assert again.due_at == datetime(2026, 9, 23, 16, tzinfo=UTC)


def test_what_is_said_of_one_limit_starts_no_other():
    signed = said(FactKind.MATERIALS_SIGNED, limit="mediation.court_entrusted")
    subject = replace(PETITION, channel="court_assigned", track="")
    assert set(clocks(signed, subject=subject)) == {"mediation.court_entrusted"}


def test_a_rule_of_another_territory_starts_nothing():
    applied = said(FactKind.ADMINISTRATION_APPLIED)
    assert "admin.shenzhen.accept" not in clocks(applied)
    assert "admin.shenzhen.accept" in clocks(applied, subject=replace(PETITION, county="440305"))


def test_a_fact_that_is_dated_back_moves_the_end():
    late = clocks(said(FactKind.MEDIATION_BEGUN, 19), subject=replace(PETITION, category="0402"))
    early = clocks(said(FactKind.MEDIATION_BEGUN, 12), subject=replace(PETITION, category="0402"))
    assert late["mediation.people"].due_at - early["mediation.people"].due_at == 7 * DAY


def test_the_row_put_right_counts_instead_of_what_was_typed():
    right = replace(said(FactKind.RECEIVED, -2), key=PETITION.id)
    assert clocks(right)["petition.acknowledge"].started_at == right.at
    assert clocks(right)["petition.acknowledge"].started_by == PETITION.id


KINDS = st.sampled_from([*FactKind])
FACTS = st.lists(
    st.builds(
        said,
        KINDS,
        st.integers(0, 80),
        limit=st.sampled_from(["", "petition.resolve", "mediation.people"]),
        assignment=st.sampled_from([None, LEAD, OTHER]),
        part=st.sampled_from(["", "lead"]),
    ),
    max_size=9,
    unique_by=lambda each: each.key,
)


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_is_nothing(facts: list[Said], order: Any):
    once = derived(PETITION, facts, in_force, shipped())
    mixed = list(facts)
    order.shuffle(mixed)
    assert derived(PETITION, mixed, in_force, shipped()) == once
    for each in once:
        assert (each.due_at is None) <= (each.state in ("paused", "stopped"))
        assert each.yellow_at is None or each.due_at is None or each.started_at <= each.yellow_at
