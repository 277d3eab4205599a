"""A week of the county, with many more unusual turns than a real one: what it holds, twice the same, and killed."""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.audit.queries.verification import verify
from fengqiao.config import arriving
from fengqiao.kernel import clock
from fengqiao.places.enums import CentreLevel
from fengqiao.places.models import Centre
from fengqiao.simulate import county, fates, playing
from fengqiao.simulate.days import arrivals
from tests import small_county, template_database

SEED = 7
PER_DAY = 14
# So that each turn comes up in any week that the calendar brings.
ODDS = {
    "withdrawn": 90,
    "anonymous": 60,
    "returned_twice": 600,
    "raised": 200,
    "handed_down": 500,
    "other_mediator": 900,
    "linked": 250,
    "informed": 250,
    "recused": 250,
    "attached": 250,
    "echo": 300,
    "near": 100,
    "second_thoughts": 100,
    "unreachable": 500,
    "stuck": 20,
}
# The last full week: named readers of today may read what was restricted in it.
LAST_SUNDAY = clock.today() - timedelta(days=clock.today().weekday() + 1)
UNTIL = LAST_SUNDAY - timedelta(days=2)
BUSY = county.Plan(SEED, UNTIL - timedelta(days=5), UNTIL, PER_DAY)
SHORT = county.Plan(SEED, UNTIL - timedelta(days=1), UNTIL, 8)

MATTERS = """
    SELECT m.code, m.source_number, m.title, m.account, m.state, m.step, m.track, m.outcome, m.channel,
           m.restriction, m.raised, m.reopened, m.turned_criminal_at, m.danger, c.level, m.holder_id <> m.centre_id
    FROM matters_matter m JOIN places_centre c ON c.id = m.holder_id ORDER BY m.code
"""
EVENTS = """
    SELECT m.code, e.seq, e.type, e.at, (SELECT string_agg(w.text, '|' ORDER BY w.kind) FROM matters_word w
      WHERE w.matter_id = e.matter_id AND w.seq = e.seq)
    FROM matters_historyevent e JOIN matters_matter m ON m.id = e.matter_id ORDER BY m.code, e.seq
"""
WHISTLES = """
    SELECT w.called_at, w.matter_id IS NULL, w.message, w.ended_at, d.name, c.state, c.done_at
    FROM dispatch_whistle w JOIN dispatch_call c ON c.whistle_id = w.id
    JOIN places_department d ON d.id = c.department_id ORDER BY w.called_at, d.name
"""
COUNTS = {
    "scores": "SELECT replaced_at IS NULL, count(*) FROM dispatch_callscore GROUP BY 1",
    "returns": """SELECT n, count(*) FROM (SELECT count(*) n FROM dispatch_returnrequest GROUP BY matter_id) r
        GROUP BY n""",
    "extensions": "SELECT decision, count(*) FROM dispatch_extension GROUP BY decision",
    "audit": "SELECT result, count(*) FROM audit_entry GROUP BY result",
}


@dataclass
class Played:
    """What a play has left in the database, read as the tables' owner."""

    told: county.Told
    matters: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    whistles: list[tuple[Any, ...]]
    counts: dict[str, dict[Any, int]]
    broken: list[Any] = field(default_factory=list)

    @property
    def types(self) -> Counter[str]:
        return Counter(event[2] for event in self.events)

    def column(self, place: int) -> Counter[Any]:
        return Counter(matter[place] for matter in self.matters)


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def left_by(told: county.Told) -> Played:
    return Played(
        told=told,
        matters=rows(MATTERS),
        events=rows(EVENTS),
        whistles=rows(WHISTLES),
        counts={name: dict(rows(statement)) for name, statement in COUNTS.items()},
        broken=list(verify(roots=None).broken or []),
    )


