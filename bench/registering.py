"""Registration: the whole of it in this process, beside the bare inserts of the same rows by the driver (the limit)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection, transaction

from fengqiao.accounts.models import Person
from fengqiao.flows.registering import at_the_window
from fengqiao.kernel import clock
from fengqiao.matters.enums import Channel, ClaimKind, IdentityKind
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of

ROUNDS = 150


class _Undo(Exception):
    """Leaves a transaction whose statements were only to be read."""


def measure(owner: str) -> dict[str, Any]:
    """Milliseconds (median) and how many statements, through the flow and as bare inserts."""
    registrar = Person.objects.get(username="registrar")
    stationing = Stationing.objects.select_related("person", "post", "post__centre", "post__department")
    actor = actor_of(stationing.get(person=registrar))

    def register() -> None:
        at_the_window(actor=actor, new=_new(), form_token=uuid4())

    register()
    statements, inserts = _statements(register)
    with psycopg.connect(owner, autocommit=True) as limit, limit.cursor() as cursor:
        # The very rows of one registration, again and again under ids of their own, one transaction each.
        cursor.execute("SET session_replication_role = replica")
        bare = _timed(lambda: _bare(limit, inserts))
    # After the bare rows: they hold the places in the chains that were next when they were read.
    flow = _timed(register)
    return {
        "flow_ms": flow,
        "flow_per_second": round(1000 / flow, 1),
        "statements": statements,
        "bare_ms": bare,
        "bare_statements": len(inserts),
        "times_the_limit": round(flow / bare, 2),
    }


def _new() -> NewMatter:
    return NewMatter(
        title="拖欠装修工钱",
        received_at=clock.now(),
        channel=Channel.VISIT,
        account="工程完工三个月，装修公司仍欠工钱一万二千元。",
        category="0201",
        claims=(NewClaim(ClaimKind.RESOLVE, "要求支付工钱"),),
        parties=(
            NewParty(name="陈某", identity_kind=IdentityKind.RESIDENT_ID, identity="440785193001010014",
                     phones=("13800000000",)),
        ),
    )  # fmt: skip


def _statements(register: Callable[[], None]) -> tuple[int, list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        text = (
            statement if isinstance(statement, str) else statement.as_string(context["connection"].connection)
        )
        if "SAVEPOINT" not in text:
            # The savepoints are this measuring's own: alone, the flow opens a transaction.
            seen.append((text, values))
        return execute(statement, values, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(note):
            register()
            raise _Undo
    except _Undo:
        pass
    return len(seen), [each for each in seen if each[0].startswith("INSERT INTO")]


def _bare(limit: psycopg.Connection, inserts: list[tuple[str, Any]]) -> None:
    """One registration's inserts, rolled back at the end as a commit's cost is the disk's alone.

    The ids of the rows stand in the statements, so that they cannot be committed twice.
    """
    with limit.transaction(force_rollback=True), limit.cursor() as cursor:
        for statement, values in inserts:
            cursor.execute(statement, values)


def _timed(act: Callable[[], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 3)
