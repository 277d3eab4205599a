"""Ten thousand limits end at once, two workers sweep, one is killed in the middle: each reminder exactly once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from fengqiao.config.supervisor import worker_command
from tests.prove.installation import Installation, installed

pytestmark = pytest.mark.prove
DUE = 10_000
PATIENCE_SECONDS = 90

# Copies of what one matter owes: of a limit of fifteen days that ended an hour ago, each started by another fact.
LAY = """
    INSERT INTO clocks_clock (id, county, restriction, matter_id, "limit", limit_version, acts, owed_by, centre_id,
                              started_by, started_at, yellow_at, due_at, state)
    SELECT gen_random_uuid(), m.county, m.restriction, m.id, 'petition.transfer', 1, 'lights', 'centre', m.holder_id,
           gen_random_uuid(), now() - interval '16 days', now() - interval '4 days' - n * interval '1 second',
           now() - interval '1 hour' - n * interval '1 second', 'running'
    FROM (SELECT * FROM matters_matter WHERE restriction = 'open' ORDER BY code LIMIT 1) m,
         generate_series(1, %s) n
"""
# As whoever starts a sweep by hand would: one that runs already keeps no second from the queue.
QUEUE = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'clocks.sweep', '{"timestamp": 0}')
"""
REMINDERS = "SELECT count(*) FROM clocks_reminder"
SWEEPING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'clocks.sweep' AND status = 'doing'"
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'clocks.sweep' AND status = 'todo'"
UNTOLD = """
    SELECT count(*) FROM clocks_clock c WHERE c.state = 'running' AND c.acts = 'lights'
      AND COALESCE(c.chase_at, c.yellow_at, c.due_at) <= now()
"""
# Each threshold has a notice for every holder of its posts, and nobody has two.
TWICE = """
    SELECT count(*) FROM (SELECT FROM notices_notice WHERE subject_id IN (SELECT id FROM clocks_clock)
                          GROUP BY subject_id, kind, person_id, post_id HAVING count(*) > 1) twice
"""
WITHOUT = """
    SELECT count(*) FROM clocks_reminder r WHERE r.rung LIKE 'centre.petition.%' AND NOT EXISTS (
      SELECT FROM notices_notice n WHERE n.subject_id = r.clock_id
        AND n.kind = CASE r.rung WHEN 'centre.petition.yellow' THEN 'turned_yellow' ELSE 'turned_red' END)
"""
UNWRITTEN = """
    SELECT count(*) FROM notices_notice n WHERE n.kind IN ('turned_yellow', 'turned_red') AND NOT EXISTS (
      SELECT FROM clocks_reminder r WHERE r.clock_id = n.subject_id)
"""

# So many talks of one mediation within the next hours, of whose day nobody was told.
TALKS = 6_000
LAY_TALKS = """
    WITH m AS (
      UPDATE matters_matter SET state = 'mediating', step = 'mediate'
      WHERE id = (SELECT id FROM matters_matter WHERE restriction = 'open' AND id NOT IN
                    (SELECT matter_id FROM mediation_mediation WHERE ended_at IS NULL) ORDER BY code LIMIT 1)
      RETURNING *),
    led AS (
      INSERT INTO mediation_mediation (id, county, restriction, matter_id, sent_by, sent_at, result, text)
      SELECT gen_random_uuid(), county, restriction, id, gen_random_uuid(), now(), '', '' FROM m RETURNING *)
    INSERT INTO mediation_sitting (id, county, restriction, matter_id, mediation_id, kind, way, state, planned_at,
                                   place, parties, present, why, planned_by)
    SELECT gen_random_uuid(), county, restriction, matter_id, id, 'joint', 'centre', 'planned',
           now() + n * interval '1 second', '二号调解室', '[]', '', '', gen_random_uuid()
    FROM led, generate_series(1, %s) n
"""
QUEUE_DAYS = QUEUE.replace("clocks.sweep", "clocks.tell_of_days")
SWEEPING_DAYS = SWEEPING.replace("clocks.sweep", "clocks.tell_of_days")
WAITING_DAYS = WAITING.replace("clocks.sweep", "clocks.tell_of_days")
DAYS_TOLD = "SELECT count(*) FROM clocks_daytold WHERE rung = 'talk.soon' AND told_at IS NOT NULL"
TALKS_UNTOLD = "SELECT count(*) FROM mediation_sitting WHERE state = 'planned' AND chase_at IS NULL"
# Of each talk everybody who is told has one notice, and as many are told of each.
TALKS_TWICE = """
    SELECT count(*) FROM (SELECT FROM notices_notice WHERE kind = 'talk_soon'
                          GROUP BY subject_id, person_id, post_id HAVING count(*) > 1) twice
"""
TALKS_HEARD = "SELECT count(DISTINCT subject_id) FROM notices_notice WHERE kind = 'talk_soon'"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        installed(tmp_path_factory.mktemp("sweeps"), monkeypatch) as here,
    ):
        yield here


def test_each_is_told_once_though_a_worker_is_killed_in_the_middle(county: Installation):
    [first] = [child for child in county.children.children if child.name == "worker"]
    county.children.start("second worker", worker_command(concurrency=1))
    until(lambda: count(county, "SELECT count(*) FROM procrastinate_workers") >= 2)
    before = count(county, REMINDERS)
    with psycopg.connect(county.server.as_superuser("fengqiao").url(), autocommit=True) as owner:
        with owner.transaction():
            owner.execute(LAY, [DUE])
            owner.execute(QUEUE)
            owner.execute(QUEUE)
        until(lambda: count(county, SWEEPING) >= 2 and count(county, REMINDERS) > before)
        assert first.process is not None
        os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()
        assert count(county, REMINDERS) < before + 2 * DUE, "the sweep was over before anybody was killed"
        until(lambda: count(county, SWEEPING) <= 1 and count(county, WAITING) == 0)
        # What the killed one had in hand is free again: the next sweep takes it, in a minute or as here at once.
        owner.execute(QUEUE)
        until(lambda: count(county, UNTOLD) == 0)
    assert count(county, REMINDERS) == before + 2 * DUE
    for nothing in (TWICE, WITHOUT, UNWRITTEN):
        assert count(county, nothing) == 0, nothing


def test_each_agreed_day_is_told_once_though_a_worker_is_killed_in_the_middle(county: Installation):
    county.children.start("third worker", worker_command(concurrency=1))
    third = county.children.children[-1]
    until(lambda: count(county, "SELECT count(*) FROM procrastinate_workers") >= 2)
    with psycopg.connect(county.server.as_superuser("fengqiao").url(), autocommit=True) as owner:
        with owner.transaction():
            owner.execute(LAY_TALKS, [TALKS])
            owner.execute(QUEUE_DAYS)
            owner.execute(QUEUE_DAYS)
        until(lambda: count(county, DAYS_TOLD) > 0)
        assert third.process is not None
        os.killpg(third.process.pid, signal.SIGKILL)
        third.process.wait()
        assert count(county, DAYS_TOLD) < TALKS, "the sweep was over before anybody was killed"
        until(lambda: count(county, SWEEPING_DAYS) <= 1 and count(county, WAITING_DAYS) == 0)
        owner.execute(QUEUE_DAYS)
        until(lambda: count(county, TALKS_UNTOLD) == 0)
    assert count(county, DAYS_TOLD) == count(county, TALKS_HEARD) == TALKS
    assert count(county, TALKS_TWICE) == 0


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def count(county: Installation, statement: str) -> int:
    [(found,)] = county.rows(statement)
    assert isinstance(found, int)
    return found