@pytest.fixture(scope="module")
def week(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Played]]:
    """The same week, played twice, each time in a fresh database."""
    usual, pace = dict(fates.ODDS), dict(playing.PACE)
    fates.ODDS.update(dict.fromkeys(usual, 300) | ODDS)
    playing.PACE.update(dict.fromkeys(pace, (0, 1)))
    found = []
    try:
        with django_db_blocker.unblock():
            for _ in range(2):
                county.take_in()
                found.append(left_by(county.play(BUSY)))
                template_database.copy_template()
        yield found
    finally:
        fates.ODDS.update(usual)
        playing.PACE.update(pace)


def test_everyone_who_came_is_registered_once_and_nothing_was_refused(week):
    played = week[0]
    expected = {f"{SEED}-{n}" for day in BUSY.days for n in arrivals(SEED, day, PER_DAY)}
    assert played.column(1) == Counter(expected)
    assert (played.told.registered, played.told.refused, played.told.refusals) == (len(expected), 0, {})
    assert set(played.counts["audit"]) == {"done"}


def test_no_two_matters_read_the_same(week):
    matters = week[0].matters
    assert len({(title, account) for _, _, title, account, *_ in matters}) == len(matters)


def test_the_matters_stand_in_every_step_and_at_every_level(week):
    played = week[0]
    assert set(played.column(5)) >= {"register", "assess", "route", "track", "settle"}
    assert set(played.column(14)) >= {CentreLevel.CITY, CentreLevel.COUNTY, CentreLevel.TOWN}
    assert len(played.column(8)) >= 6
    assert set(played.column(9)) == {"open", "restricted"}


def test_the_unusual_turns_are_taken(week):
    types = week[0].types
    taken = {
        *(
            "matter.raise",
            "matter.hand_down",
            "matter.danger",
            "matter.danger_over",
            "matter.turned_criminal",
        ),
        *("matter.amend", "matter.withdraw", "matter.settle_on_spot", "matter.send_to_mediation"),
        *("matter.record_mediation.agreed", "matter.skip_mediation.refused", "matter.skip_mediation.not_fit"),
        *("matter.return_visit.reached", "matter.return_visit.unreached", "matter.evaluate", "matter.close"),
        *("matter.archive", "dispatch.check_in", "dispatch.progress", "dispatch.ask_return"),
        *("dispatch.arbitrate.refused", "whistle.called", "whistle.there", "whistle.done"),
        *(
            "matter.merge",
            "matter.merged_in",
            "matter.link",
            "matter.recuse",
            "matter.attach",
            "notice.given",
        ),
        *("matter.hand_over", "matter.redirect"),
    }
    assert taken - set(types) == set()
    # Some departments have asked a second time: that is for the director.
    assert week[0].counts["returns"].get(2, 0) > 0


def test_the_history_runs_in_office_hours_and_never_backwards(week):
    last: dict[str, Any] = {}
    wrong = []
    for code, seq, kind, moment, _ in week[0].events:
        here = moment.astimezone(clock.SHANGHAI)
        if (
            moment < last.get(code, moment)
            or not 7 <= here.hour < 24
            or not BUSY.first <= here.date() <= UNTIL
        ):
            wrong.append((code, seq, kind, here))
        last[code] = moment
    assert wrong == []


def test_whistles_are_answered_in_minutes_and_some_are_running_at_the_end(week):
    running = {message for _, alone, message, ended, *_ in week[0].whistles if ended is None}
    states = {state for _, _, _, ended, _, state, _ in week[0].whistles if ended is None}
    assert len(running) == 3
    assert states <= {"called", "on_the_way", "there"}
    minutes = [
        (done - called).total_seconds() / 60
        for called, *_, state, done in week[0].whistles
        if state == "done"
    ]
    assert minutes
    assert max(minutes) < 180


def test_callers_score_and_some_think_better_of_it(week):
    scores = week[0].counts["scores"]
    done = sum(state == "done" for *_, state, _ in week[0].whistles)
    assert 0 < scores[True] < done
    assert scores[False] > 0
    assert week[0].types["whistle.scored"] + week[0].types["whistle.rescored"] > 0


def test_people_look_back_at_the_end(week):
    types = week[0].types
    assert (types["case.open"], types["case.find"], types["case.conclude"]) == (2, 1, 1)
    # As many as the week has closed, at most.
    assert 0 < types["sample.check"] <= 4
    assert types["sample.mend"] == 1


