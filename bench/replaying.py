"""What-if: a draft of the table of tracks over 100,000 matters, every answer kept, the numbers of the difference read.

Twice: as the ledger is, and with each matter open and its limits running, so that what would fall due earlier or
later is counted for all of those that the draft touches. What was laid for that is taken away again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.domain import replaying
from fengqiao.matters.queries.replays import summary_of
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of
from fengqiao.rules.deciding import row_from
from fengqiao.rules.domain import drafting
from fengqiao.rules.enums import TableKind
from fengqiao.rules.models import TableVersion

COUNTY = "440785"
MATTERS = 100_000
# The facts that stop a limit; without them all of a matter's limits run.
ENDING = (
    "closed",
    "settled",
    "disposed",
    "withdrawn",
    "merged",
    "signed_off",
    "mediation_ended",
    "checked_in",
)
OPEN = (
    "CREATE TABLE bench_ended AS SELECT id, state FROM matters_matter WHERE registered_at >= %(since)s "
    "AND state IN ('closed', 'archived')",
    "CREATE TABLE bench_stopping AS SELECT f.id FROM clocks_fact f JOIN bench_ended b ON b.id = f.matter_id "
    "WHERE f.kind = ANY (%(ending)s) AND NOT f.withdrawn",
    "UPDATE matters_matter m SET state = 'handling' FROM bench_ended b WHERE b.id = m.id",
    "UPDATE clocks_fact f SET withdrawn = true FROM bench_stopping b WHERE b.id = f.id",
)
BACK = (
    "UPDATE matters_matter m SET state = b.state FROM bench_ended b WHERE b.id = m.id",
    "UPDATE clocks_fact f SET withdrawn = false FROM bench_stopping b WHERE b.id = f.id",
    "DROP TABLE bench_ended, bench_stopping",
)
CLEAR = (
    "DELETE FROM matters_replayed",
    "DELETE FROM matters_replay",
    "DELETE FROM rules_tableversion WHERE state <> 'published'",
)


def measure(owner: str) -> dict[str, Any]:
    """Seconds of a replay by how the matters stand, with how many were asked and how many move."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DROP TABLE IF EXISTS bench_ended, bench_stopping")
        since = _since(connection)
        author = _actor(Role.DISPATCHER)
        try:
            draft = _drafted(author)
            told = {"as_it_is": _replayed(author, draft, since)}
            with _all_open(connection, since):
                told["all_open"] = _replayed(author, draft, since)
        finally:
            for statement in CLEAR:
                connection.execute(statement)
            connection.execute("VACUUM ANALYZE matters_matter")
    return told


def _replayed(author: Actor, draft: TableVersion, since: date) -> dict[str, Any]:
    with scope(author):
        made = replaying.order(actor=author, version_id=draft.pk, since=since, until=clock.today())
    begun, worked = time.perf_counter(), time.process_time()
    replay = replaying.carry_out(actor=author, replay_id=made.pk)
    taken, worked = time.perf_counter() - begun, time.process_time() - worked
    with scope(author):
        begun = time.perf_counter()
        found = summary_of(author, replay)
        read = time.perf_counter() - begun
    return {
        "matters": found.total,
        "moved": found.moved,
        "due_moved": sum(each.n for each in found.due),
        "seconds": round(taken, 1),
        # Of this process alone: on a busy machine the rest is waiting, also for PostgreSQL.
        "processor_seconds": round(worked, 1),
        "numbers_seconds": round(read, 2),
    }


def _drafted(author: Actor) -> TableVersion:
    """Labour matters go to the bureau of housing, and what no row names to the petition track."""
    changed = {
        "T21": {"track": "departmental", "departments": "housing"},
        "T99": {"track": "petition"},
    }
    with scope(author):
        made = drafting.begin(actor=author, kind=TableKind.TRACK)
        rows = [row_from(each) for each in made.rows]
        return drafting.rewrite(
            actor=author,
            version_id=made.pk,
            version=made.version,
            rows=[replace(row, then=changed.get(row.id, row.then)) for row in rows],
            note="bench",
        )


def _since(connection: psycopg.Connection) -> date:
    """The day from which the newest ``MATTERS`` were registered."""
    row = connection.execute(
        "SELECT min(registered_at) FROM (SELECT registered_at FROM matters_matter WHERE county = %s "
        "ORDER BY registered_at DESC LIMIT %s) newest",
        [COUNTY, MATTERS],
    ).fetchone()
    assert row is not None
    first: date = row[0].astimezone(ZoneInfo("Asia/Shanghai")).date()
    return max(first, clock.today() - replaying.LONGEST + timedelta(days=1))


def _actor(role: Role) -> Actor:
    found = Stationing.objects.select_related("person", "post", "post__centre", "post__department")
    return actor_of(found.filter(post__role=role, post__centre__division_id=f"{COUNTY}000000").earliest("pk"))


@contextmanager
def _all_open(connection: psycopg.Connection, since: date) -> Iterator[None]:
    for statement in OPEN:
        connection.execute(statement, {"ending": list(ENDING), "since": since} if "%(" in statement else None)
    connection.execute("VACUUM ANALYZE matters_matter")
    connection.execute("VACUUM ANALYZE clocks_fact")
    try:
        yield
    finally:
        for statement in BACK:
            connection.execute(statement)
