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


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def count(county: Installation, statement: str) -> int:
    [(found,)] = county.rows(statement)
    assert isinstance(found, int)
    return found