def test_the_chains_hold(week):
    assert week[0].broken == []


def test_the_same_seed_plays_the_same_week(week):
    one, two = week
    assert one.matters == two.matters
    assert one.events == two.events
    assert one.whistles == two.whistles
    assert one.counts == two.counts


class Killed(BaseException):
    """Nothing in the product catches it: the process is gone."""


def test_a_killed_play_goes_on_where_it_stopped_and_doubles_nothing(committed_db):
    county.take_in()

    def kill(told: county.Told) -> None:
        if told.registered == 9:
            raise Killed

    with pytest.raises(Killed):
        county.play(SHORT, listener=kill)
    before = rows("SELECT code FROM matters_matter")
    told = county.play(SHORT)
    played = left_by(told)
    expected = {f"{SEED}-{n}" for day in SHORT.days for n in arrivals(SEED, day, 8)}
    assert len(before) == 9
    assert played.column(1) == Counter(expected)
    assert (told.registered, told.refused) == (len(expected) - 9, 0)
    accepted = Counter(code for code, _, kind, *_ in played.events if kind == "matter.accept")
    called = Counter((called, name) for called, _, _, _, name, *_ in played.whistles)
    assert set(accepted.values()) == {1}
    assert played.broken == []
    # A third time there is nothing left to do.
    assert county.play(SHORT).acts == 0
    assert left_by(told).events == played.events
    assert set(called.values()) <= {1}
    assert rows(WHISTLES) == played.whistles


def test_nothing_is_played_before_what_is_there(committed_db):
    county.take_in()
    a_day = county.Plan(SEED, UNTIL, UNTIL, 3)
    county.play(a_day)
    there = rows("SELECT source_number FROM matters_matter ORDER BY 1")
    longer = county.play(county.Plan(SEED, UNTIL - timedelta(days=3), UNTIL, 3))
    assert longer.registered == 0
    assert rows("SELECT source_number FROM matters_matter ORDER BY 1") == there


def test_the_command_says_what_it_played_and_shows_how_far_it_is(committed_db, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    call_command("simulate", "--days", "1", "--per-day", "4", "--until", UNTIL.isoformat(), "--json")
    said = capsys.readouterr()
    sums = json.loads(said.out)
    expected = len(arrivals(1, UNTIL, 4))
    assert (sums["first"], sums["until"]) == (UNTIL.isoformat(), UNTIL.isoformat())
    assert (sums["matters"], sums["registered"], sums["refused"]) == (expected, expected, 0)
    assert f"day 1 of 1 · {expected} matters" in said.err
    assert list(tmp_path.iterdir()) == []


def test_asked_to_end_the_command_ends_between_two_acts(committed_db, monkeypatch, tmp_path):
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    tell = arriving.tell

    def ask_to_end(*, done: int, total: int) -> None:
        tell(done=done, total=total)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(arriving, "tell", ask_to_end)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as end:
        call_command("simulate", "--days", "1", "--per-day", "4", "--until", UNTIL.isoformat())
    assert end.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
    # The page is told that nothing arrives any more, and no act is half there.
    assert list(tmp_path.iterdir()) == []
    assert list(verify(roots=None).broken or []) == []
    assert len(rows("SELECT 1 FROM matters_matter")) < len(arrivals(1, UNTIL, 4))


def test_the_command_knows_no_tomorrow(db):
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    with pytest.raises(CommandError, match="nobody knows tomorrow"):
        call_command("simulate", "--until", tomorrow)
    assert not Centre.objects.exists()


@pytest.mark.django_db
def test_nothing_is_played_in_a_county_with_an_organisation_of_its_own():
    small_county.build()
    before = list(Centre.objects.order_by("pk").values_list("pk", "name"))
    assert county.may_be_played() is False
    with pytest.raises(county.NotThisDatabase):
        county.take_in()
    with pytest.raises(CommandError, match="organisation of its own"):
        call_command("simulate", "--days", "1")
    assert list(Centre.objects.order_by("pk").values_list("pk", "name")) == before
