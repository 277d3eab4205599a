"""Sweeps: what turned yellow or red is told once, to the person, then the lead, then the director."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import keeping, sweeping
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.events import Reached
from fengqiao.clocks.models import Clock, Fact, Reminder
from fengqiao.clocks.tasks import sweep_clocks
from fengqiao.dispatch.domain import handling
from fengqiao.kernel import clock, events
from fengqiao.matters.domain import lifting, settling, sight
from fengqiao.matters.domain.merging import merge
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import send_to_mediation
from fengqiao.notices.models import Notice
from fengqiao.places.models import Stationing
from tests.clocks.test_keeping import NOON, given_to, handler, petition, routed
from tests.matters.ground import EVERYWHERE, act
from tests.mediation.test_mediating import all_agree
from tests.notices.inbox import inbox, kinds
from tests.small_county import SINCE, SmallCounty, brought_to

pytestmark = pytest.mark.django_db
# A petition that came at noon on Thursday, 3 September 2026: both of the centre's limits of fifteen days end with
# Friday the 18th, and turn yellow when the 16th begins.
YELLOW = datetime(2026, 9, 15, 16, tzinfo=UTC)
RED = datetime(2026, 9, 18, 16, tzinfo=UTC)
# The Sunday is worked (for the National Day), so it is the first working day after; Tuesday is the third.
LEAD = datetime(2026, 9, 20, 16, tzinfo=UTC)
DIRECTOR = datetime(2026, 9, 22, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LABOUR = (Role.HANDLER, "labour")
OFTEN = ["petition.acknowledge", "petition.transfer"]


@pytest.fixture
def one(county: SmallCounty) -> Matter:
    """A petition at the centre of which one limit is left: to tell in writing that it came in."""
    with clock.at(NOON):
        matter = petition(county)
        said(county, matter, FactKind.DONE, NOON, limit="petition.transfer")
    return matter


def said(county: SmallCounty, matter: Matter, kind: FactKind, at: datetime, **values: Any) -> None:
    actor = county.actor(Role.DISPATCHER)
    with scope(actor):
        new_fact(matter, actor, kind, at, **values).save()
        keeping.recompute([matter.pk])


def sweep(at: datetime) -> int:
    with clock.at(at):
        return sweeping.sweep()


def told(matter: Matter) -> list[tuple[str, datetime]]:
    """The rungs that were told of a matter, in the order in which they were."""
    with scope(EVERYWHERE):
        rows = Reminder.objects.filter(matter_id=matter.pk).order_by("told_at", "reached_at", "rung")
        return list(rows.values_list("rung", "reached_at"))


def of(found: list[str]) -> list[str]:
    """Of what somebody was told: reminders."""
    wanted = {"turned_yellow", "turned_red", "still_late", "long_late", "visit_due", "visit_late"}
    return [kind for kind in found if kind in wanted]


def reminded(county: SmallCounty, role: Role, place: str = "county") -> list[str]:
    return of(kinds(county, role, place))


def heard(person: Person) -> list[str]:
    """What somebody was reminded of in all of their posts, newest first."""
    with scope(replace(EVERYWHERE, person_id=person.pk)):
        return of(list(Notice.objects.filter(person=person).order_by("-id").values_list("kind", flat=True)))


def colleague(county: SmallCounty, role: Role = Role.HANDLER, place: str = "labour") -> Person:
    """A second person in a post."""
    person = Person.objects.create(username="colleague", password=make_password("x"), name="同事")
    post = county.stationings[(str(role), place)].post
    Stationing.objects.create(person=person, post=post, valid_from=SINCE)
    return person


def everybody(county: SmallCounty) -> dict[tuple[str, str], list[str]]:
    """Who was reminded of what, newest first."""
    found = {who: heard(stationing.person) for who, stationing in county.stationings.items()}
    return {who: kinds for who, kinds in found.items() if kinds}


# --- the ladder ---
def test_the_person_then_the_lead_then_the_director(county: SmallCounty, one: Matter):
    assert sweep(YELLOW - MINUTE) == 0
    assert everybody(county) == {}
    assert sweep(YELLOW) == 1
    assert everybody(county) == {
        ("petition_officer", "county"): ["turned_yellow"],
        ("dispatcher", "county"): ["turned_yellow"],
    }
    assert sweep(RED - MINUTE) == 0
    assert sweep(RED + MINUTE) == 1
    assert reminded(county, Role.DISPATCHER) == ["turned_red", "turned_yellow"]
    assert reminded(county, Role.EXECUTIVE_DEPUTY) == []
    assert sweep(LEAD) == 1
    assert reminded(county, Role.EXECUTIVE_DEPUTY) == reminded(county, Role.STANDING_DEPUTY) == ["still_late"]
    assert reminded(county, Role.DIRECTOR) == []
    assert sweep(DIRECTOR) == 1
    assert reminded(county, Role.DIRECTOR) == ["long_late"]
    # That is the last rung: whatever happens afterwards is decided by people.
    assert sweep(DIRECTOR + timedelta(days=300)) == 0
    assert told(one) == [
        ("centre.petition.yellow", YELLOW),
        ("centre.petition.red", RED),
        ("centre.late.lead", LEAD),
        ("centre.late.director", DIRECTOR),
    ]


def test_a_notice_names_the_day_the_clock_and_leads_to_the_matter(county: SmallCounty, one: Matter):
    sweep(YELLOW)
    (notice,) = [each for each in inbox(county, Role.DISPATCHER) if each.kind == "turned_yellow"]
    assert (notice.matter_id, notice.due_on, notice.opens) == (one.pk, date(2026, 9, 18), "matter")
    assert notice.words == "有时限快到了，请抓紧办"
    with scope(EVERYWHERE):
        assert Clock.objects.get(pk=notice.subject_id).limit == "petition.acknowledge"


def test_two_limits_of_a_matter_are_two_reminders(county: SmallCounty):
    with clock.at(NOON):
        petition(county)
    assert sweep(YELLOW) == 2
    assert reminded(county, Role.DISPATCHER) == ["turned_yellow"] * 2


def test_a_department_is_reminded_by_who_has_it_in_hand_and_everybody_before(county: SmallCounty):
    other = colleague(county)
    with clock.at(NOON):
        matter = petition(county)
        routed(county, matter)
        assignment = given_to(county, matter)
        said(county, matter, FactKind.DONE, NOON, limit="petition.acknowledge")
        # Five working days for saying that it is not theirs; the last two are yellow.
        assert sweep(datetime(2026, 9, 8, 16, tzinfo=UTC)) == 1
        assert heard(other) == reminded(county, *LABOUR) == ["turned_yellow"]
        handler(county, handling.check_in, assignment)
    # It has been taken in hand: now sixty days run, of which the last ten working days are yellow.
    with scope(EVERYWHERE):
        resolve = Clock.objects.get(matter_id=matter.pk, limit="petition.resolve")
    assert sweep(resolve.yellow_at) == 1
    assert reminded(county, *LABOUR) == ["turned_yellow"] * 2
    assert heard(other) == ["turned_yellow"]
    # Whoever had it in hand has left the post: their colleagues are told.
    Stationing.objects.filter(person=county.person(*LABOUR)).update(valid_until=date(2026, 10, 1))
    sweep(resolve.due_at)
    assert heard(other) == ["turned_red", "turned_yellow"]
    assert "turned_red" not in reminded(county, *LABOUR)


def test_what_a_department_owes_is_chased_by_the_centre_that_holds_the_matter(county: SmallCounty):
    with clock.at(NOON):
        matter = petition(county)
        routed(county, matter)
        given_to(county, matter)
        said(county, matter, FactKind.DONE, NOON, limit="petition.acknowledge")
    # Thursday the 10th is the fifth working day, so Friday is one and Tuesday three too late.
    assert sweep(datetime(2026, 9, 15, 16, tzinfo=UTC)) == 4
    assert everybody(county) == {
        ("handler", "labour"): ["turned_red", "turned_yellow"],
        ("dispatcher", "county"): ["still_late"],
        ("director", "county"): ["long_late"],
        ("executive_deputy", "county"): ["long_late"],
        ("standing_deputy", "county"): ["long_late"],
    }
    (late,) = [each for each in inbox(county, Role.DISPATCHER) if each.kind == "still_late"]
    assert late.about_id == county.department("labour").id


def test_a_named_mediator_is_reminded_alone_and_all_where_none_is_named(county: SmallCounty):
    other = colleague(county, Role.MEDIATOR, "county")
    with clock.at(NOON):
        matter = brought_to(county, State.ACCEPTED, category="0402")
        act(county, Role.REGISTRAR, send_to_mediation, matter, consents=all_agree(matter))
    with scope(EVERYWHERE):
        running = Clock.objects.get(matter_id=matter.pk, limit="mediation.people")
    assert sweep(running.yellow_at) == 1
    assert reminded(county, Role.MEDIATOR) == heard(other) == ["turned_yellow"]
    with scope(EVERYWHERE):
        matter.mediations.update(mediator=county.person(Role.MEDIATOR))
    assert sweep(running.due_at) == 1
    assert reminded(county, Role.MEDIATOR) == ["turned_red", "turned_yellow"]
    assert heard(other) == ["turned_yellow"]


def test_where_nobody_holds_the_post_the_leaders_are_told(county: SmallCounty, one: Matter):
    for role in (Role.PETITION_OFFICER, Role.DISPATCHER):
        Stationing.objects.filter(person=county.person(role)).update(valid_until=date(2026, 9, 4))
    assert sweep(YELLOW) == 1
    assert everybody(county) == {
        (str(role), "county"): ["turned_yellow"]
        for role in (Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY)
    }


# --- once ---
def test_what_was_told_is_not_told_again(county: SmallCounty, one: Matter):
    assert [sweep(YELLOW), sweep(YELLOW), sweep(YELLOW + MINUTE)] == [1, 0, 0]
    with scope(EVERYWHERE):
        # Not even where somebody makes the sweep look at it anew.
        Clock.objects.filter(matter_id=one.pk).update(chase_at=None)
    assert sweep(YELLOW + MINUTE) == 0
    assert reminded(county, Role.DISPATCHER) == ["turned_yellow"]
    with scope(EVERYWHERE), pytest.raises(IntegrityError), transaction.atomic():
        again = Reminder.objects.get(matter_id=one.pk)
        again.pk = None
        again._state.adding = True
        again.save(force_insert=True)


def test_a_notice_that_cannot_be_written_takes_its_threshold_back(
    county: SmallCounty, one: Matter, monkeypatch: pytest.MonkeyPatch
):
    def fails(event: Reached) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as failing:
        failing.setitem(events._handlers, Reached, [*events._handlers[Reached], fails])
        with pytest.raises(RuntimeError), transaction.atomic():
            sweep(YELLOW)
    assert (everybody(county), told(one)) == ({}, [])
    assert sweep(YELLOW + MINUTE) == 1
    assert told(one) == [("centre.petition.yellow", YELLOW)]


def test_a_missed_night_is_made_up_for_in_order(
    county: SmallCounty, one: Matter, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sweeping, "CHUNK", 2)
    matters = []
    for hours in (30, 6, 54):
        with clock.at(NOON - timedelta(hours=hours)):
            matters.append(petition(county))
    # Nothing swept for three weeks.
    assert sweep(DIRECTOR) == 4 * (1 + 2 * len(matters))
    with scope(EVERYWHERE):
        rows = list(Reminder.objects.order_by("id").values_list("reached_at", "rung"))
    assert [at for at, _rung in rows] == sorted(at for at, _rung in rows)
    in_order = [rung.rpartition(".")[2] for _at, rung in rows if rung.startswith("centre.petition.")]
    assert len(in_order) == 14
    newest_first = [kind.removeprefix("turned_") for kind in reminded(county, Role.DISPATCHER)]
    assert newest_first[::-1] == in_order
    assert sweep(DIRECTOR) == 0


def test_a_fact_that_is_written_down_late_is_told_at_the_next_sweep(county: SmallCounty):
    with clock.at(RED + timedelta(days=10)):
        matter = petition(county, received_at=NOON)
    assert sweep(RED + timedelta(days=10, minutes=1)) == 4
    assert [rung for rung, _at in told(matter)] == [
        "centre.petition.yellow",
        "centre.petition.red",
        "centre.late.lead",
        "centre.late.director",
    ]


# --- deadlines that move, and clocks that stop ---
def test_a_deadline_that_moves_is_told_of_again_and_the_old_one_never(county: SmallCounty, one: Matter):
    assert sweep(YELLOW) == 1
    said(
        county,
        one,
        FactKind.EXTENDED,
        YELLOW,
        limit="petition.acknowledge",
        n=10,
        unit="calendar_day",
    )
    assert sweep(RED) == 0
    with scope(EVERYWHERE):
        moved = Clock.objects.get(matter_id=one.pk, limit="petition.acknowledge")
    assert moved.yellow_at > RED
    assert sweep(moved.yellow_at) == 1
    assert told(one) == [("centre.petition.yellow", YELLOW), ("centre.petition.yellow", moved.yellow_at)]
    # The extension is taken back: the first end is the end again. Its yellow was told long ago, its red was not.
    with scope(county.actor(Role.DISPATCHER)) as actor:
        extension = Fact.objects.get(matter_id=one.pk, kind=FactKind.EXTENDED)
        new_fact(
            one, actor, FactKind.EXTENDED, YELLOW, limit=extension.limit, replaces=extension, withdrawn=True
        ).save()
        keeping.recompute([one.pk])
    sweep(moved.yellow_at + MINUTE)
    assert [rung for rung, _at in told(one)].count("centre.petition.yellow") == 2
    assert ("centre.petition.red", RED) in told(one)


def test_a_clock_that_stopped_or_rests_is_not_chased(county: SmallCounty, one: Matter):
    said(county, one, FactKind.PAUSED, NOON, limit="petition.acknowledge", ground="材料不全")
    assert sweep(DIRECTOR) == 0
    said(county, one, FactKind.RESUMED, NOON + timedelta(days=1), limit="petition.acknowledge")
    said(county, one, FactKind.ACKNOWLEDGED, NOON + timedelta(days=2))
    assert sweep(DIRECTOR) == 0
    assert everybody(county) == {}


def test_what_is_merged_or_withdrawn_is_not_chased_and_what_is_reopened_is(county: SmallCounty, one: Matter):
    with clock.at(NOON):
        other, third = petition(county), petition(county)
        act(county, Role.DISPATCHER, merge, other, main_id=one.pk, reason="同一家厂拖欠同一批工资")
        act(county, Role.REGISTRAR, settling.withdraw, third, reason="本人书面撤回")
    assert sweep(YELLOW) == 1
    assert (told(other), told(third)) == ([], [])
    with clock.at(YELLOW):
        act(county, Role.DISPATCHER, settling.reopen, third, reason="本人又来反映")
    assert sweep(YELLOW + MINUTE) == 2


def test_what_was_handed_to_the_upper_centre_is_chased_there(county: SmallCounty, one: Matter):
    assert sweep(YELLOW) == 1
    with clock.at(YELLOW):
        act(county, Role.DISPATCHER, lifting.raise_up, one, reason="涉及两个县，请市中心牵头")
    # The lower one was told of this instant; the next is the upper one's.
    assert sweep(YELLOW + MINUTE) == 0
    assert sweep(RED) == 1
    assert reminded(county, Role.DISPATCHER) == ["turned_yellow"]
    assert reminded(county, Role.DISPATCHER, "city") == ["turned_red"]


# --- who may not be chased, and who may not see ---
def test_a_partys_time_a_courts_and_a_court_as_a_department_are_left_alone(county: SmallCounty, one: Matter):
    said(county, one, FactKind.OPINION_SERVED, NOON)
    said(county, one, FactKind.COURT_DOCKETED, NOON)
    with scope(EVERYWHERE):
        Clock.objects.filter(matter_id=one.pk, limit="petition.acknowledge").update(acts="shown")
        running = set(Clock.objects.filter(matter_id=one.pk, state="running").values_list("limit", "acts"))
    assert running == {
        ("petition.acknowledge", "shown"),
        ("petition.review_request", "reminds"),
        ("mediation.confirm_decide", "shown"),
    }
    assert sweep(NOON + timedelta(days=400)) == 0
    assert everybody(county) == {}


def test_of_a_restricted_matter_only_its_named_readers_learn(county: SmallCounty, one: Matter):
    with clock.at(NOON):
        act(county, Role.PETITION_OFFICER, sight.restrict_later, one, reason="举报人要求保密")
    assert sweep(YELLOW) == 1
    # The dispatcher's post would be told too, but does not read this one.
    assert everybody(county) == {("petition_officer", "county"): ["turned_yellow"]}
    with scope(county.actor(Role.DISPATCHER)):
        assert not Reminder.objects.exists()
    # No deputy reads it but one who is among the directors; else those who may are told.
    assert sweep(LEAD) == 2
    assert reminded(county, Role.PETITION_OFFICER) == ["turned_red", "turned_yellow"]
    assert ("dispatcher", "county") not in everybody(county)


def test_where_no_post_of_the_rung_may_read_it_the_readers_are_told(county: SmallCounty, one: Matter):
    with clock.at(NOON):
        act(county, Role.DIRECTOR, sight.restrict_later, one, reason="涉及未成年人")
    assert sweep(YELLOW) == 1
    heard_of_it = everybody(county)
    assert set(heard_of_it) <= {("director", "county"), ("executive_deputy", "county")}
    assert heard_of_it[("director", "county")] == ["turned_yellow"]


def test_a_sealed_matter_is_nobodys(county: SmallCounty, one: Matter):
    with clock.at(NOON):
        act(county, Role.DIRECTOR, sight.seal, one, basis="治安管理处罚法第一百三十六条")
    assert sweep(DIRECTOR) == 0
    assert everybody(county) == {}


# --- cost ---
@contextmanager
def swept(at: datetime) -> Iterator[None]:
    with clock.at(at):
        yield


def test_with_nothing_due_a_sweep_is_one_statement(
    county: SmallCounty, one: Matter, django_assert_num_queries
):
    with swept(YELLOW - MINUTE), django_assert_num_queries(1):
        assert sweeping.sweep() == 0


@pytest.mark.parametrize("matters", [1, 12])
def test_a_chunk_costs_the_same_however_many_are_in_it(
    county: SmallCounty, django_assert_num_queries, matters: int
):
    with clock.at(NOON):
        for _ in range(matters):
            petition(county)
    with scope(EVERYWHERE):
        sweep(NOON)
    # Which county; a savepoint and the walls, there and back; the clocks, what was told of them, the county's
    # calendar; reminders and next rungs; who is in post, and the notices.
    with swept(YELLOW), django_assert_num_queries(12):
        assert sweeping.sweep() == 2 * matters


def test_the_task_takes_nothing_of_a_matter(county: SmallCounty, one: Matter):
    with clock.at(YELLOW):
        sweep_clocks(timestamp=0)
    assert told(one) == [("centre.petition.yellow", YELLOW)]
