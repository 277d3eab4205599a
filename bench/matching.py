"""Whom a matter could be given to: one centre with 3,100 mediators in its register, the first twenty with reasons.

They are copies of one mediator of the demo's county, each knowing one kind of dispute; they are removed again.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import psycopg

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediators.queries.fitting import fitting
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of

COUNTY = "440785"
MEDIATORS = 3_100
ROUNDS = 40
LANGUAGE = "siyi"
LAY = (
    "CREATE TEMP TABLE bench_mediator AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, %(n)s) n",
    "INSERT INTO accounts_person SELECT (jsonb_populate_record(p, jsonb_build_object("
    "'id', b.id, 'username', 'bench-' || b.n, 'name', '调解员' || b.n))).* "
    "FROM accounts_person p, bench_mediator b WHERE p.id = %(person)s",
    "INSERT INTO places_stationing SELECT (jsonb_populate_record(s, jsonb_build_object("
    "'id', gen_random_uuid(), 'person_id', b.id))).* FROM places_stationing s, bench_mediator b WHERE s.id = %(held)s",
    "INSERT INTO mediators_mediator (id, county, person_id, post_id, fields, languages, places, certificate, "
    "valid_from, entered_by_id, entered_at) SELECT gen_random_uuid(), %(county)s, b.id, %(post)s, "
    "jsonb_build_array(lpad((b.n % 16 + 1)::text, 2, '0')), "
    "CASE WHEN b.n % 3 = 0 THEN jsonb_build_array(%(language)s::text) ELSE '[]' END, '[]', '', "
    "'2020-01-01', %(person)s, now() FROM bench_mediator b",
)
CLEAR = (
    "DELETE FROM mediators_mediator WHERE person_id IN (SELECT id FROM bench_mediator)",
    "DELETE FROM places_stationing WHERE person_id IN (SELECT id FROM bench_mediator)",
    "DELETE FROM accounts_person WHERE id IN (SELECT id FROM bench_mediator)",
)


def measure(superuser: str) -> dict[str, Any]:
    """Median milliseconds of one question about one matter, and among how many mediators it chose."""
    held = (
        Stationing.objects.filter(post__role=Role.MEDIATOR, valid_until=None, post__centre__isnull=False)
        .filter(post__division_id=f"{COUNTY}000000")
        .select_related("person", "post", "post__centre", "post__department")
        .first()
    )
    assert held is not None, "the demo's county has no mediator"
    values = {
        "n": MEDIATORS,
        "person": held.person_id,
        "held": held.pk,
        "post": held.post_id,
        "county": COUNTY,
        "language": LANGUAGE,
    }
    with psycopg.connect(superuser, autocommit=True) as connection:
        try:
            for statement in LAY:
                connection.execute(statement.replace("b.n % ", "b.n %% "), values)
            connection.execute("ANALYZE mediators_mediator, places_stationing, accounts_person")
            return {"ms": _asked(held), "mediators": MEDIATORS}
        finally:
            connection.execute("SET session_replication_role = replica")
            for statement in CLEAR:
                connection.execute(statement)


def _asked(held: Stationing) -> float:
    took = []
    with scope(actor_of(held)) as actor:
        matter = (
            Matter.objects.visible_to(actor)
            .filter(holder_id=actor.centre_id)
            .exclude(category="")
            .order_by("-registered_at")
            .first()
        )
        assert matter is not None, "the demo's centre holds no matter"
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            found = fitting(matter, clock.today(), language=LANGUAGE)
            took.append((time.perf_counter() - begun) * 1000)
        assert len(found) == 20
    return round(statistics.median(took), 1)
