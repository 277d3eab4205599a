"""Clocks: how fast they are computed, what a sweep costs with a million open, and a matter's rules.

The million are copies of one limit of one matter, each with a start of its own and an end far away; they are removed
again, for the pages that are measured afterwards know nothing of them.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from fengqiao.clocks.deriving import Said, Subject, courses, values_of
from fengqiao.clocks.domain import sweeping
from fengqiao.clocks.queries.calendar import shipped
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.limits import in_force
from fengqiao.rules.queries.tables import shipped as table_of

COUNTY = "440785"
MATTERS = 20_000
OPEN = 1_000_000
DUE = (1_000, 10_000)
ROUNDS = 40
LAY = """
    INSERT INTO clocks_clock (id, county, restriction, matter_id, "limit", limit_version, acts, owed_by, centre_id,
                              started_by, started_at, yellow_at, due_at, state)
    SELECT gen_random_uuid(), m.county, m.restriction, m.id, 'petition.transfer', 0, 'lights', 'centre', m.holder_id,
           gen_random_uuid(), now() - interval '16 days', %(yellow)s + n * interval '1 ms',
           %(yellow)s + interval '3 days' + n * interval '1 ms', 'running'
    FROM (SELECT * FROM matters_matter WHERE restriction = 'open' AND county = %(county)s ORDER BY code LIMIT 1) m,
         generate_series(1, %(n)s) n
"""
# A version that no limit has marks what was laid here.
CLEAR = (
    "DELETE FROM notices_notice WHERE subject_id IN (SELECT id FROM clocks_clock WHERE limit_version = 0)",
    "DELETE FROM clocks_reminder WHERE clock_id IN (SELECT id FROM clocks_clock WHERE limit_version = 0)",
    "DELETE FROM clocks_clock WHERE limit_version = 0",
)


def measure(owner: str) -> dict[str, Any]:
    """Clocks a second, milliseconds of sweeps by what is due, and of a matter's rules."""
    return _computing() | {"sweep": _sweeping(owner), "rules_ms": _rules()}


def _computing() -> dict[str, Any]:
    """Petitions in the hands of a department, a fifth of them paused for some days: four clocks each."""
    calendar = shipped()
    matters = list(_matters())
    counted = [(subject, each) for subject, said in matters for each in courses(subject, said, in_force)]

    def ends() -> None:
        for subject, course in counted:
            values_of(subject, course, calendar)

    def anew() -> None:
        for subject, said in matters:
            for course in courses(subject, said, in_force):
                values_of(subject, course, calendar)

    return {
        "clocks": len(counted),
        "ends_per_second": round(len(counted) / _seconds(ends)),
        "from_facts_per_second": round(len(counted) / _seconds(anew)),
    }


def _matters() -> Iterator[tuple[Subject, list[Said]]]:
    chance = random.Random(4)  # noqa: S311  the same facts each time
    for place in range(MATTERS):
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 500_000))
        subject = Subject(
            id=uuid4(),
            county=COUNTY,
            centre=uuid4(),
            channel="petition",
            category="0703",
            track="petition",
            received_at=at,
            registered_at=at + timedelta(minutes=5),
        )
        assignment = uuid4()
        told = [("dispatched", 1.0, ""), ("checked_in", 2.0, "")]
        if place % 5 == 0:
            told += [("paused", 3.0, "petition.resolve"), ("resumed", 9.0, "petition.resolve")]
        yield (
            subject,
            [_said(kind, at + timedelta(days=days), limit, assignment) for kind, days, limit in told],
        )


def _said(kind: str, at: datetime, limit: str, assignment: UUID) -> Said:
    return Said(
        key=uuid4(),
        kind=kind,
        at=at,
        limit=limit,
        assignment=assignment,
        department=assignment,
        department_kind="labour",
        part="lead",
    )


def _sweeping(owner: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    with psycopg.connect(owner, autocommit=True) as connection, _laid(connection):
        # What the played county has due is not what is measured.
        sweeping.sweep()
        connection.execute(LAY, {"yellow": now + timedelta(days=365), "n": OPEN, "county": COUNTY})
        connection.execute("VACUUM ANALYZE clocks_clock")
        told: dict[str, Any] = {"open": OPEN, "none_due_ms": round(_median(sweeping.sweep), 2), "due": {}}
        for due in DUE:
            connection.execute(LAY, {"yellow": now - timedelta(days=1), "n": due, "county": COUNTY})
            begun = time.perf_counter()
            reached = sweeping.sweep()
            taken = time.perf_counter() - begun
            assert reached == due, f"{reached} of {due} were told"
            told["due"][due] = {"ms": round(taken * 1000), "each_ms": round(taken * 1000 / due, 3)}
        return told


@contextmanager
def _laid(connection: psycopg.Connection) -> Iterator[None]:
    for statement in CLEAR:
        connection.execute(statement)
    try:
        yield
    finally:
        # The references to what goes are all among what goes.
        connection.execute("SET session_replication_role = replica")
        for statement in CLEAR:
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE clocks_clock")


def _rules() -> float:
    """Risk and track of a matter by the shipped tables, and the limits that run on it with their ends."""
    calendar = shipped()
    subject, said = next(_matters())
    risk, track = table_of(TableKind.RISK), table_of(TableKind.TRACK)
    facts = {
        "claims": ["resolve"],
        "against": "none",
        "running": [],
        "used": [],
        "petition_final": False,
        "category": "0703",
        "scale": "1",
        "people": 12,
        "amount": 120000.0,
        "danger": "none",
        "reports": 1,
        "risk": "low",
        "days_to_harm": None,
        "needs_care": False,
        "public_place": False,
    }
    assert risk.ask(facts).row and track.ask(facts).row

    def evaluate() -> None:
        risk.ask(facts)
        track.ask(facts)
        for course in courses(subject, said, in_force):
            values_of(subject, course, calendar)

    return round(_median(evaluate), 3)


def _seconds(act: Callable[[], Any]) -> float:
    act()
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _median(act: Callable[[], Any]) -> float:
    for _ in range(3):
        act()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000
